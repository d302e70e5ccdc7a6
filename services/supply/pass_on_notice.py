"""A supplier's mail that a person passes on to Timglas, or types in: it opens the case or goes into it, and is kept."""

import hashlib
import re
from datetime import datetime

from letters import compose
from letters.language import say
from models.base import ActorId, IncidentId, in_letters
from models.breach_events import FactsEstablished
from models.errors import N_
from models.facts import Facts
from models.letter import Letter
from models.mail import Incoming
from models.parties import Controller, Person, Register
from models.recipient import Dispatch
from models.supply_events import NoticeReceived
from services.case.report_breach import report_breach
from services.ports.world import World
from services.post.post import Outgoing, deliver, mail_of
from services.record import read_open, require_past, write_down
from services.supply.receive_notice import FOLDER

_INTO = re.compile(r"^\s*till ärende:\s*(INC-\d{4}-\d{4,})\b", re.IGNORECASE | re.MULTILINE)
_TO = re.compile(r"^\s*till:\s*([a-z0-9-]+)", re.IGNORECASE | re.MULTILINE)
_WHOSE = "whose"
_PASSED_ON = re.compile(r"^\s*(?:vb|vs|fw|fwd|wg|tr)\s*:", re.IGNORECASE)
"""How mail programs mark what is passed on, in the languages of the neighbourhood."""


def note_notice(
    controller: str,
    *,
    sender: str,
    reference: str,
    arrived_at: datetime,
    facts: Facts = Facts(),  # noqa: B008 - a frozen value
    next_update_at: datetime | None = None,
    into: IncidentId | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> IncidentId:
    """Write down a notice that a person vouches for, with the ``facts`` it states, and return its case.

    Nothing but the person says that it is genuine. The same sender and reference again go into the same case.
    """
    require_past(arrived_at, now)
    content = facts.model_dump_json(exclude_none=True)
    digest = hashlib.sha256(f"{sender}\n{reference}\n{content}".encode()).hexdigest()
    incident_id = into or _opened(controller, sender, reference, arrived_at, by, now, world)
    case = read_open(incident_id, world.timeline)
    earlier = [*case.incident.supply.arrivals(sender, reference)]
    if any(one.sha256 == digest and one.occurred_at <= arrived_at for one in earlier):
        return incident_id
    stamp = {"occurred_at": arrived_at, "recorded_at": now, "recorded_by": by}
    received = NoticeReceived.model_validate(
        {
            **stamp,
            "sender": sender,
            "reference": reference,
            "version": len(earlier) + 1,
            "sha256": digest,
            "next_update_at": next_update_at,
            "facts": facts,
            "counted": tuple(facts.known()),
        }
    )
    told = Facts(processor=sender).learn(facts)
    source = say(N_("Notice from {sender}, {reference}"), sender=sender, reference=reference)
    write_down(case, received, FactsEstablished.model_validate({**stamp, "facts": told, "source": source}), world=world)
    return incident_id


async def read_passed_on(message: Incoming, now: datetime, world: World) -> bool:
    """Take in a supplier's mail that a person of the register passes on, answer that person, and tell whether it is one.

    It opens a case for the controller the person works for; where that is several, the one named on a line
    "Till: id", or in the text. If that is none or several, the person is asked, and nothing is opened.
    """
    person = _person(message.sender, world.register)
    if person is None or not _is_passed_on(message):
        return False
    arrived_at = min(message.arrived_at, now)
    concerned = _concerned(message, person, world.register)
    if not concerned:
        theirs = _theirs(person, world.register)
        await _answer(
            compose.notice_whose(controllers=theirs, arrived_at=arrived_at), _WHOSE, person, message, now, world
        )
        return True
    for controller in concerned:
        incident_id, opened = _taken_in(message, controller, person, arrived_at, now, world)
        letter = compose.notice_passed_on(
            incident=incident_id, controller=controller, opened=opened, arrived_at=arrived_at
        )
        await _answer(letter, incident_id, person, message, now, world)
    return True


def _opened(  # noqa: PLR0917 - private, and read once
    controller: str, sender: str, reference: str, arrived_at: datetime, by: ActorId, now: datetime, world: World
) -> IncidentId:
    return report_breach(
        controller,
        family=f"{sender}/{reference}",
        summary=say(N_("{sender} reports a personal data breach, {reference}."), sender=sender, reference=reference),
        source=say(N_("Notice under Article 33(2) from {sender}"), sender=sender),
        reported_at=arrived_at,
        by=by,
        now=now,
        world=world,
    )


def _taken_in(  # noqa: PLR0917 - private, and read once
    message: Incoming, controller: Controller, person: Person, arrived_at: datetime, now: datetime, world: World
) -> tuple[IncidentId, bool]:
    """Keep the mail in the case it names, or in one that it opens; its own words go into no timeline."""
    known = _named_case(message, controller, world)
    incident_id = known or report_breach(
        controller.id,
        family=f"passed-on/{in_letters(message.key[:16])}",
        summary=say(N_("A supplier's notice was passed on by mail. Read it in the archive and state what it says.")),
        source=say(N_("Mail passed on by {title}"), title=person.title),
        reported_at=arrived_at,
        by=person.id,
        now=now,
        world=world,
    )
    world.archive.keep(incident_id, f"{FOLDER}/{message.key[:16]}.eml", message.content)
    case = read_open(incident_id, world.timeline)
    event = NoticeReceived(
        sender=say(N_("Passed on by {title}"), title=person.title),
        reference=in_letters(message.key[:16]),
        sha256=message.key,
        occurred_at=arrived_at,
        recorded_at=now,
        recorded_by=person.id,
    )
    if all(one.sha256 != message.key for one in case.incident.supply.received):
        write_down(case, event, world=world)
    return incident_id, known is None


def _named_case(message: Incoming, controller: Controller, world: World) -> IncidentId | None:
    """Return the case that the person named on a line of its own. The supplier's own numbers look the same."""
    own = set(world.timeline.of_party(controller.id))
    return next((case for case in map(str.upper, _INTO.findall(message.text)) if case in own), None)


def _person(address: str, register: Register) -> Person | None:
    return next((one for one in register.people if one.email.lower() == address and not one.left), None)


def _is_passed_on(message: Incoming) -> bool:
    enclosed = any(part.get_content_type() == "message/rfc822" for part in message.message.walk())
    return enclosed or bool(_PASSED_ON.match(str(message.message["Subject"] or "")) or _TO.search(message.text))


def _theirs(person: Person, register: Register) -> tuple[Controller, ...]:
    return tuple(one for one in register.controllers if not one.ended and one.bears(person.id))


def _concerned(message: Incoming, person: Person, register: Register) -> tuple[Controller, ...]:
    theirs, text = _theirs(person, register), message.text
    named = {name.lower() for name in _TO.findall(text)}
    if named:
        return tuple(one for one in theirs if one.id in named)
    mentioned = tuple(one for one in theirs if one.name.casefold() in text.casefold())
    return theirs if len(theirs) == 1 else mentioned if len(mentioned) == 1 else ()


async def _answer(  # noqa: PLR0917 - private, and read once
    letter: Letter, about: str, person: Person, message: Incoming, now: datetime, world: World
) -> None:
    dispatch = Dispatch(
        communication=f"passed-on/{message.key}/{about}", recipient=person.id, letter_sha256=message.key
    )
    mail = mail_of(
        letter,
        to=person.email,
        sender_name="Timglas",
        reply_to=world.sender,
        incident=about if about != _WHOSE else None,
        now=now,
        world=world,
    )
    await deliver([Outgoing(dispatch, mail)], now=now, world=world)
