"""Mail to a local sink: ours beside stock aiosmtplib and plain smtplib, and a hundred thousand with their outbox."""

import asyncio
import smtplib
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import aiosmtplib

from adapters.database.engine import engine, migrate
from adapters.mail.octets import octets
from adapters.mail.smtp import SmtpPost
from adapters.settings import Settings
from benchmarks.figure import Figure
from letters import html, plain
from models.mail import Mail
from models.recipient import Channel, DeliveryState
from services.people.communicate import line_up, send_some
from tests.letters.case import register
from tests.letters.samples import SAMPLES
from tests.services.office import Office, person
from tests.sink import smtp_sink

MANY, FEW, ROUNDS, CONNECTIONS = 100_000, 3_000, 5, 8
NOW = datetime(2023, 5, 15, 9, 5, tzinfo=UTC)


def figures() -> list[Figure]:
    """The three clients take turns on the same sink; the median of the rounds counts."""
    mails = [mail(number) for number in range(FEW)]
    with smtp_sink() as port:
        speeds = [(ours(mails, port), stock(mails, port), by_the_book(mails, port)) for _ in range(ROUNDS)]
        durable = hundred_thousand(port)
    our_own, aiosmtplibs, smtplibs = map(statistics.median, zip(*speeds, strict=True))
    return [
        Figure(
            "mail.vs_aiosmtplib", our_own, "mails/s", "stock aiosmtplib, as many connections", our_own / aiosmtplibs
        ),
        Figure("mail.vs_smtplib", our_own, "mails/s", "smtplib, one connection", our_own / smtplibs),
        Figure("mail.durable_100k_s", durable, "s"),
    ]


def mail(number: int) -> Mail:
    letter = SAMPLES["data_subject_communication"](register())
    return Mail(
        message_id=f"<{number:040x}@timglas.example>",
        sent_at=NOW,
        incident="INC-2023-0042",
        sender_name="Kommunstyrelsen, Exempelkommun",
        sender="timglas@timglas.example",
        reply_to="dataskyddsombud@exempelkommun.example",
        to=f"s{number:06}@post.example",
        subject=letter.subject,
        text=plain.text(letter),
        html=html.html(letter),
    )


def ours(mails: Sequence[Mail], port: int) -> float:
    async def send() -> float:
        began = time.perf_counter()
        async with SmtpPost(settings(port)).connect() as server:
            sent = 0
            while sent < len(mails):
                batch = mails[sent : sent + server.room]
                ends = await server.send(batch)
                assert all(end.state is DeliveryState.SENT for end in ends)
                sent += len(batch)
        return len(mails) / (time.perf_counter() - began)

    return asyncio.run(send())


def stock(mails: Sequence[Mail], port: int) -> float:
    """Octets made as ours are, over as many connections, by the library's own ``sendmail``."""
    waiting = list(mails)

    async def connection() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            while waiting:
                one = waiting.pop()
                await client.sendmail(one.sender, [one.to], octets(one))

    async def send() -> float:
        began = time.perf_counter()
        await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
        return len(mails) / (time.perf_counter() - began)

    return asyncio.run(send())


def by_the_book(mails: Sequence[Mail], port: int) -> float:
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as client:
        for one in mails:
            client.sendmail(one.sender, [one.to], octets(one))
    return len(mails) / (time.perf_counter() - began)


def hundred_thousand(port: int) -> float:
    """Seconds for a released letter to go from the sealed list into the line, out of it, and into the record."""
    with tempfile.TemporaryDirectory() as folder:
        migrate(engine(f"sqlite:///{Path(folder) / 'timglas.sqlite'}"))
        office = Office(Path(folder))
        case = office.ready_to_write(person(number) for number in range(1, MANY + 1))
        office.release(case, when="2023-05-15 11.00")
        office = office.with_parts(post=SmtpPost(settings(port)))
        began = time.perf_counter()
        line_up(case, world=office.world)
        asyncio.run(send_some(case, now=NOW, world=office.world))
        took = time.perf_counter() - began
        assert office.world.outbox.counts(f"{case}/gdpr.34.1") == {(Channel.EMAIL, DeliveryState.SENT): MANY}
    return took


def settings(port: int) -> Settings:
    return Settings(smtp_port=port, smtp_tls="none", smtp_connections=CONNECTIONS)
