"""One case as Markdown, for the people who work on it: what is known and since when, what is not, advice, next step."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from letters.chain_times import chain_times
from letters.chronicle import heading, who
from letters.citations import cited
from letters.duty_stands import left_to_tell, stands
from letters.language import (
    LANGUAGE,
    capital,
    counted,
    fact,
    facts_label,
    label,
    moment,
    named,
    number,
    say,
    slug,
    spoken,
    stamp,
    word,
)
from letters.markdown import Markdown, markdown, plain
from letters.senders import deadline_name, full_name
from models.base import ActorId
from models.breach_events import FactCorrected, FactsEstablished, RiskAssessed
from models.delivery import Doubt
from models.disputed import disputed
from models.duty import Duty, DutyStatus, Untold
from models.errors import N_
from models.events import Event
from models.facts import Facts
from models.incident import Incident
from models.letter import Block, Heading, Letter
from models.parties import Register

TEMPLATES = Path(__file__).parent.parent / "templates" / LANGUAGE / "_case"


_AT_MOST = 20
"""So many uncertain messages stand above the form; a server that was gone for long leaves more than anybody reads there."""


class CaseFile(NamedTuple):
    """A case as its page shows it. ``missing`` are keys of particulars the notification still lacks."""

    incident: Incident
    history: tuple[Event, ...]
    duties: tuple[Duty, ...]
    missing: tuple[str, ...]
    register: Register


class Link(NamedTuple):
    """A run of Prefect's own that a page leads to."""

    name: str
    run: str


def case_page(file: CaseFile, *, steps: Iterable[Link], limits: Mapping[str, str]) -> str:
    """Return the page of a case. ``steps`` are the decisions that wait, ``limits`` the run of each provision's limit."""
    owed = [duty for duty in file.duties if duty.status in (DutyStatus.OWED, DutyStatus.ORDERED)]
    return page_template("page.md").render(
        **_told(file),
        steps=tuple(steps),
        owed={duty.provision for duty in owed},
        drafted=set(file.incident.drafts),
        duties=[_duty(duty, limits, file.register) for duty in file.duties],
        timeline=list(_timeline(file)),
    )


def question_page(
    file: CaseFile,
    *,
    kind: str,
    whose: Iterable[ActorId],
    before: Facts | None = None,
    text: Letter | None = None,
    remarks: Iterable[str] = (),
    refused: str | None = None,
    code_sent: bool = False,
    asked: str = "",
    doubts: Sequence[Doubt] = (),
) -> str:
    """Return what stands above the form of one decision.

    ``before`` is what was known when it was last asked, ``text`` waits for approval, ``remarks`` say what to look at in it,
    ``refused`` why the last answer was not taken, ``asked`` what the authority asks, ``doubts`` which messages may be there.
    """
    incident = file.incident
    trigger = incident.reopened_by.trigger if incident.reopened_by else None
    return page_template("question.md").render(
        **_told(file),
        kind=kind,
        whose=[file.register.person(actor).title for actor in whose],
        changed=list(_changed(before, incident.facts)) if before else [],
        trigger=capital(word(trigger)) if trigger else None,
        blocks=list(markdown(_whole(text))) if text else [],
        subject=text.subject if text else "",
        remarks=list(remarks),
        refused=refused,
        code_sent=code_sent,
        asked=asked,
        found=_people(incident.found.recipients) if incident.found else "",
        doubts=[(one.dispatch.recipient, moment(one.sent_at), _as_it_is(one.message_id)) for one in doubts[:_AT_MOST]],
        more=number(len(doubts) - _AT_MOST) if len(doubts) > _AT_MOST else "",
    )


def _as_it_is(ours: str) -> Markdown:
    """Return a word of our own making as code, so that it can be copied."""
    return Markdown(f"`{ours}`")


def _changed(before: Facts, now: Facts) -> Iterator[tuple[str, str, str]]:
    """Yield each fact that differs: its label, what was known, and what is."""
    unknown = say(N_("not known"))
    for name in before.differing(now):
        yield facts_label(name), fact(name, before) or unknown, fact(name, now) or unknown


def reasons(advice: RiskAssessed) -> str:
    """Return why the advice says what it says, as running text."""
    return " ".join(f"{say(reason.text)} ({cited(reason.citation)})" for reason in advice.because)


def _told(file: CaseFile) -> dict[str, object]:
    """What both pages say of the case."""
    incident = file.incident
    decision, filing = incident.decision, incident.filings[-1] if incident.filings else None
    return {
        "incident": incident.id,
        "party": full_name(file.register.party(incident.party)),
        "processor": incident.owed_as == "processor",
        "classified": incident.is_classified,
        "summary": incident.report.summary if incident.report else "",
        "source": incident.report.source if incident.report else "",
        "reported": moment(incident.report.occurred_at) if incident.report else None,
        "ruled_out": incident.ruled_out.reasoning if incident.ruled_out else None,
        "aware": moment(incident.aware_at) if incident.aware_at else None,
        "decision": label(decision.level) if decision else None,
        "decided": f"{who(decision, file.register)}, {moment(decision.occurred_at)}" if decision else None,
        "reopened": incident.reopened_by is not None,
        "filed": moment(incident.filings[0].occurred_at) if filing else None,
        "complete": incident.complete_at is not None and not incident.untold,
        "diary_number": incident.diary_number,
        "sending": incident.is_sending,
        "halted": f"{who(incident.halted, file.register)}, {moment(incident.halted.occurred_at)}"
        if incident.halted
        else None,
        "uncertain": _messages(incident.uncertain) if incident.uncertain else "",
        "told": moment(incident.told[-1].occurred_at) if incident.told else None,
        "untold": incident.untold_people is not None,
        "returned": left_to_tell(Untold(returned=incident.returned)),
        "unreachable": _people((incident.untold_people or Untold()).unreachable),
        "unposted": number(incident.unposted) if incident.unposted else None,
        "published": moment(incident.notices[-1].occurred_at) if incident.notices else None,
        "closed": moment(incident.closed.occurred_at) if incident.closed else None,
        "known": list(_known(file)),
        "unknown": [facts_label(name) for name in incident.advice.unknown] if incident.advice else [],
        "missing": [capital(named("particular", key)) for key in file.missing],
        **_from_the_chain(incident),
        "advice": label(incident.advice.level) if incident.advice else None,
        "because": [(say(why.text), cited(why.citation)) for why in incident.advice.because] if incident.advice else [],
    }


def _from_the_chain(incident: Incident) -> dict[str, object]:
    """What suppliers say, where it differs, and when it came."""
    return {
        "disputed": [
            (facts_label(one.field), fact(one.field, incident.facts), one.sender, fact(one.field, one.stated))
            for one in disputed(incident)
        ],
        "chain": chain_times(incident.supply),
        "overtaken": _overtaken(incident),
    }


def _overtaken(incident: Incident) -> str | None:
    """Return when a notice arrived that is older than the awareness on record; None if all is in order."""
    first = incident.supply.first_arrival
    if first is None or incident.aware_at is None or first.occurred_at >= incident.aware_at:
        return None
    return moment(first.occurred_at)


def _people(count: int) -> str:
    return counted("{number} person", "{number} people", count).format(number=number(count)) if count else ""


def _messages(count: int) -> str:
    return counted("{number} message", "{number} messages", count).format(number=number(count))


def _known(file: CaseFile) -> Iterator[tuple[str, str, str]]:
    """Yield each fact that stands: its label, its value, and since when it has been known."""
    stated = [event for event in file.history if isinstance(event, FactsEstablished | FactCorrected)]
    for name, value in file.incident.facts.known().items():
        since = next(event.occurred_at for event in reversed(stated) if getattr(event.facts, name) is not None)
        yield facts_label(name), capital(spoken(value)), stamp(since)


def _timeline(file: CaseFile) -> Iterator[tuple[str, str, str]]:
    """Yield a line per event: when, what, who. What was done many times at once is one line."""
    lines = ((stamp(event.recorded_at), heading(event), who(event, file.register)) for event in file.history)
    for (at, what, actor), same in groupby(lines):
        count = len(list(same))
        yield at, what if count == 1 else say(N_("{what}, {count} times"), what=what, count=count), actor


def _duty(duty: Duty, limits: Mapping[str, str], register: Register) -> tuple[str, str, str, str | None]:
    due = moment(duty.due_at) if duty.due_at else ""
    return deadline_name(duty, register), stands(duty), due, limits.get(duty.key)


def _whole(letter: Letter) -> Iterator[Block]:
    """Yield the blocks of a letter and of its variants, each under a heading that says to whom."""
    yield from letter.blocks
    for variant in letter.variants:
        yield Heading(text=say(N_("To {audience}:"), audience=variant.audience))
        yield from variant.blocks


@cache
def _environment() -> Environment:
    environment = Environment(  # noqa: S701 - what comes out is Markdown, and every value is escaped for it
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        finalize=plain,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["markdown"], environment.filters["slug"] = Markdown, slug
    return environment


def page_template(name: str) -> Template:
    """Return a page of Markdown to fill in; every value is escaped for it."""
    return _environment().get_template(name)
