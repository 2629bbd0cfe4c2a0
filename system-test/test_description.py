"""The description is one that other tools can read."""

import re2


def patterns(value):
    """Yield every regular expression of the description."""
    if isinstance(value, dict):
        if isinstance(value.get("pattern"), str):
            yield value["pattern"]
        value = list(value.values())
    for child in value if isinstance(value, list) else []:
        yield from patterns(child)


def test_every_pattern_is_one_of_re2(description):
    compiled = [re2.compile(pattern) for pattern in patterns(description.document)]
    assert compiled
