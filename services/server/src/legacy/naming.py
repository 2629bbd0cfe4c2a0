"""Names as Rails has them, and as Django has them: https://guides.rubyonrails.org/active_record_basics.html"""

import re

IRREGULAR = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "mice": "mouse", "aliases": "alias",
    "statuses": "status",
    "movies": "movie", "news": "news", "series": "series", "species": "species", "data": "data",
}  # fmt: skip
# The first that fits.
ENDINGS = [(r"ies$", "y"), (r"(ss|sh|ch|x|z)es$", r"\1"), (r"(?<!s)s$", "")]


def singular(word: str) -> str:
    """The name of one of many, by the rules of English that Rails knows best."""
    first, mark, last = word.rpartition("_")
    if last in IRREGULAR:
        return f"{first}{mark}{IRREGULAR[last]}"
    ending, one = next(((ending, one) for ending, one in ENDINGS if re.search(ending, word)), ("$", ""))
    return re.sub(ending, one, word, count=1)


def model_name(table: str) -> str:
    """`comic_publishers` as `ComicPublisher`."""
    return "".join(word.capitalize() for word in re.split(r"\W|_", singular(table)))
