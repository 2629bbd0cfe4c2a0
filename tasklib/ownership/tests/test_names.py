"""Names that an application cannot have, each with its reason."""

import pytest

from tasklib.ownership.names import class_name, faults

REFUSED = {
    "capitals": ("Order", "a-z, 0-9 and single _ between them - perhaps: inv new-app order"),
    "camel case": ("orderItem", "perhaps: inv new-app order_item"),
    "dash": ("order-item", "perhaps: inv new-app order_item"),
    "blank": ("order item", "perhaps: inv new-app order_item"),
    "leading digit": ("2order", "perhaps: inv new-app order"),
    "leading underscore": ("_order", "perhaps: inv new-app order"),
    "trailing underscore": ("order_", "perhaps: inv new-app order"),
    "two underscores": ("order__item", "perhaps: inv new-app order_item"),
    "dot": ("shop.order", "perhaps: inv new-app shop_order"),
    "path": ("../order", "perhaps: inv new-app order"),
    "empty": ("", "choose another one"),
    "umlaut": ("bestellübersicht", "choose another one"),
    "other digits": ("order٣", "choose another one"),
    "newline": ("order\n", "perhaps: inv new-app order"),
    "long": ("o" * 41, "it has 41 characters - choose one of at most 40"),
    "keyword": ("class", "a word of Python's grammar"),
    "soft keyword": ("match", "a word of Python's grammar"),
    "builtin": ("filter", "a builtin of Python"),
    "standard library": ("calendar", "a module of Python's standard library"),
}


@pytest.mark.parametrize(("name", "reason"), REFUSED.values(), ids=REFUSED)
def test_name_is_refused_in_one_line(name, reason):
    (fault,) = faults(name)
    assert reason in fault


@pytest.mark.parametrize("name", ["order", "order_item", "order2", "o", "o" * 40])
def test_name_is_fine(name):
    assert list(faults(name)) == []


def test_class_has_the_words_of_the_name():
    assert class_name("order_item2") == "OrderItem2"
