"""Which form of an answer a client gets."""

from rest_framework.negotiation import DefaultContentNegotiation

PROBLEM, JSON = "application/problem+json", "application/json"


class ContentNegotiation(DefaultContentNegotiation):
    """Takes a client that accepts problems for one that accepts JSON.

    A client that is made from the description accepts what it lists, and of an operation that answers no body it lists
    problems alone.
    """

    def get_accept_list(self, request):
        accepted = super().get_accept_list(request)
        return [*accepted, JSON] if PROBLEM in accepted else accepted
