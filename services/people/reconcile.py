"""Find where each person ended: reached, told by the notice, not to be written to, or unreachable. Exactly one each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from models.recipient import Channel, DeliveryState
from models.route import Route, Way

States = Mapping[tuple[str, Channel], DeliveryState]
"""What became of each envelope, by its key and channel."""


class Pending(StrEnum):
    """What is no end yet: something still waits to be sent, or nobody knows whether it arrived."""

    WAITING = "waiting"
    UNCERTAIN = "uncertain"


def ends(routes: Iterable[Route], states: States) -> Counter[Way | Pending]:
    """Count the people by where each of them stands."""
    return Counter(end_of(route, states) for route in routes)


def end_of(route: Route, states: States) -> Way | Pending:
    """Return where one person stands. A child is reached when nothing waits and one guardian has the letter."""
    if not route.envelopes:
        return route.way
    seen = {states.get((envelope.key, envelope.channel)) for envelope in route.envelopes}
    if not seen <= {DeliveryState.SENT, DeliveryState.UNCERTAIN}:
        return Pending.WAITING
    return route.way if DeliveryState.SENT in seen else Pending.UNCERTAIN
