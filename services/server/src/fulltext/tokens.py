r"""Search for words of any language, as they stand in a text.

The function `search_tokens` of the database (fulltext/migrations) splits a text. A token is a word or one character: of
punctuation, a symbol, or a script that does not separate words (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese,
Tibetan). The database's own text search folds the case of ASCII alone in a cluster with the C locale, and drops or
rewrites punctuation.
- Case: `lower(upper())` with the builtin collation pg_c_utf8, five times as fast as ICU's. It makes the Greek final
  sigma the other one, and the Turkish dotless and dotted I an `i`. The German ß becomes `ss`.
- NFKC makes one form of composed and decomposed letters, of full and half width, and a blank of every space.
An index on the expression makes a search fast: GinIndex(Tokens("text"), name=...).
"""

import re
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.lookups import DataContains
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

TERM = re.compile(r'(?P<without>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')


class Tokens(Func):
    """The tokens of a text, in order."""

    function = "search_tokens"
    arity = 1
    output_field = ArrayField(TextField())


class Joined(Func):
    """The tokens of a text in one string, each between two blanks."""

    function = "array_to_string"
    template = "' ' || %(function)s(%(expressions)s, ' ') || ' '"
    arity = 1
    output_field = TextField()


def matching(column, query):
    """The condition that a column has what a query names.

    The query as it stands, or all of its words; `"a b"` is a phrase, `or` separates alternatives, and `-` excludes what
    follows, where another word is searched for.
    """
    alternatives = [group for group in groups(query) if not all(term["without"] for term in group)]
    conditions = [has_all(column, group) for group in alternatives]
    # Words alone say the same.
    return conditions[0] if is_plain(query) else reduce(or_, conditions, has_phrase(column, query))


def is_plain(query):
    """Whether a query has words alone: no phrase, no alternative and nothing to exclude."""
    return all(term["word"] and not term["without"] and term[0].casefold() != "or" for term in TERM.finditer(query))


def groups(query):
    """The terms of each alternative."""
    found: list[list[re.Match]] = [[]]
    for term in TERM.finditer(query):
        if term[0].casefold() == "or":
            found.append([])
        elif term["phrase"] != "":
            found[-1].append(term)
    return found


def has_all(column, terms):
    """The condition that a column has each term, and none of those to exclude."""
    conditions = [(has_phrase(column, term["phrase"] or term["word"]), term["without"]) for term in terms]
    return reduce(and_, [~condition if without else condition for condition, without in conditions])


def has_phrase(column, text):
    """The condition that a column has the tokens of a text, side by side."""
    own, others = Tokens(F(column)), Tokens(Value(text))
    contains = Q(DataContains(own, others))
    # An ASCII word is one token.
    if text.isascii() and text.isalnum():
        return contains
    return contains & Q(GreaterThan(StrIndex(Joined(own), Joined(others)), 0))
