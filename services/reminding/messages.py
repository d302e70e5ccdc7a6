"""What one person is told about one case in one message: the most urgent deadline in full, the others in a line each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from letters import calendar, compose
from letters.compose import Around
from models.base import ActorId, IncidentId
from models.duty import Duty, DutyStatus
from models.incident import Incident
from models.letter import Letter
from models.mail import Attachment, Mail
from models.overview import OpenDeadline
from models.parties import Party
from models.recipient import DeliveryState
from models.reminder import SETTLED, STARTS, Entry, LedgerRow, PlannedDeadline, StepClaim
from services.ports.world import World
from services.post.post import mail_of
from services.reminding.line import DueStep
from services.reminding.plan import Running
from services.reminding.surroundings import surroundings

_SENT = (DeliveryState.SENT, DeliveryState.UNCERTAIN)


class Message(NamedTuple):
    """One message, and the rows of the ledger that it covers."""

    claims: tuple[StepClaim, ...]
    mail: Mail

    @property
    def entries(self) -> frozenset[Entry]:
        """The keys of those rows."""
        return frozenset(claim.entry for claim in self.claims)

    @property
    def incident(self) -> IncidentId:
        """The case it is about."""
        return self.claims[0].entry.incident


@dataclass(frozen=True)
class Scribe:
    """Writes what people are told of one incident at ``now``."""

    incident: Incident
    now: datetime
    world: World
    _entries: dict[tuple[str, bool], bytes] = field(default_factory=dict)

    def reminder(self, person: ActorId, due: Sequence[DueStep], told: set[tuple[str, str]]) -> Message:
        """Return what reminds ``person`` of every step in ``due``; ``told`` is each (deadline, step) sent to anybody."""
        runs = sorted({one.run.duty.key: one.run for one in due}.values(), key=_urgency)
        first = [one for one in due if one.run.duty.key == runs[0].duty.key]
        also = tuple(run.duty for run in runs[1:])
        around = surroundings(first, also, told, self.incident, self.now, self.world)
        files = [
            self._file(run.duty, person)
            for run in runs
            if run.duty.due_at and run.duty.due_at > self.now and run.duty.status is not DutyStatus.UNDECIDED
        ]
        steps = {one.entry(self.incident.id): one.step.at for one in due}
        return self._message(person, steps, self._letter(runs[0], first, around), files)

    def settled(self, deadlines: Iterable[Duty], rows: Iterable[LedgerRow]) -> Iterator[Message]:
        """Yield, for everybody who was told of a time limit that has ended, the message that it has, once."""
        duties = {duty.key: duty for duty in deadlines}
        for person, steps in _to_be_told(self.incident, rows).items():
            plans = self.incident.plans
            ended = tuple(_ended(duties.get(entry.deadline), plans[entry.deadline][-1]) for entry in steps)
            letter = compose.deadline_settled(
                incident=self.incident, duties=ended, controller=self._party, register=self.world.register
            )
            files = [self._file(duty, person, settled=True) for duty in ended]
            yield self._message(person, steps, letter, files)

    @property
    def _party(self) -> Party:
        return self.world.register.party(self.incident.party)

    def _letter(self, run: Running, due: Sequence[DueStep], around: Around) -> Letter:
        duty, register = run.duty, self.world.register
        matter = compose.Matter(self.incident, duty, self._party, register, self.now, around)
        if duty.due_at is None or duty.status is DutyStatus.UNDECIDED:
            return compose.decision_reminder(matter)
        # What is filed in that very minute is in time, but no reminder comes before it is over.
        if duty.due_at <= self.now:
            return compose.deadline_passed(matter)
        newest = max(due, key=lambda one: one.step.at)
        if newest.step.name.endswith(f" {STARTS}"):
            return compose.deadline_started(matter, moved_from=_moved_from(run, self.incident))
        return compose.deadline_reminder(matter)

    def _message(
        self, person: ActorId, steps: dict[Entry, datetime], letter: Letter, files: Sequence[Attachment]
    ) -> Message:
        message_id = self.world.ledger.message_id(steps)
        mail = mail_of(
            letter,
            to=self.world.register.person(person).email,
            sender_name="Timglas",
            reply_to=reply_address(message_id, self.world.reply_to) or self._party.email,
            incident=self.incident.id,
            now=self.now,
            world=self.world,
        )
        claims = tuple(StepClaim(entry, at, message_id) for entry, at in steps.items())
        return Message(claims, mail.model_copy(update={"message_id": message_id, "attachments": tuple(files)}))

    def _file(self, duty: Duty, person: ActorId, *, settled: bool = False) -> Attachment:
        incident, to = self.incident, self.world.register.person(person).email
        entry = self._entry(duty, settled=settled)
        method, content = (
            ("CANCEL", calendar.cancellation(entry, to=to))
            if settled
            else ("REQUEST", calendar.invitation(entry, to=to))
        )
        return Attachment(
            name=f"{incident.id.lower()}-{duty.provision.replace('.', '-')}.ics",
            media_type=f"text/calendar; method={method}; charset=utf-8",
            content=content,
        )

    def _entry(self, duty: Duty, *, settled: bool) -> bytes:
        """Return what stands in everybody's calendar file, made once."""
        made = self._entries.get((duty.key, settled))
        if made is None:
            incident = self.incident
            version = len(incident.plans[duty.key]) - 1
            deadline = OpenDeadline(incident=incident.id, party=incident.party, duty=duty, version=version)
            envelope = calendar.Envelope(self.world.register, self.world.sender, self.world.ui, self.now)
            made = self._entries[duty.key, settled] = calendar.entry(deadline, envelope, settled=settled)
        return made


def reply_address(message_id: str, mailbox: str | None) -> str | None:
    """Return where an answer to just this message goes; None where there is no ``mailbox`` that we read."""
    if mailbox is None:
        return None
    name, _, domain = mailbox.rpartition("@")
    return f"{name}+{message_id.strip('<>').partition('@')[0]}@{domain}"


def _urgency(run: Running) -> tuple[bool, datetime]:
    return run.duty.due_at is None, run.duty.due_at or run.duty.since


def _moved_from(run: Running, incident: Incident) -> datetime | None:
    """Return the time limit that people were told of before this one; None if it has not moved while it ran."""
    *earlier, _ = incident.plans[run.duty.key]
    told = {step for sent in incident.reminders for step in sent.steps}
    for one in reversed(earlier):
        if one.plan is None or one.due_at == run.duty.due_at:
            return None
        if one.due_at and f"{one.deadline} {one.due_at:%Y-%m-%dT%H:%MZ} {STARTS}" in told:
            return one.due_at
    return None


def _to_be_told(incident: Incident, rows: Iterable[LedgerRow]) -> dict[ActorId, dict[Entry, datetime]]:
    """Return who was reminded of a time limit that has ended since, and is not told so yet."""
    ended = {key: plans[-1] for key, plans in incident.plans.items() if plans[-1].plan is None and plans[-1].due_at}
    known = {row.entry: row.state for row in rows}
    found: dict[ActorId, dict[Entry, datetime]] = {}
    for entry in sorted(entry for entry, state in known.items() if entry.deadline in ended and state in _SENT):
        one = ended[entry.deadline]
        done = entry._replace(step=f"{entry.deadline} {one.due_at:%Y-%m-%dT%H:%MZ} {SETTLED} {one.at:%Y-%m-%dT%H:%MZ}")
        if known.get(done, DeliveryState.DEFERRED) is DeliveryState.DEFERRED:
            found.setdefault(entry.person, {})[done] = one.at
    return found


def _ended(duty: Duty | None, planned: PlannedDeadline) -> Duty:
    """Return the duty as it ended, with the time limit that people were told of, also where it has no number any more."""
    if duty is None:
        return _gone(planned)
    return duty if duty.due_at is not None else duty.model_copy(update={"due_at": planned.due_at})


def _gone(planned: PlannedDeadline) -> Duty:
    """Return a deadline that is no longer there at all: it applies no more."""
    provision, _, about = planned.deadline.partition("/")
    moments = {"since": planned.since, "due_at": planned.due_at}
    return Duty.model_validate(
        {"provision": provision, "about": about, "owed_to": "", "status": DutyStatus.NOT_REQUIRED, **moments}
    )
