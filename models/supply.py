"""Where each controller of a processor's incident stands, and what a processor told us: the chain, folded together."""

from collections.abc import Iterator
from datetime import datetime

from models.base import Value
from models.duty import Period
from models.supply_events import (
    ControllerChased,
    ControllerInformed,
    NoticeAnswered,
    NoticeConfirmed,
    NoticeReceived,
    NoticesApproved,
    NoticesPrepared,
    SliceEstablished,
    Supplied,
    TierTimeStated,
)


class Supply(Value):
    """The chain as far as it is recorded. Two with equal events are equal.

    ``basis`` are the slices that the newest bundle was written from, ``told`` the slice behind what each controller was
    told last, None where nothing was known of it alone.
    """

    slices: dict[str, SliceEstablished] = {}
    windows: dict[str, Period] = {}
    times: tuple[TierTimeStated, ...] = ()
    prepared: NoticesPrepared | None = None
    basis: dict[str, SliceEstablished] = {}
    approved: NoticesApproved | None = None
    informed: tuple[ControllerInformed, ...] = ()
    told: dict[str, SliceEstablished | None] = {}
    chased: tuple[ControllerChased, ...] = ()
    answers: tuple[NoticeAnswered, ...] = ()
    received: tuple[NoticeReceived, ...] = ()
    confirmed: tuple[NoticeConfirmed, ...] = ()

    @property
    def first_told(self) -> dict[str, datetime]:
        """When each controller was first told, by its id."""
        return {informed.controller: informed.occurred_at for informed in reversed(self.informed)}

    @property
    def last_told(self) -> dict[str, ControllerInformed]:
        """The newest notice to each controller, by its id."""
        return {informed.controller: informed for informed in self.informed}

    @property
    def answered(self) -> dict[str, NoticeAnswered]:
        """The answer of each controller to the newest version it has answered, by its id."""
        return {answer.controller: answer for answer in sorted(self.answers, key=lambda one: one.version)}

    @property
    def silent(self) -> dict[str, ControllerInformed]:
        """The newest notice of each controller that has not confirmed it, by its id."""
        answered = self.answered
        return {
            controller: informed
            for controller, informed in self.last_told.items()
            if controller not in answered or answered[controller].version < informed.version
        }

    @property
    def is_waiting(self) -> bool:
        """Whether notices are prepared that nobody has released."""
        return self.prepared is not None and (self.approved is None or self.approved.sha256 != self.prepared.sha256)

    @property
    def is_sending(self) -> bool:
        """Whether notices are released and not every one of them has reached its controller."""
        prepared, approved = self.prepared, self.approved
        if prepared is None or approved is None or self.is_waiting:
            return False
        return sum(informed.recorded_at >= approved.recorded_at for informed in self.informed) < prepared.notices

    def needs(self, controller: str) -> bool:
        """Tell whether ``controller`` must be told: always, unless it turned out in time that none of it is in it."""
        return controller not in self.slices or not self.slices[controller].unaffected or controller in self.told

    @property
    def first_arrival(self) -> NoticeReceived | None:
        """The notice that arrived first, whenever it was taken in."""
        return min(self.received, key=lambda one: one.occurred_at, default=None)

    def arrivals(self, sender: str, reference: str) -> Iterator[NoticeReceived]:
        """Yield the notices that ``sender`` sent under its ``reference``, in the order they were taken in."""
        return (one for one in self.received if (one.sender, one.reference) == (sender, reference))


def evolve_supply(supply: Supply, event: Supplied) -> Supply:
    """Return ``supply`` as it is once ``event`` is known."""
    return supply.model_copy(update=_changes(supply, event))


def _changes(supply: Supply, event: Supplied) -> dict[str, object]:  # noqa: PLR0911 - one arm a word
    match event:
        case TierTimeStated():
            return {"times": (*supply.times, event)}
        case SliceEstablished():
            return _sliced(supply, event)
        case NoticesPrepared():
            return {"prepared": event, "basis": supply.slices}
        case NoticesApproved():
            return {"approved": event}
        case ControllerInformed():
            basis = supply.basis if supply.prepared else supply.slices
            told = {**supply.told, event.controller: basis.get(event.controller)}
            return {"informed": (*supply.informed, event), "told": told}
        case ControllerChased():
            return {"chased": (*supply.chased, event)}
        case NoticeAnswered():
            return {"answers": (*supply.answers, event)}
        case NoticeReceived():
            return {"received": (*supply.received, event)}
    return {"confirmed": (*supply.confirmed, event)}


def _sliced(supply: Supply, event: SliceEstablished) -> dict[str, object]:
    """A later statement about a controller adds to the earlier one, or replaces it field by field."""
    before = supply.slices.get(event.controller)
    if before is not None:
        products = event.products or before.products
        event = event.model_copy(update={"facts": before.facts.learn(event.facts), "products": products})
    window = {event.controller: event.notice_within} if event.notice_within else {}
    return {"slices": {**supply.slices, event.controller: event}, "windows": {**window, **supply.windows}}
