"""The duties beside the GDPR and their clocks: other laws, other authorities, often from other starting points."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from law.clock import limit, readings
from law.statute import DatedValue
from law.statute_book import LawInForce
from models.duty import Counted, Duty, DutyStatus, Period


def parallel_duties(provisions: Iterable[str], law: LawInForce, happened: Mapping[str, datetime]) -> tuple[Duty, ...]:
    """Return the duties under ``provisions`` that have arisen, each with its time limit and recipient.

    ``happened`` holds instants by name: ``awareness``, ``classification`` (DORA), and, for each report already made,
    its provision. A report counted from another one (the final report, a month after the filing) arises with it. Where
    two limits run, the earlier one stands. Provisions of the GDPR are left to ``law.duties``.
    """
    beside = (provision for provision in provisions if law.statute(provision).regime is not None)
    return tuple(duty for provision in beside if (duty := _duty(provision, law, happened)) is not None)


def _duty(provision: str, law: LawInForce, happened: Mapping[str, datetime]) -> Duty | None:
    values = ((name, law.value(provision, name)) for name in law.statute(provision).values)
    begun = [(happened[value.counted_from], name, value) for name, value in values if value.counted_from in happened]
    if not begun:
        return None
    done_at = happened.get(provision)
    limits = [_counted(provision, *one) for one in begun if one[2].amount is not None]
    counted = min(limits, key=_due_at, default=None)
    return Duty(
        provision=provision,
        owed_to=law.recipient(provision),
        status=DutyStatus.OWED if done_at is None else DutyStatus.FULFILLED,
        since=min(start for start, _, _ in begun),
        due_at=counted and _due_at(counted),
        operate_at=counted and _operate_at(counted),
        fulfilled_at=done_at,
        secrecy=law.statute(provision).secrecy,
        counted=counted,
    )


def _counted(provision: str, start: datetime, name: str, value: DatedValue) -> Counted:
    period = Period.model_validate({"amount": value.amount, "unit": value.unit})
    return Counted(start=start, period=period, provision=provision, name=name)


def _due_at(counted: Counted) -> datetime:
    return limit(counted.start, counted.period)


def _operate_at(counted: Counted) -> datetime:
    by_the_hour = counted.period.unit == "hours"
    return readings(counted.start, counted.period).operate if by_the_hour else _due_at(counted)
