"""What a new notice does to the one before it: narrows it, widens it, takes it back, or only goes on. Pure."""

from datetime import date

from models.facts import Facts, Quantity
from models.supply import Supply
from models.supply_events import NoticeKind, SliceEstablished

_GROUPS = ("data_categories", "data_subject_categories")


def kind_of(controller: str, supply: Supply) -> NoticeKind:
    """Return the kind of the next notice to ``controller``. What is wider in one respect is wider: nobody is lulled."""
    if controller not in supply.told:
        return NoticeKind.FIRST
    was, now = supply.told[controller], supply.slices.get(controller)
    if now is not None and now.unaffected:
        return NoticeKind.WITHDRAWN
    if was is not None and was.unaffected:
        return NoticeKind.WIDENED
    earlier, later = _own(was), _own(now)
    if _reaches_beyond(later, earlier):
        return NoticeKind.WIDENED
    return NoticeKind.NARROWED if _reaches_beyond(earlier, later) else NoticeKind.UPDATE


def _own(known: SliceEstablished | None) -> Facts:
    return known.facts if known else Facts()


def _reaches_beyond(one: Facts, other: Facts) -> bool:
    """Tell whether ``one`` covers more than ``other`` in any respect that both state."""
    return any(
        (
            _earlier(one.window_from, other.window_from),
            _earlier(other.window_until, one.window_until),
            _more(one.n_subjects, other.n_subjects),
            _more(one.n_records, other.n_records),
            *(_has_more(getattr(one, name), getattr(other, name)) for name in _GROUPS),
        )
    )


def _has_more(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> bool:
    return one is not None and other is not None and not set(one) <= set(other)


def _earlier(first: date | None, second: date | None) -> bool:
    return first is not None and second is not None and first < second


def _more(one: Quantity | None, other: Quantity | None) -> bool:
    if one is None or other is None:
        return False
    return _top(one) > _top(other)


def _top(quantity: Quantity) -> float:
    return float("inf") if quantity.at_most is None else quantity.at_most
