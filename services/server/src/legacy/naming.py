"""Table names of Rails and model names of Django: https://guides.rubyonrails.org/active_record_basics.html"""

import re

IRREGULAR = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "mice": "mouse", "aliases": "alias",
    "statuses": "status",
    "movies": "movie", "news": "news", "series": "series", "species": "species", "data": "data",
}  # fmt: skip
# The first match wins.
ENDINGS = [(r"ies$", "y"), (r"(ss|sh|ch|x|z)es$", r"\1"), (r"(?<!s)s$", "")]


def singular(word: str) -> str:
    """The singular of an English plural, by the rules of Rails."""
    prefix, underscore, last = word.rpartition("_")
    if last in IRREGULAR:
        return f"{prefix}{underscore}{IRREGULAR[last]}"
    ending, replacement = next((rule for rule in ENDINGS if re.search(rule[0], word)), ("$", ""))
    return re.sub(ending, replacement, word, count=1)


def model_name(table: str) -> str:
    """The name of a table's model: `ComicPublisher` for `comic_publishers`."""
    return "".join(word.capitalize() for word in re.split(r"\W|_", singular(table)))
