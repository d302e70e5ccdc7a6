"""Read an answer to a reminder that came by mail: whose it is, which reminder it answers, and whether it says yes or no.

Only a clear yes or no counts: whoever writes "I am on leave" has not taken the case. A machine's answer counts for nothing.
"""

import re
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from letters import compose
from letters.compose.reminder_answers import Outcome
from models.base import ActorId, IncidentId
from models.errors import StepOutOfOrder
from models.mail import Incoming
from models.recipient import Dispatch
from services.ports.world import World
from services.post.post import Outgoing, deliver, mail_of
from services.reminding.acknowledge import acknowledge, pass_on

_TOKEN = re.compile(r"\b(inc-\d{4}-\d{4,})\.([a-z2-7]{26})\b", re.IGNORECASE)
_QUOTING = ("In-Reply-To", "References", "Subject", "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_YES = re.compile(r"(?:ja|ok|okej|jag tar|tar det|kvitterar)\b\D{0,20}(\d{1,2})?\b", re.IGNORECASE)
_NO = re.compile(r"(?:nej|jag kan inte|kan inte|jag kan ej|kan ej)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:inte|ej|nej|semester|ledig|sjuk)\b", re.IGNORECASE)


class Said(StrEnum):
    """What an answer says."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class Answer(NamedTuple):
    """Who answered which case, and what."""

    incident: IncidentId
    person: ActorId
    said: Said
    hours: int | None = None


async def read_reminder_answer(message: Incoming, now: datetime, world: World) -> bool:
    """Record the answer to a reminder and tell whoever gave it what followed; False for any other message.

    What is neither yes nor no is answered with a question, and left for a person to read. Safe to run again.
    """
    quoted = _quoted(message)
    person = quoted and _reminded(quoted, message, world)
    if quoted is None or person is None:
        return False
    if _is_automatic(message):
        return True
    answer = Answer(quoted[0], person, *said(message.text))
    outcome, until = _outcome(answer, message, now, world)
    await _tell(answer, outcome, until, message, now, world)
    return outcome != "unclear"


def said(text: str) -> tuple[Said, int | None]:
    """Return what the first line that somebody wrote says, and for how many hours."""
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith(">")), "")
    if _NO.match(first):
        return Said.NO, None
    yes = _YES.match(first)
    if yes is None or _NOT.search(first):
        return Said.UNCLEAR, None
    return Said.YES, int(yes[1]) if yes[1] and int(yes[1]) else None


def _quoted(message: Incoming) -> tuple[IncidentId, str] | None:
    """Return the case and the token of the reminder that the message quotes, in a header or the address it was sent to."""
    headers = " ".join(str(value) for name in _QUOTING for value in message.message.get_all(name, []))
    found = _TOKEN.search(headers)
    return (found[1].upper(), found[2].lower()) if found else None


def _reminded(quoted: tuple[IncidentId, str], message: Incoming, world: World) -> ActorId | None:
    """Return who got that very reminder, if the message comes from their address in the register."""
    incident_id, token = quoted
    people = {row.entry.person for row in world.ledger.rows(incident_id) if f".{token}@" in row.message_id}
    return next((one for one in people if world.register.person(one).email.lower() == message.sender), None)


def _is_automatic(message: Incoming) -> bool:
    """Tell whether a machine wrote it (RFC 3834): an answer from somebody's holiday is no answer."""
    headers = message.message
    sent_by_one = str(headers.get("Auto-Submitted", "no")).lower().partition(";")[0].strip() != "no"
    precedence = str(headers.get("Precedence", "")).lower() in ("bulk", "auto_reply", "junk")
    return sent_by_one or precedence or "X-Autoreply" in headers or "X-Autorespond" in headers


def _outcome(answer: Answer, message: Incoming, now: datetime, world: World) -> tuple[Outcome, datetime | None]:
    """Record the answer, and return what came of it and, if it holds, until when."""
    at = min(message.arrived_at, now)
    try:
        if answer.said is Said.YES:
            given = acknowledge(
                answer.incident, hours=answer.hours, answered_at=at, by=answer.person, now=now, world=world
            )
            return "taken", given.until
        if answer.said is Said.NO:
            pass_on(answer.incident, answered_at=at, by=answer.person, now=now, world=world)
            return "passed_on", None
    except StepOutOfOrder:
        return "settled", None
    return "unclear", None


async def _tell(  # noqa: PLR0917 - private, and read once
    answer: Answer, outcome: Outcome, until: datetime | None, message: Incoming, now: datetime, world: World
) -> None:
    """Tell whoever answered, once for each answer. A mail server that is busy is tried again with the message."""
    letter = compose.answer_received(
        incident=answer.incident, outcome=outcome, until=until, hours=world.policy.acknowledgement.hours
    )
    mail = mail_of(
        letter,
        to=world.register.person(answer.person).email,
        sender_name="Timglas",
        reply_to=world.reply_to or world.sender,
        incident=answer.incident,
        now=now,
        world=world,
    )
    dispatch = Dispatch(communication=f"{answer.incident}/answer", recipient=answer.person, letter_sha256=message.key)
    await deliver([Outgoing(dispatch, mail)], now=now, world=world)
