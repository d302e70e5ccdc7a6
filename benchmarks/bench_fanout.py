"""One attack: a supplier tells its customers over real SMTP, and each of them writes to its people."""

import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from adapters.database.engine import engine, migrate
from adapters.mail.sink import mail_sink
from adapters.mail.smtp import SmtpPost
from adapters.settings import Settings
from benchmarks.figure import Figure
from flows.host.server import free_port
from models.breach_events import Risk
from models.facts import Facts, Quantity
from models.instants import parse_local as at
from models.recipient import Recipient
from services.supply.state_slices import Slice
from services.sweep.read_mail import read_mail
from services.sweep.sweep import sweep
from tests.services.office import COMMUNICATION, FACTS, MANAGER, PROCESSOR, Office, person
from tests.sink import smtp_sink
from tests.suppliers.customers import with_customers
from tests.suppliers.installation import municipalitys_register

MANY, FEW, PEOPLE, DUE = 250, 25, 400, 10
SLICED, WRITTEN, ARRIVED, READ = "2023-04-24 17.00", "2023-04-24 17.05", "2023-04-24 17.10", "2023-04-24 17.20"
DECIDED, APPROVED, LOADED = "2023-04-26 10.15", "2023-05-12 11.00", "2023-05-12 11.30"
RELEASED, SENT, SWEPT, LATER = "2023-05-15 11.00", "2023-05-15 11.05", "2023-05-15 11.10", "2023-05-15 11.20"


class Times(NamedTuple):
    """Seconds: from approval until every notice is sent, for the whole chain, and for a sweep in which a few cases are due."""

    fanout: float
    chain: float
    sweep: float


def figures() -> list[Figure]:
    """The same attack on a few customers and on many, so that each figure stands beside the few, customer for customer."""
    few, many = attack(FEW), attack(MANY)
    beside, size = f"{FEW} controllers, per controller", MANY / FEW
    return [
        Figure("fanout.250_s", many.fanout, "s", beside, many.fanout / few.fanout / size),
        Figure("fanout.chain_250_x_400_s", many.chain, "s", beside, many.chain / few.chain / size),
        Figure(
            "fanout.sweep_10_due_of_250_s",
            many.sweep,
            "s",
            f"a sweep with {DUE} due of {FEW} cases",
            many.sweep / few.sweep,
        ),
    ]


def attack(controllers: int) -> Times:
    """What one attack on ``controllers`` customers takes, from the supplier's slices to the last letter."""
    with tempfile.TemporaryDirectory() as folder:
        supplier, town = office(Path(folder) / "leverantor"), office(Path(folder) / "kommuner")
        register = with_customers(controllers)
        supplier = supplier.with_parts(register=register)
        inbox = town.folder / "inkorg"
        town = town.with_parts(
            register=municipalitys_register(supplier.world.signer.public_key, register),
        )
        began = time.perf_counter()
        fanout = inform(supplier, controllers, inbox)
        cases = receive(town, controllers)
        communicate(town, cases)
        chain = time.perf_counter() - began
        return Times(fanout, chain, swept(town, cases))


def office(folder: Path) -> Office:
    folder.mkdir()
    migrate(engine(f"sqlite:///{folder / 'timglas.sqlite'}"))
    return Office(folder)


def inform(supplier: Office, controllers: int, inbox: Path) -> float:
    """Seconds from the approval of the notices until a mail server has taken all and each has its receipt on record."""
    named = [f"kund-{number:03}" for number in range(controllers)]
    case = supplier.known(PROCESSOR, by=MANAGER, concerned=tuple(named))
    slices = (
        Slice(one, Facts(n_subjects=Quantity(at_least=size, at_most=size))) for size, one in enumerate(named, 400)
    )
    supplier.slices(case, *slices, when=SLICED)
    supplier.prepare(case, when=WRITTEN)
    port = free_port()
    with mail_sink(inbox.parent / "post", port):
        over_smtp = supplier.with_parts(register=supplier.world.register, post=post(port))
        began = time.perf_counter()
        over_smtp.release_notices(case, when=WRITTEN)
        incident = over_smtp.send_notices(case, when=WRITTEN)
        took = time.perf_counter() - began
    assert len(incident.supply.last_told) == controllers
    inbox.mkdir()
    for mail in (inbox.parent / "post").rglob("*.eml"):
        mail.replace(inbox / mail.name)
        os.utime(inbox / mail.name, (at(ARRIVED).timestamp(),) * 2)
    return took


def receive(town: Office, controllers: int) -> Sequence[str]:
    """Take in what came: a case each, with the confirmation on its way back."""
    with smtp_sink() as port:
        town = town.with_parts(register=town.world.register, post=post(port))
        assert asyncio.run(read_mail(now=at(READ), world=town.world)) == controllers
    return town.world.timeline.incidents()


def communicate(town: Office, cases: Sequence[str]) -> None:
    """Decide in each case, write the letter, approve it, and send it to everybody."""
    people = [*map(by_email, range(1, PEOPLE + 1))]
    with smtp_sink() as port:
        town = town.with_parts(register=town.world.register, post=post(port))
        for case in cases:
            town.aware(case, at(ARRIVED), when=READ)
            town.facts(case, FACTS, when=READ)
            town.decide(case, Risk.HIGH, when=DECIDED)
            town.drafted(case, COMMUNICATION, when=APPROVED)
            town.load(case, people, when=LOADED)
            town.release(case, when=RELEASED)
            completed = town.send(case, when=SENT).completed
            assert completed is not None
            assert completed.emailed == PEOPLE


def swept(town: Office, cases: Sequence[str]) -> float:
    """Seconds for a sweep when only a few cases have something new, once everything else has been looked at."""
    asyncio.run(sweep(now=at(SWEPT), world=town.world))
    for case in cases[:DUE]:
        town.facts(case, Facts(duration_text="En vecka."), when=LATER)
    began = time.perf_counter()
    found = asyncio.run(sweep(now=at(LATER) + timedelta(seconds=1), world=town.world))
    took = time.perf_counter() - began
    assert not found.faults
    assert found.due >= DUE
    return took


def by_email(number: int) -> Recipient:
    return person(number, paper=False)


def post(port: int) -> SmtpPost:
    return SmtpPost(Settings(smtp_port=port, smtp_tls="none", smtp_connections=8))
