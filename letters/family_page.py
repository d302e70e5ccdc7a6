"""One happening with many controllers on one page: what all know once, what each has done by when, what differs and why."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from letters.case_page import page_template
from letters.duty_stands import left_to_tell
from letters.language import capital, day, fact, facts_label, label, say, stamp
from models.duty import Duty
from models.errors import N_
from models.facts import Facts
from models.incident import Incident
from models.supply import Supply
from models.told import letters_left_at


class Member(NamedTuple):
    """One party of the family under its full name; a controller that has no case here has no ``incident`` either.

    ``supplier`` is how the chain stands in the case of a processor of the same family, if that is kept here too.
    """

    party: str
    name: str
    incident: Incident | None
    duties: tuple[Duty, ...] = ()
    supplier: Supply | None = None

    @property
    def decides(self) -> Incident | None:
        """The case in which a controller decides for itself; None of a processor, and of what may not be kept here."""
        own = self.incident
        return own if own is not None and own.owed_as == "controller" and not own.is_classified else None

    @property
    def told_at(self) -> datetime | None:
        """When the processor's notice reached it, by its own record, or was sent, by the processor's."""
        arrived = self.incident.supply.first_arrival if self.incident else None
        sent = self.supplier.first_told.get(self.party) if self.supplier else None
        return arrived.occurred_at if arrived else sent

    @property
    def acknowledged_at(self) -> datetime | None:
        """When it confirmed the newest notice, by the processor's record or its own."""
        answer = self.supplier.answered.get(self.party) if self.supplier else None
        if answer is not None and self.supplier is not None:
            return None if self.party in self.supplier.silent else answer.occurred_at
        own = self.incident.supply.confirmed if self.incident else ()
        return own[-1].occurred_at if own else None

    def duty(self, provision: str) -> Duty | None:
        """Return what it is obliged to under ``provision``; of several the one that counts now."""
        return next((one for one in reversed(self.duties) if one.provision == provision), None)


class Row(NamedTuple):
    """Where one party stands, each cell in words; empty where there is nothing to say."""

    incident: str
    party: str
    told: str
    acknowledged: str
    aware: str
    notify_by: str
    decided: str
    notified: str
    informed: str


class Take(NamedTuple):
    """One of several answers to the same question: who gave it, and the reasons on record, each with whose they are."""

    answer: str
    parties: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...] = ()


class Difference(NamedTuple):
    """A question that the family has answered in more than one way. That may be right: each decides for itself."""

    question: str
    takes: tuple[Take, ...]


class FamilyView(NamedTuple):
    """The whole family in words. ``common`` are the facts that everybody has, each once."""

    family: str
    rows: tuple[Row, ...]
    common: tuple[tuple[str, str], ...]
    decisions: tuple[Difference, ...]
    facts: tuple[Difference, ...]


def family_view(family: str, members: Sequence[Member]) -> FamilyView:
    """Return what there is to say of ``family``; its ``members`` come in the order they are to be shown."""
    deciding = [one for one in members if one.decides is not None]
    return FamilyView(
        family=family,
        rows=tuple(map(_row, members)),
        common=tuple(_common(deciding)),
        decisions=tuple(found for ask in (_risk, _notified, _informed) if (found := _differing(*ask(deciding)))),
        facts=tuple(_disagreeing(deciding)),
    )


def family_page(view: FamilyView) -> str:
    """Return the page as Markdown."""
    return page_template("family.md").render(view=view)


def _row(one: Member) -> Row:
    own, notify = one.incident, one.duty("gdpr.33.1")
    decides = one.decides
    return Row(
        incident=own.id if own else "",
        party=one.name,
        told=_when(one.told_at),
        acknowledged=_when(one.acknowledged_at),
        aware=_when(own.aware_at) if own else "",
        notify_by=stamp(notify.due_at) if notify and notify.due_at else "",
        decided=_level(decides) if decides else "",
        notified=_filed(decides) if decides else "",
        informed=_people_told(decides) if decides else "",
    )


def _when(instant: datetime | None) -> str:
    return stamp(instant) if instant else ""


def _level(own: Incident) -> str:
    if own.decision is not None:
        return label(own.decision.level)
    return say(N_("To be assessed again")) if own.decisions else say(N_("Not assessed"))


def _filed(own: Incident) -> str:
    return stamp(own.filings[0].occurred_at) if own.filings else ""


def _people_told(own: Incident) -> str:
    told = [*filter(None, [letters_left_at(own)]), *(notice.occurred_at for notice in own.notices)]
    since, left = stamp(min(told)) if told else "", left_to_tell(own.untold_people)
    return ", ".join(filter(None, (since, left))) or _ordered(own)


def _ordered(own: Incident) -> str:
    """Return what the authority has decided about telling the people (Article 34(4)); empty if it has decided nothing."""
    if own.order is None:
        return ""
    if own.order.communicate_by is not None:
        return say(N_("Ordered by {day}"), day=day(own.order.communicate_by))
    return say(N_("Excused by the authority"))


_Asked = tuple[str, Sequence[Member], Callable[[Incident], str], Callable[[Incident], str]]


def _risk(members: Sequence[Member]) -> _Asked:
    return say(N_("Decided risk")), members, _level, _why_the_risk


def _why_the_risk(own: Incident) -> str:
    return own.decisions[-1].reasoning if own.decisions else ""


def _notified(members: Sequence[Member]) -> _Asked:
    return say(N_("The notification to the authority")), members, _whether_filed, _why_filed


def _whether_filed(own: Incident) -> str:
    return say(N_("Is notified")) if own.filings else say(N_("Is not notified"))


def _why_filed(own: Incident) -> str:
    if own.filings:
        return own.delay.reasons if own.delay else ""
    return _why_the_risk(own)


def _informed(members: Sequence[Member]) -> _Asked:
    return say(N_("Information to the people concerned")), members, _how_told, _why_told


def _how_told(own: Incident) -> str:
    if own.told:
        return say(N_("By letter"))
    return say(N_("By a public notice")) if own.notices else _ordered(own) or say(N_("Not informed"))


def _why_told(own: Incident) -> str:
    if own.order is not None and not own.told and not own.notices:
        return say(N_("The authority's decision {reference}"), reference=own.order.reference)
    return own.exceptions[-1].reasoning if own.exceptions else "" if own.told else _why_the_risk(own)


def _differing(
    question: str, members: Sequence[Member], answer: Callable[[Incident], str], reason: Callable[[Incident], str]
) -> Difference | None:
    """Return who answered what and why; None while all answer alike."""
    groups: dict[str, list[Member]] = {}
    for one in members:
        if one.decides is not None:
            groups.setdefault(answer(one.decides), []).append(one)
    if len(groups) < 2:
        return None
    takes = (
        Take(
            said,
            tuple(one.name for one in who),
            tuple((one.name, why) for one in who if one.decides is not None and (why := reason(one.decides))),
        )
        for said, who in groups.items()
    )
    return Difference(question, tuple(takes))


def _common(members: Sequence[Member]) -> Iterator[tuple[str, str]]:
    """Yield each fact that everybody has on record and has alike."""
    for name in Facts.model_fields:
        said = {fact(name, one.decides.facts) for one in members if one.decides is not None}
        if len(said) == 1 and (value := said.pop()) is not None:
            yield facts_label(name), capital(value)


def _disagreeing(members: Sequence[Member]) -> Iterator[Difference]:
    """Yield each fact that not everybody has, or not alike."""
    for name in Facts.model_fields:
        groups: dict[str, list[str]] = {}
        for one in members:
            if one.decides is not None:
                groups.setdefault(fact(name, one.decides.facts) or say(N_("not known")), []).append(one.name)
        if len(groups) > 1:
            yield Difference(facts_label(name), tuple(Take(capital(said), tuple(who)) for said, who in groups.items()))
