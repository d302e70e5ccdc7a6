"""What mail servers do to a sender, each row injected by a real one, and what becomes of the message.

A server that refuses our sender (5xx after MAIL) is our own fault to mend, so nobody is given up for it.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from adapters.mail import conversation as smtp_conversation
from adapters.mail.smtp import SmtpPost
from adapters.settings import Settings
from flows.host.server import free_port
from models.delivery import End
from models.errors import TransientPostError
from models.mail import Mail
from models.recipient import DeliveryState
from tests.faults.sending import recorder
from tests.sink import smtp_sink

LARGE = "En lång text. " * 40_000
MAIL = Mail(
    message_id="<0123abcd@timglas.example>",
    sent_at=datetime(2023, 5, 12, 9, 30, 17, tzinfo=UTC),
    incident="INC-2023-0042",
    sender_name="Kommunstyrelsen",
    sender="timglas@timglas.example",
    reply_to="dataskyddsombud@exempelkommun.example",
    to="s0001@post.example",
    subject="Viktigt",
    text="Hej!\n",
    html="<p>Hej!</p>",
)
WAITING, SENT = End(DeliveryState.WAITING), DeliveryState.SENT
KIND = re.compile("ok|grey|bad")


def send(mails: Sequence[Mail], port: int, *, connections: int = 1) -> list[End]:
    async def sending() -> list[End]:
        settings = Settings(smtp_port=port, smtp_tls="none", smtp_connections=connections)
        async with SmtpPost(settings).connect() as server:
            return await server.send(mails)

    return asyncio.run(sending())


@pytest.mark.parametrize(
    "manners, end",
    [
        (("-r", "RCPT"), End(DeliveryState.DEFERRED, "450 4.3.0")),
        (("-r", "RCPT", "-b", "451 4.7.1 greylisted"), End(DeliveryState.DEFERRED, "451 4.7.1")),
        (("-f", "RCPT", "-B", "550 5.1.1 no such user"), End(DeliveryState.REFUSED, "550 5.1.1")),
        (("-f", "MAIL", "-B", "552 5.3.4 too big"), WAITING),
        (("-r", "MAIL"), WAITING),
        (("-Q", "MAIL"), WAITING),
        (("-r", "DATA", "-b", "452 4.3.1 disk full"), End(DeliveryState.DEFERRED, "452 4.3.1")),
        (("-r", ".", "-b", "451 4.3.0 later"), End(DeliveryState.DEFERRED, "451 4.3.0")),
        (("-f", ".", "-B", "550 5.7.1 looks like spam"), End(DeliveryState.REFUSED, "550 5.7.1")),
        (("-Q", "."), End(DeliveryState.DEFERRED, "421")),
        (("-q", "."), End(DeliveryState.UNCERTAIN, "disconnected")),
        (("-q", "MAIL"), End(DeliveryState.DEFERRED, "disconnected")),
        (("-q", "RCPT"), End(DeliveryState.DEFERRED, "disconnected")),
        (("-q", "DATA"), End(DeliveryState.DEFERRED, "disconnected")),
        (("-A", "0"), End(DeliveryState.REFUSED, "550")),
    ],
    ids=lambda given: " ".join(given) if type(given) is tuple else str(given.state),
)
@pytest.mark.parametrize("pipelining", [(), ("-p",)], ids=["ahead", "step by step"])
def test_each_way_to_fail_is_told_apart(manners: tuple[str, ...], end: End, pipelining: tuple[str, ...]) -> None:
    with smtp_sink(*manners, *pipelining) as port:
        (came,) = send([MAIL], port)
    assert (came.state, came.detail.partition(" ")[0]) == (end.state, end.detail.partition(" ")[0])


def test_a_server_that_hangs_up_in_the_middle_of_a_message_has_said_no_or_nobody_knows() -> None:
    with smtp_sink("-A", "0") as port:
        (came,) = send([MAIL.model_copy(update={"text": LARGE})], port)
    assert came in (End(DeliveryState.REFUSED, "550"), End(DeliveryState.UNCERTAIN, "disconnected"))


@pytest.mark.parametrize("manners", [("-Q", "CONNECT"), ("-f", "CONNECT"), ("-q", "CONNECT"), ("-q", "EHLO")])
def test_a_server_that_does_not_let_us_in_has_taken_nobody(manners: tuple[str, ...]) -> None:
    with smtp_sink(*manners) as port, pytest.raises(TransientPostError):
        send([MAIL], port)


def test_a_port_nobody_listens_on_is_no_server() -> None:
    with pytest.raises(TransientPostError):
        send([MAIL], free_port())


def test_no_answer_to_the_dot_in_time_is_uncertain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(smtp_conversation, "DOT_SECONDS", 0.3)
    with recorder(tmp_path) as server:
        server.take_at_most(0)
        ends = send([MAIL, MAIL], server.port)
    assert ends == [End(DeliveryState.UNCERTAIN, "timeout")] * 2


def test_no_answer_to_data_in_time_is_no_hand_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_conversation, "DATA_SECONDS", 0.3)
    with smtp_sink("-w", "60", "-p") as port:
        (came,) = send([MAIL], port)
    assert came == End(DeliveryState.DEFERRED, "timeout")


def test_the_time_for_each_answer_is_that_of_the_standard() -> None:
    assert smtp_conversation.MAIL_SECONDS >= 5 * 60
    assert smtp_conversation.RCPT_SECONDS >= 5 * 60
    assert smtp_conversation.DATA_SECONDS >= 2 * 60
    assert smtp_conversation.DOT_SECONDS >= 10 * 60


class Picky:
    """Takes a third for good, puts a third off, refuses a third; and may hang up on one after it took the message."""

    def __init__(self, *, hangs_up_on: str = "") -> None:
        self.kept: list[tuple[str, str]] = []
        self.seen: Counter[str] = Counter()
        self.hangs_up_on = hangs_up_on

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.seen[address] += 1
        if address.startswith("grey") and self.seen[address] == 1:
            return "450 4.2.0 greylisted"
        if address.startswith("bad"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        to = next(line for line in envelope.content.split(b"\r\n") if line.startswith(b"To:"))
        self.kept.append((envelope.rcpt_tos[0], to.removeprefix(b"To: ").decode()))
        if envelope.rcpt_tos[0] == self.hangs_up_on:
            server.transport.abort()
        return "250 OK"


def test_of_a_mixed_batch_each_gets_the_end_that_is_its_own_and_the_message_that_is_its_own() -> None:
    mails = [
        MAIL.model_copy(update={"to": f"{kind}{n:03}@post.example"})
        for n in range(60)
        for kind in ("ok", "grey", "bad")
    ]
    server = Picky()
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    controller.start()
    try:
        ends = send(mails, controller.port, connections=4)
        again = send([mail for mail in mails if mail.to.startswith("grey")], controller.port, connections=4)
    finally:
        controller.stop()
    expected = {"ok": SENT, "grey": DeliveryState.DEFERRED, "bad": DeliveryState.REFUSED}
    assert [end.state for end in ends] == [expected[KIND.match(mail.to)[0]] for mail in mails]
    assert {end.state for end in again} == {SENT}, "who was put off is taken the next time"
    assert all(envelope == header for envelope, header in server.kept)
    assert Counter(envelope for envelope, _ in server.kept).most_common(1)[0][1] == 1
    assert len(server.kept) == 120


def test_a_server_that_took_the_message_and_then_broke_off_leaves_it_uncertain_and_the_others_go_on() -> None:
    server = Picky(hangs_up_on="ok003@post.example")
    mails = [MAIL.model_copy(update={"to": f"ok{n:03}@post.example"}) for n in range(8)]
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    controller.start()
    try:
        ends = send(mails, controller.port)
    finally:
        controller.stop()
    assert [end.state for end in ends] == [DeliveryState.UNCERTAIN if n == 3 else SENT for n in range(8)]
    assert Counter(envelope for envelope, _ in server.kept) == Counter(mail.to for mail in mails), "each exactly once"


@pytest.mark.parametrize("pipelining", [(), ("-p",)], ids=["ahead", "step by step"])
def test_a_hundred_messages_all_arrive_whichever_way_the_server_talks(pipelining: tuple[str, ...]) -> None:
    with smtp_sink(*pipelining) as port:
        ends = send([MAIL] * 100, port, connections=3)
    assert [end.state for end in ends] == [SENT] * 100
