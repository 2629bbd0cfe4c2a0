"""Which form of an answer a client gets."""

import re
from collections.abc import Iterable, Iterator

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation

PROBLEM, JSON = "application/problem+json", "application/json"
WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


class ContentNegotiation(DefaultContentNegotiation):
    """Honours the weights of `Accept` (RFC 9110, 12.4.2), which REST framework does not read.

    Takes a client that accepts problems for one that accepts JSON: a client that is made from the description accepts
    what it lists, and of an operation that answers no body it lists problems alone.
    """

    def select_renderer(self, request, renderers, format_suffix=None):
        """The renderer with the highest weight, the first one of equals, and its media type without parameters."""
        if format_suffix:
            renderers = self.filter_renderers(renderers, format_suffix)
        accepted = [*weighted(self.get_accept_list(request) or ["*/*"])]
        accepted += [(JSON, weight) for name, weight in accepted if name == PROBLEM]
        best = max(renderers, key=lambda renderer: weight_of(renderer.media_type, accepted))
        if not weight_of(best.media_type, accepted):
            raise NotAcceptable(available_renderers=renderers)
        return best, best.media_type


def weighted(items: Iterable[str]) -> Iterator[tuple[str, float]]:
    """Yield the lower-case name and the weight of each item of an Accept header; a malformed weight is none at all."""
    for item in items:
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        given = [value.strip() for key, _, value in (part.partition("=") for part in parameters) if key.strip() == "q"]
        if all(WEIGHT.fullmatch(value) for value in given):
            yield name, float(given[0]) if given else 1.0


def weight_of(media_type: str, accepted: Iterable[tuple[str, float]]) -> float:
    """The weight of a media type by the most specific range that it is in; 0 where it is in none.

    Parameters of ranges are not compared: there is one representation of each type.
    """
    ranges = [media_type, f"{media_type.partition('/')[0]}/*", "*/*"]
    weights = [[weight for name, weight in accepted if name == range_] for range_ in ranges]
    return next((max(group) for group in weights if group), 0.0)
