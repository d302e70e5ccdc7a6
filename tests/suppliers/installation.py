"""Two installations of Timglas that know each other by mail alone: each has its own database, key, register and inbox."""

import asyncio
import email.policy
import os
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from adapters.settings import Settings
from flows.bootstrap import world_of
from models.base import IncidentId
from models.events import Event
from models.facts import Facts
from models.incident import Incident
from models.instants import parse_local as at
from models.parties import Processor, Register
from models.replay import replay
from models.supply_events import Answered
from services.case.establish_awareness import establish_awareness
from services.case.establish_facts import establish_facts
from services.case.report_breach import report_breach
from services.due.deadlines import deadlines_of
from services.supply.load_register import load_register
from services.supply.prepare_notices import prepare_notices
from services.supply.release_notices import release_notices, release_of
from services.supply.send_notices import send_notices
from services.supply.state_slices import Slice, state_slices
from services.sweep.read_mail import READERS, read_mail
from services.sweep.sweep import advance
from tests.small_world import REGISTER

BOARD, OTHER, SUPPLIER = "kommunstyrelsen", "barn-och-utbildningsnamnden", "rekryteringssystem"
MANAGER, LAWYER, OFFICER = "ida.pahitt", "leo.pahitt", "sara.exempel"
ADDRESSES = {BOARD: "kommunstyrelsen@exempelkommun.example", OTHER: "barn.utbildning@exempelkommun.example"}
WHAT_HAPPENED = "Ett företag som sköter driften av systemet har utsatts för ett angrepp."


class Installation:
    """One Timglas. What it mails lies as files in ``sent``."""

    def __init__(self, home: Path, domain: str, port: int, sent: Path) -> None:
        settings = Settings(home=home, mail_domain=domain, smtp_port=port, smtp_tls="none")
        self.inbox, self.sent, self.address = settings.drop_folder, sent, f"timglas@{domain}"
        self.world, self._seen = world_of(settings), set[Path]()

    def knows(self, register: Register, *, by: str) -> None:
        load_register(register, source="register.yaml", by=by, now=at("2026-11-01 09.00"), world=self.world)
        self.world = replace(self.world, register=self.world.registers.current() or register)

    def history(self, incident_id: IncidentId) -> tuple[Event, ...]:
        return self.world.timeline.read(incident_id)

    def incident(self, incident_id: IncidentId) -> Incident:
        return replay(self.history(incident_id))

    def due(self, incident_id: IncidentId, provision: str) -> object:
        duties = deadlines_of(self.incident(incident_id), self.world.book)
        return next(duty.due_at for duty in duties if duty.provision == provision)

    def reads(self, when: str) -> int:
        return asyncio.run(read_mail(now=at(when), world=self.world, readers=READERS))

    def sweeps(self, incident_id: IncidentId, when: str) -> Incident:
        return asyncio.run(advance(incident_id, now=at(when), world=self.world))

    def aside(self) -> list[str]:
        return [waiting.why for waiting in self.world.mailbox.aside()]

    def outgoing(self, to: str) -> list[tuple[Path, EmailMessage]]:
        """Return what was sent to ``to`` and not carried yet, oldest first."""
        files = sorted(set(self.sent.rglob("*.eml")) - self._seen, key=lambda file: file.stem[-4:])
        parsed = [
            (file, BytesParser(EmailMessage, policy=email.policy.default).parsebytes(file.read_bytes()))
            for file in files
        ]
        return [(file, message) for file, message in parsed if to in str(message["To"])]

    def carries(self, to: "Installation", *addresses: str, arrived: str) -> int:
        """Carry what was sent to ``addresses`` into the inbox of ``to``, each message once, as it was."""
        mails = [file for address in addresses or (to.address,) for file, _ in self.outgoing(address)]
        for seconds, file in enumerate(mails):
            self._seen.add(file)
            to.receives(file.read_bytes(), arrived=arrived, seconds=seconds)
        return len(mails)

    def receives(self, content: bytes, *, arrived: str, seconds: int = 0) -> None:
        self.inbox.mkdir(parents=True, exist_ok=True)
        file = self.inbox / f"{len([*self.inbox.rglob('*.eml')])}.eml"
        file.write_bytes(content)
        os.utime(file, (at(arrived).timestamp() + seconds,) * 2)


class Supplier(Installation):
    """The processor's side, with the steps of one incident by short names."""

    def happens(self, *slices: Slice, when: str, concerned: Iterable[str] = (BOARD, OTHER)) -> IncidentId:
        now, world = at(when), self.world
        case = report_breach(
            SUPPLIER,
            family="angreppet",
            summary="Driften är angripen.",
            source="Jouren",
            reported_at=now,
            concerned=tuple(concerned),
            by=MANAGER,
            now=now,
            world=world,
        )
        establish_awareness(
            case, aware_at=now, evidence="Larmet", reasoning="Det är bekräftat.", by=MANAGER, now=now, world=world
        )
        self.learns(case, Facts(what_happened=WHAT_HAPPENED, malicious=True), when=when)
        self.states(case, *slices, when=when)
        return case

    def learns(self, case: IncidentId, facts: Facts, *, when: str) -> None:
        now = at(when)
        establish_facts(case, facts=facts, source="Lägesbild", known_at=now, by=LAWYER, now=now, world=self.world)

    def states(self, case: IncidentId, *slices: Slice, when: str) -> None:
        state_slices(case, slices, source="Vår genomgång av loggarna.", by=LAWYER, now=at(when), world=self.world)

    def informs(self, case: IncidentId, *controllers: str, when: str) -> None:
        now = at(when)
        prepare_notices(
            case,
            controllers=controllers,
            issue_at=now,
            answer_by=now + timedelta(hours=4),
            next_update_at=now + timedelta(days=1),
            by=LAWYER,
            now=now,
            world=self.world,
        )
        prepared = self.incident(case).supply.prepared
        assert prepared is not None
        subject = release_of(case, prepared, by=MANAGER)
        code = self.world.codes.make(subject.digest, MANAGER, now)
        release_notices(case, code=code, by=MANAGER, now=now, world=self.world)
        asyncio.run(send_notices(case, now=now, world=self.world))

    def answers(self, case: IncidentId) -> dict[str, Answered]:
        return {one: answer.how for one, answer in self.incident(case).supply.answered.items()}


def municipalitys_register(public_key: str, register: Register = REGISTER) -> Register:
    """What the municipality knows: its own boards, and the supplier with its key, under numbers of its own."""
    (supplier,) = register.processors
    signed = Processor.model_validate({**supplier.model_dump(), "signing_keys": (public_key,)})
    return register.model_copy(update={"processors": (signed,)})


def installed(folder: Path, migrated: Path) -> Path:
    """Return a home with a database that is ready."""
    folder.mkdir()
    shutil.copy(migrated, folder / "timglas.db")
    return folder
