"""The duties beside the GDPR and their clocks: other laws, other authorities, often from other starting points."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from law.clock import limit, readings
from law.statute import DatedValue
from law.statute_book import LawInForce
from models.duty import Duty, DutyStatus, Period


def parallel_duties(provisions: Iterable[str], law: LawInForce, happened: Mapping[str, datetime]) -> tuple[Duty, ...]:
    """Return the duties under ``provisions`` that have arisen, each with its time limit and recipient.

    ``happened`` holds instants by name: ``awareness``, ``classification`` (DORA), and, for each report already made,
    its provision. A report counted from another one (the final report, a month after the filing) arises with it. Where
    two limits run, the earlier one stands. Provisions of the GDPR are left to ``law.duties``.
    """
    beside = (provision for provision in provisions if law.statute(provision).regime is not None)
    return tuple(duty for provision in beside if (duty := _duty(provision, law, happened)) is not None)


def _duty(provision: str, law: LawInForce, happened: Mapping[str, datetime]) -> Duty | None:
    values = (law.value(provision, name) for name in law.statute(provision).values)
    begun = [(happened[value.counted_from], value) for value in values if value.counted_from in happened]
    if not begun:
        return None
    done_at = happened.get(provision)
    due_at, operate_at = min(filter(None, (_limits(start, value) for start, value in begun)), default=(None, None))
    return Duty(
        provision=provision,
        owed_to=law.recipient(provision),
        status=DutyStatus.OWED if done_at is None else DutyStatus.FULFILLED,
        since=min(start for start, _ in begun),
        due_at=due_at,
        operate_at=operate_at,
        fulfilled_at=done_at,
        secrecy=law.statute(provision).secrecy,
    )


def _limits(start: datetime, value: DatedValue) -> tuple[datetime, datetime] | None:
    if value.amount is None or value.unit is None:
        return None
    period = Period(amount=value.amount, unit=value.unit)
    due_at = limit(start, period)
    return due_at, readings(start, period).operate if value.unit == "hours" else due_at
