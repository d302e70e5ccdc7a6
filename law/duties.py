"""What a breach obliges, paragraph by paragraph, in the order of the law. A duty that is lifted still exists, with its ground."""

from collections.abc import Callable
from datetime import datetime

from law.clock import deadline, end_of_day, last_minute, readings
from law.exceptions import shortfall
from law.statute_book import LawInForce
from models.breach import PersonalDataBreach
from models.breach_events import Risk
from models.duty import Counted, Duty, DutyStatus, Ground, Period
from models.errors import N_, StatuteError

type_of_rule = Callable[[PersonalDataBreach, LawInForce], Duty | None]


def art33_1_notify_the_supervisory_authority(breach: PersonalDataBreach, law: LawInForce) -> Duty | None:
    """Within 72 hours of awareness the controller notifies, unless the breach is unlikely to result in a risk.

    The default is to notify: while nobody has decided, the duty is owed and its clock runs. Only a named person's
    decision, with reasons, makes it not required (recital 85: the burden of proof is the controller's).
    """
    if breach.owed_as != "controller":
        return None
    limit = notification_limit(law)
    lifted = breach.risk in below(law.text("gdpr.33.1", "threshold")) and breach.filed_at is None
    return Duty(
        provision="gdpr.33.1",
        owed_to="supervisory_authority",
        status=_status(fulfilled=breach.filed_at is not None, not_required=lifted),
        since=breach.clock_at,
        due_at=deadline(breach.clock_at, limit),
        operate_at=readings(breach.clock_at, limit).operate,
        fulfilled_at=breach.filed_at,
        ground=breach.risk_ground if lifted else None,
        counted=Counted(start=breach.clock_at, period=limit, provision="gdpr.33.1"),
    )


def art33_2_notify_the_controller(breach: PersonalDataBreach, law: LawInForce) -> Duty | None:
    """The processor tells every controller without undue delay; no risk lifts it, and no number limits it."""
    if breach.owed_as != "processor":
        return None
    return _without_number("gdpr.33.2", "controller", breach, law, fulfilled_at=breach.controllers_informed_at)


def art33_4_supplement_in_phases(breach: PersonalDataBreach, law: LawInForce) -> Duty | None:
    """What was missing in the first notification follows without undue further delay.

    The law sets no number. The authority decides on what it has after four weeks from the first filing (se.imy,
    practice), so that day is the time limit here. New facts re-open what was complete; if the four weeks have passed
    by then, no number is left. A withdrawal settles it for as long as no risk is likely.
    """
    if breach.owed_as != "controller" or breach.filed_at is None:
        return None
    name = "supplement_within"
    practice = law.period("se.imy", name)
    counted = practice and Counted(start=breach.filed_at, period=practice, provision="se.imy", name=name)
    due_at = end_of_day(breach.filed_at, practice) if practice else None
    since = breach.reopened_at or breach.filed_at
    ahead = due_at is not None and since <= due_at
    withdrawn = breach.withdrawn is not None and breach.risk in below(law.text("gdpr.33.1", "threshold"))
    return Duty(
        provision="gdpr.33.4",
        owed_to="supervisory_authority",
        status=_status(fulfilled=breach.filed_complete, not_required=withdrawn),
        since=since,
        due_at=due_at if ahead else None,
        operate_at=deadline(breach.filed_at, practice) if ahead and practice else None,
        fulfilled_at=breach.completed_at if breach.filed_complete else None,
        ground=breach.withdrawn if withdrawn and not breach.filed_complete else None,
        counted=counted if ahead else None,
    )


def art33_5_document_every_breach(breach: PersonalDataBreach, law: LawInForce) -> Duty | None:
    """Facts, effects and remedial action are documented for every breach, also one that is not notified."""
    if breach.owed_as != "controller":
        return None
    return _without_number("gdpr.33.5", "supervisory_authority", breach, law, fulfilled_at=breach.documented_at)


def art34_1_communicate_to_the_data_subject(breach: PersonalDataBreach, law: LawInForce) -> Duty | None:
    """At a likely high risk the controller tells the people concerned without undue delay.

    34(3)(a) and (b) lift the duty, (a) only while the facts show it. 34(3)(c) changes its form: the public notice
    fulfils it. An order of the authority (34(4)) comes before all of that, and before any decision on the risk. In our
    reading a letter that is not posted tells nobody: it is fulfilled when the last has left. Whom none reaches is said beside it.
    """
    if breach.owed_as != "controller":
        return None
    if breach.order is not None and breach.order.communicate_by is not None:
        return _ordered(breach, breach.order.occurred_at, last_minute(breach.order.communicate_by), law)
    told_at = _told_at(breach)
    duty = _to_the_people(breach, law, told_at)
    return duty if told_at is not None else duty.model_copy(update=_untold(breach))


PROVISIONS: tuple[type_of_rule, ...] = (
    art33_1_notify_the_supervisory_authority,
    art33_2_notify_the_controller,
    art33_4_supplement_in_phases,
    art33_5_document_every_breach,
    art34_1_communicate_to_the_data_subject,
)
"""Every paragraph that creates a duty, in the order of the law; a test holds them against the statutes."""


def duties(breach: PersonalDataBreach, law: LawInForce) -> tuple[Duty, ...]:
    """Return every duty ``breach`` creates under ``law``, settled or not, in the order of the law.

    Where another law takes the place of Articles 33 and 34, each duty still open is not required, with that ground.
    What the authority has ordered stays ordered until it decides otherwise.
    """
    found = tuple(duty for rule in PROVISIONS if (duty := rule(breach, law)) is not None)
    if breach.set_aside is None:
        return found
    lifted = {"status": DutyStatus.NOT_REQUIRED, "ground": breach.set_aside}
    may_be_lifted = (DutyStatus.OWED, DutyStatus.UNDECIDED)
    return tuple(duty.model_copy(update=lifted) if duty.status in may_be_lifted else duty for duty in found)


def notification_limit(law: LawInForce) -> Period:
    """Return the time limit of the notification to the authority. Raises StatuteError if ``law`` has none."""
    limit = law.period("gdpr.33.1")
    if limit is None:
        raise StatuteError(
            N_("{provision} has no number."),
            why=N_("The notification to the authority has a time limit in hours."),
            remedy=N_("Mend the file of the provision in law/statutes."),
            provision="gdpr.33.1",
        )
    return limit


def below(threshold: str) -> tuple[Risk, ...]:
    """The levels of risk that do not reach ``threshold``."""
    levels = tuple(Risk)
    return levels[: levels.index(Risk(threshold))]


def _status(*, fulfilled: bool, not_required: bool) -> DutyStatus:
    if fulfilled:
        return DutyStatus.FULFILLED
    return DutyStatus.NOT_REQUIRED if not_required else DutyStatus.OWED


def _without_number(
    provision: str, owed_to: str, breach: PersonalDataBreach, law: LawInForce, *, fulfilled_at: object
) -> Duty:
    if law.period(provision) is not None:
        raise StatuteError(
            N_("{provision} has a number, but its duty is written for one without."),
            why=N_("A new time limit needs a new function beside the old one, not only a new value."),
            remedy=N_("Add the dated function to law/duties.py."),
            provision=provision,
        )
    status = DutyStatus.OWED if fulfilled_at is None else DutyStatus.FULFILLED
    return Duty.model_validate(
        {
            "provision": provision,
            "owed_to": owed_to,
            "status": status,
            "since": breach.aware_at,
            "fulfilled_at": fulfilled_at,
        }
    )


def _to_the_people(breach: PersonalDataBreach, law: LawInForce, told_at: datetime | None) -> Duty:
    duty = _without_number("gdpr.34.1", "data_subject", breach, law, fulfilled_at=told_at)
    return duty.model_copy(update={"untold": breach.untold})


def _untold(breach: PersonalDataBreach) -> dict[str, object]:
    """How it stands with the communication while nobody has been told."""
    if breach.risk is None:
        return {"status": DutyStatus.UNDECIDED, "since": breach.risk_at}
    if breach.risk in below("high"):
        return {"status": DutyStatus.NOT_REQUIRED, "ground": _as(breach.risk_ground, "gdpr.34.1")}
    lifted = _lifted(breach)
    return {"status": DutyStatus.EXCUSED, "ground": lifted} if lifted else {"since": breach.risk_at}


def _ordered(breach: PersonalDataBreach, ordered_at: datetime, due_at: datetime, law: LawInForce) -> Duty:
    """The authority's own time limit; only what was said after the order fulfils it, the first that was."""
    said = (*breach.communicated, *(breach.published if _by_notice(breach) else ()))
    told_at = min((at for at in said if at >= ordered_at), default=None)
    duty = _to_the_people(breach, law, told_at)
    status = DutyStatus.ORDERED if told_at is None else DutyStatus.FULFILLED
    return duty.model_copy(update={"status": status, "since": ordered_at, "due_at": due_at, "operate_at": due_at})


def _lifted(breach: PersonalDataBreach) -> Ground | None:
    """Return what excuses the communication: the authority's finding, or an exception that the facts still show."""
    order = breach.order
    if order is not None and order.condition_met in ("gdpr.34.3.a", "gdpr.34.3.b"):
        return Ground(provision=order.condition_met, because=order.reference, by=order.recorded_by)
    standing = (
        ground
        for ground in breach.exceptions
        if ground.provision in ("gdpr.34.3.a", "gdpr.34.3.b") and not shortfall(ground.provision, breach.facts)
    )
    return next(standing, None)


def _told_at(breach: PersonalDataBreach) -> datetime | None:
    return next(iter((*breach.communicated, *(breach.published if _by_notice(breach) else ()))), None)


def _by_notice(breach: PersonalDataBreach) -> bool:
    found = breach.order.condition_met if breach.order else None
    return found == "gdpr.34.3.c" or any(ground.provision == "gdpr.34.3.c" for ground in breach.exceptions)


def _as(ground: Ground | None, provision: str) -> Ground | None:
    return ground and ground.model_copy(update={"provision": provision})
