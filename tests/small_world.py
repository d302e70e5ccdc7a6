"""A world in memory, for tests that take thousands of steps: the same ports, with nothing behind them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from inspect import signature
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from adapters.files import read_policy, read_register
from adapters.paper.pdf import LetterPrinter
from adapters.paper.press import Press
from adapters.paper.print_room import PrintRoom
from adapters.signing import KeySigner
from adapters.web import HttpWeb
from law.statute_book import StatuteBook
from models.base import IncidentId
from models.breach_events import BreachReported
from models.chain import GENESIS, link
from models.confirmation import Verdict, digest_of
from models.delivery import Claim, Doubt, End, Pace
from models.duty import Duty
from models.errors import TimelineConflict, UnknownReference
from models.events import Event, from_json, to_json
from models.health import Beat
from models.incident import Incident
from models.instants import parse_local
from models.letter import Letter, Letterhead
from models.mail import Aside, Incoming, Mail
from models.overview import OpenDeadline
from models.parties import LoadedRegister, Register
from models.recipient import Channel, DeliveryState, Dispatch, Recipient
from models.reminder import Entry, LedgerRow, StepClaim
from models.replay import replay
from models.sheet import Batch, Frame, Place, Sheet, Untaken
from services.ports.world import World
from services.record import duties_of

ROOT = Path(__file__).parents[1]
BOOK = StatuteBook.load()
REGISTER = read_register(ROOT / "deployments" / "examples" / "parties.yaml")
POLICY = read_policy(ROOT / "deployments" / "policy.yaml")
BOARD, PROCESSOR = "kommunstyrelsen", "rekryteringssystem"
OFFICER, DELEGATE = "sara.exempel", "anna.exempel"
at = parse_local


class MemoryTimeline:
    """The record as lists of JSON texts, so that every event is written as it is stored and read back from that, once."""

    def __init__(self) -> None:
        self.stored: dict[str, list[str]] = {}
        self._events: dict[str, tuple[Event, ...]] = {}

    def next_id(self, year: int) -> IncidentId:
        return f"INC-{year}-{len(self.stored) + 1:04}"

    def find(self, family: str, party: str) -> IncidentId | None:
        return next((key for key, report in self._reports() if (report.family, report.party) == (family, party)), None)

    def read(self, incident_id: IncidentId) -> tuple[Event, ...]:
        if incident_id not in self.stored:
            raise UnknownReference("There is no {incident}.", why="No.", remedy="Look.", incident=incident_id)
        return self._events[incident_id]

    def histories(self) -> Iterator[tuple[Event, ...]]:
        yield from self._events.values()

    def append(self, incident_id: IncidentId, *, expected: int, events: Sequence[Event]) -> None:
        rows = self.stored.setdefault(incident_id, [])
        if len(rows) != expected:
            raise TimelineConflict("Somebody wrote first.", why="No.", remedy="Read again.")
        payloads = [to_json(event) for event in events]
        rows.extend(payloads)
        self._events[incident_id] = (*self._events.get(incident_id, ()), *map(from_json, payloads))

    def family(self, family: str) -> tuple[IncidentId, ...]:
        return tuple(key for key, report in self._reports() if report.family == family)

    def of_party(self, party: str) -> tuple[IncidentId, ...]:
        return tuple(key for key, report in self._reports() if report.party == party)

    def incidents(self) -> tuple[IncidentId, ...]:
        return tuple(self.stored)

    def released(self) -> tuple[IncidentId, ...]:
        return ()

    def due(self, now: datetime) -> tuple[IncidentId, ...]:
        return tuple(self.stored)

    def next_at(self) -> datetime | None:
        return None

    def look_again(self, looks: Any) -> None:
        list(looks)

    def look_at_all(self, now: datetime) -> None:
        return None

    def rows(self, incident_id: IncidentId) -> list[tuple[str, int, str, str]]:
        rows, head = [], GENESIS
        for sequence, payload in enumerate(self.stored[incident_id], start=1):
            head = link(head, incident_id, sequence, payload)
            rows.append((incident_id, sequence, payload, head))
        return rows

    def _reports(self) -> Iterator[tuple[str, BreachReported]]:
        for key, rows in self.stored.items():
            yield key, BreachReported.model_validate_json(rows[0])


class MemoryArchive:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}

    def keep(self, incident_id: IncidentId, name: str, content: bytes) -> str:
        if self.kept.setdefault((incident_id, name), content) != content:
            raise TimelineConflict("{name} differs.", why="No.", remedy="No.", name=name)
        return "0" * 64

    def read(self, incident_id: IncidentId, name: str) -> bytes:
        if (incident_id, name) not in self.kept:
            raise UnknownReference("There is no {name}.", why="No.", remedy="Look.", name=name)
        return self.kept[incident_id, name]

    def names(self, incident_id: IncidentId) -> tuple[str, ...]:
        return tuple(sorted(name for case, name in self.kept if case == incident_id))

    def seal(self, incident_id: IncidentId) -> str:
        return "0" * 64


class MemoryRecipients:
    def __init__(self) -> None:
        self.people: dict[str, dict[str, Recipient]] = {}

    def keep(self, communication: str, recipients: Any) -> int:
        self.people.setdefault(communication, {}).update({person.id: person for person in recipients})
        return self.count(communication)

    def namer(self, communication: str) -> Callable[[str], str]:
        return lambda identity: f"p{digest_of([communication, identity])[:20]}"

    def count(self, communication: str) -> int:
        return len(self.people.get(communication, {}))

    def fingerprint(self, communication: str) -> str:
        return digest_of([one.model_dump_json() for one in self.people.get(communication, {}).values()])

    def read(self, communication: str) -> Iterator[Recipient]:
        yield from self.people.get(communication, {}).values()

    def some(self, communication: str, ids: Collection[str]) -> list[Recipient]:
        return [person for key, person in self.people.get(communication, {}).items() if key in ids]

    def is_erased(self, communication: str) -> bool:
        return communication not in self.people

    def clear(self, communication: str) -> None:
        """Nothing is left of what was erased."""

    def erase(self, communication: str) -> int:
        return len(self.people.pop(communication, {}))


class MemoryOutbox:
    """Who was sent what, in the order of the line. Nothing is halted, nothing is put off."""

    def __init__(self) -> None:
        self.ends: dict[Dispatch, tuple[Channel, DeliveryState]] = {}

    def pace(self) -> Pace:
        return Pace(20.0)

    def queue(self, dispatches: Iterable[Dispatch], *, channel: Channel) -> None:
        for dispatch in dispatches:
            self.ends.setdefault(dispatch, (channel, DeliveryState.WAITING))

    def record(
        self,
        dispatches: Iterable[Dispatch],
        *,
        channel: Channel,
        now: datetime,
        state: DeliveryState = DeliveryState.SENT,
    ) -> None:
        for dispatch in dispatches:
            self.ends.setdefault(dispatch, (channel, state))

    def claim(
        self, communication: str, letter: str, *, limit: int, now: datetime, urgent: bool = False
    ) -> tuple[Claim, ...]:
        mine = [one for one in self._of(communication, letter) if self.ends[one][1] is DeliveryState.WAITING][:limit]
        for dispatch in mine:
            self.ends[dispatch] = (self.ends[dispatch][0], DeliveryState.CLAIMED)
        return tuple(Claim(one, self.message_id(one)) for one in mine)

    def settle(self, ends: Iterable[tuple[Dispatch, End]], *, now: datetime) -> None:
        for dispatch, end in ends:
            self.ends[dispatch] = (self.ends[dispatch][0], end.state)

    def expire(self, communication: str, *, now: datetime) -> None:
        return None

    def halt(self, communication: str) -> None:
        raise NotImplementedError

    def go_on(self, communication: str) -> None:
        raise NotImplementedError

    def last_claimed(self, communication: str) -> datetime | None:
        return None

    def opens_at(self, communication: str, letter: str, *, now: datetime, urgent: bool = False) -> datetime | None:
        waiting = any(self.ends[one][1] is DeliveryState.WAITING for one in self._of(communication, letter))
        return now if waiting else None

    def states(self, communication: str, letter_sha256: str) -> dict[tuple[str, Channel], DeliveryState]:
        mine = self._of(communication, letter_sha256)
        return {(one.recipient, self.ends[one][0]): self.ends[one][1] for one in mine}

    def message_id(self, dispatch: Dispatch) -> str:
        return f"<{digest_of(dispatch.model_dump())}@timglas.example>"

    def counts(self, communication: str, letter_sha256: str | None = None) -> dict[tuple[Channel, DeliveryState], int]:
        return Counter(
            end
            for dispatch, end in self.ends.items()
            if dispatch.communication == communication and letter_sha256 in (None, dispatch.letter_sha256)
        )

    def failed(self, communication: str, letter_sha256: str | None = None) -> dict[tuple[str, Channel], DeliveryState]:
        return {}

    def uncertain(self, communication: str) -> tuple[Doubt, ...]:
        return ()

    def find(self, token: str) -> Dispatch | None:
        return None

    def _of(self, communication: str, letter: str) -> list[Dispatch]:
        return [one for one in self.ends if (one.communication, one.letter_sha256) == (communication, letter)]


class NoSite:
    def put(self, incident_id: IncidentId, files: Mapping[str, bytes]) -> Path:
        return Path(incident_id)


class MemoryFeeds:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def names(self) -> frozenset[str]:
        return frozenset(self.kept)

    def stand(self, name: str) -> str | None:
        return None

    def put(self, name: str, content: bytes) -> None:
        self.kept[name] = content

    def drop(self, names: Collection[str]) -> None:
        for name in names:
            del self.kept[name]


class MemoryRegisters:
    def __init__(self) -> None:
        self.kept: list[LoadedRegister] = []

    def current(self) -> Register | None:
        return self.kept[-1].content if self.kept else None

    def versions(self) -> tuple[LoadedRegister, ...]:
        return tuple(self.kept)

    def keep(self, loaded: LoadedRegister) -> None:
        self.kept.append(loaded)


class MemoryLedger:
    def __init__(self) -> None:
        self.ends: dict[Entry, LedgerRow] = {}

    def message_id(self, entries: Any) -> str:
        return f"<{len(self.ends)}@timglas.example>"

    def claim(self, wanted: Sequence[StepClaim], *, now: datetime) -> frozenset[Entry]:
        ours = [claim for claim in wanted if claim.entry not in self.ends]
        claimed = (LedgerRow(one.entry, one.message_id, DeliveryState.CLAIMED, now) for one in ours)
        self.ends.update({row.entry: row for row in claimed})
        return frozenset(claim.entry for claim in ours)

    def settle(self, ends: Any, *, now: datetime) -> None:
        for entries, state, _detail in ends:
            self.ends.update({entry: self.ends[entry]._replace(state=state) for entry in entries})

    def rows(self, incident_id: IncidentId) -> tuple[LedgerRow, ...]:
        return tuple(row for entry, row in self.ends.items() if entry.incident == incident_id)

    def rows_of(self, incidents: Collection[IncidentId]) -> dict[IncidentId, tuple[LedgerRow, ...]]:
        return {incident: self.rows(incident) for incident in incidents}

    def unsettled(self) -> tuple[LedgerRow, ...]:
        return ()

    def refused(self, since: datetime) -> tuple[LedgerRow, ...]:
        return ()

    def settle_uncertain(self, entries: Any, *, arrived: bool, now: datetime) -> int:
        return 0

    def forget_ahead(self, now: datetime, *, claimed_after: datetime) -> int:
        return 0


class MemoryOverview:
    """Nobody looks."""

    def keep(self, cases: Any) -> None:
        list(cases)

    def urgent(self, limit: int, party: str | None = None) -> tuple[OpenDeadline, ...]:
        return ()

    limits = urgent

    def count(self, *, due_by: datetime | None = None) -> int:
        return 0

    def unshown(self, limit: int) -> tuple[IncidentId, ...]:
        return ()

    def shown(self, cases: Any) -> None:
        return None

    def show_again(self) -> None:
        return None


class MemoryHeartbeat:
    def __init__(self) -> None:
        self.beats: dict[str, Beat] = {}

    def beat(self, beat: Beat) -> None:
        self.beats[beat.name] = beat

    def last(self, name: str) -> Beat | None:
        return self.beats.get(name)


class MemoryVitals:
    def database_fault(self) -> str | None:
        return None

    def free_megabytes(self) -> int:
        return 10_000

    def mail_lying_since(self, before: datetime, *, but: Collection[str] = ()) -> int:
        return 0


class MemoryPost:
    room = 50

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    @asynccontextmanager
    async def connect(self) -> Any:
        yield self

    async def send(self, mails: Sequence[Mail]) -> list[End]:
        self.mails += mails
        return [End(DeliveryState.SENT)] * len(mails)


class MemoryMailbox:
    """Nobody writes to us."""

    def claim(self, now: datetime) -> Iterator[Incoming]:
        return iter(())

    def done(self, key: str, now: datetime) -> None:
        return None

    def put_aside(self, key: str, now: datetime, *, why: str) -> None:
        return None

    def aside(self) -> tuple[Aside, ...]:
        return ()


class MemoryCodes:
    """Every code is right: the codes themselves are tested on their own."""

    def make(self, subject: str, actor: str, now: datetime) -> str:
        return "000000"

    def use(self, subject: str, actor: str, code: str, now: datetime) -> Verdict:
        return Verdict.RIGHT


class MemoryLetters:
    def __init__(self) -> None:
        self.sheets: dict[tuple[str, str, str], Sheet] = {}
        self.frames: dict[str, Frame] = {}
        self.made: dict[tuple[str, str], list[Batch]] = {}
        self.places: dict[tuple[str, str, int], tuple[Place, ...]] = {}

    def keep(self, communication: str, letter: str, sheets: Any, frames: Any) -> None:
        self.sheets = {(communication, letter, sheet.key): sheet for sheet in sheets} | self.sheets
        self.frames |= {frame.id: frame for frame in frames}

    def kept(self, communication: str, letter: str, keys: Any) -> frozenset[str]:
        return frozenset(key for key in keys if (communication, letter, key) in self.sheets)

    def read(self, communication: str, letter: str, keys: Any) -> tuple[Sheet, ...]:
        return tuple(
            self.sheets[communication, letter, key] for key in sorted(keys) if self.kept(communication, letter, [key])
        )

    def frame(self, frame_id: str) -> Frame:
        return self.frames[frame_id]

    def loose(self, communication: str, letter: str, channel: Channel) -> frozenset[str]:
        taken = {
            place.key for (*own, _), places in self.places.items() if own == [communication, letter] for place in places
        }
        mine = ((key, one) for (*own, key), one in self.sheets.items() if own == [communication, letter])
        return frozenset(key for key, one in mine if one.channel is channel and key not in taken)

    def untaken(self, communication: str, recorded: str) -> tuple[Untaken, ...]:
        return ()

    def keep_batch(self, communication: str, letter: str, batch: Batch, ledger: Any) -> None:
        self.made.setdefault((communication, letter), []).append(batch)
        self.places[communication, letter, batch.number] = tuple(ledger)

    def batches(self, communication: str, letter: str) -> tuple[Batch, ...]:
        return tuple(self.made.get((communication, letter), ()))

    def ledger(self, communication: str, letter: str, batch: int) -> tuple[Place, ...]:
        return self.places[communication, letter, batch]

    def post(self, communication: str, letter: str, batch: int, *, at: datetime) -> None:
        batches = self.made[communication, letter]
        batches[batch - 1] = batches[batch - 1]._replace(posted_at=batches[batch - 1].posted_at or at)

    def count(self, communication: str) -> int:
        return sum(own == communication for own, _, _ in self.sheets)


class PlainPrinter:
    def pdf(self, letter: Letter, head: Letterhead) -> bytes:
        return letter.model_dump_json().encode()

    record = pdf


def small_world() -> World:
    return World(
        book=BOOK,
        register=REGISTER,
        policy=POLICY,
        timeline=MemoryTimeline(),
        recipients=MemoryRecipients(),
        outbox=MemoryOutbox(),
        post=MemoryPost(),
        mailbox=MemoryMailbox(),
        printer=PlainPrinter(),
        press=partial(Press, LetterPrinter()),
        printed=MemoryLetters(),
        print_room=PrintRoom(Path(mkdtemp()) / "utskrift"),
        archive=MemoryArchive(),
        codes=MemoryCodes(),
        ledger=MemoryLedger(),
        overview=MemoryOverview(),
        heartbeat=MemoryHeartbeat(),
        vitals=MemoryVitals(),
        registers=MemoryRegisters(),
        signer=KeySigner(bytes(32)),
        site=NoSite(),
        feeds=MemoryFeeds(),
        web=HttpWeb(),
        sender="timglas@timglas.example",
    )


@dataclass
class Desk:
    """One case in a small world. ``do`` takes a step as the officer, ``decide`` as the delegate, at ``now``."""

    world: World
    case: IncidentId
    now: datetime

    def do(self, step: Callable[..., Any], *, when: str | None = None, by: str = OFFICER, **given: Any) -> Any:
        self.now = at(when) if when else self.now
        if "code" in signature(step).parameters:
            given.setdefault("code", "000000")
        return partial(step, self.case, by=by, now=self.now, world=self.world)(**given)

    def decide(self, step: Callable[..., Any], *, when: str | None = None, **given: Any) -> Any:
        return self.do(step, when=when, by=DELEGATE, **given)

    @property
    def incident(self) -> Incident:
        return replay(self.world.timeline.read(self.case))

    @property
    def duties(self) -> dict[str, Duty]:
        return {duty.provision: duty for duty in duties_of(self.incident, self.world.book)}

    @property
    def words(self) -> list[str]:
        return [event.type.partition(".")[0] for event in self.world.timeline.read(self.case)]


def day(text: str) -> date:
    return date.fromisoformat(text)
