# ruff: noqa: N802 - aiosmtpd names its hooks
import asyncio
import email.policy
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from adapters.mail.smtp import SmtpPost
from adapters.settings import Settings
from flows.host.server import free_port
from models.delivery import End
from models.errors import TransientPostError
from models.mail import Attachment, Mail
from models.recipient import DeliveryState

SENT = End(DeliveryState.SENT, "250")
SENT_AT = datetime(2023, 5, 12, 9, 30, 17, tzinfo=UTC)
MAIL = Mail(
    message_id="<0123abcd@timglas.exempel>",
    sent_at=SENT_AT,
    incident="INC-2023-0042",
    sender_name="Nämnden för åtgärder, Exempelkommun",
    sender="timglas@exempelkommun.example",
    reply_to="dataskyddsombud@exempelkommun.example",
    to="sokande001@post.example",
    subject="Viktigt: dina uppgifter på Öland är berörda",
    text="Hej!\n\nÅ, ä och ö ska fram hela. " + "En lång rad utan brytning. " * 60 + "\n.\n.. två punkter\n",
    html="<html><body><p>Å, ä och ö ska fram hela.</p></body></html>",
)


class Scripted:
    """A mail server's manners: what it answers to RCPT and to the final dot, and where it hangs up."""

    def __init__(self, *, rcpt: str = "250 OK", dot: str = "250 OK", mail: str = "250 OK") -> None:
        self.answers = {"mail": mail, "rcpt": rcpt, "dot": dot}
        self.said: list[str] = []
        self.addressed: list[str] = []
        self.returned_to: list[str] = []
        self.sessions: set[Session] = set()
        self.kept: list[bytes] = []
        self.over_tls: list[bool] = []
        self.logged_in: list[object] = []

    async def handle_MAIL(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        self.returned_to.append(address)
        return self._answer(server, "mail")

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        self.addressed.append(address)
        return self._answer(server, "rcpt")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.kept.append(envelope.content)
        self.sessions.add(session)
        self.over_tls.append(session.ssl is not None)
        self.logged_in.append(session.auth_data)
        return self._answer(server, "dot")

    def message(self) -> EmailMessage:
        (content,) = self.kept
        return BytesParser(EmailMessage, policy=email.policy.default).parsebytes(content)

    def _answer(self, server: SMTP, place: str) -> str:
        self.said.append(place)
        answer = self.answers[place]
        if answer == "hang up":
            server.transport.abort()
        if answer.startswith("421"):
            asyncio.get_running_loop().call_later(0.05, server.transport.close)
        return answer


@contextmanager
def listening(manners: Scripted, **options: Any) -> Iterator[int]:
    port = free_port()
    controller = Controller(manners, hostname="127.0.0.1", port=port, ready_timeout=60, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def send(*mails: Mail, port: int, **settings: Any) -> list[End]:
    """Send what is given at once, and return what became of each."""

    async def conversation() -> list[End]:
        post = SmtpPost(Settings(smtp_port=port, **{"smtp_tls": "none", "smtp_connections": 1, **settings}))
        async with post.connect() as connections:
            return await connections.send(mails)

    return asyncio.run(conversation())


def end_with(**answers: str) -> tuple[End, Scripted]:
    manners = Scripted(**answers)
    with listening(manners) as port:
        (end,) = send(MAIL, port=port)
    return end, manners


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def test_an_accepted_message_is_sent_and_the_servers_name_for_it_is_kept() -> None:
    assert end_with()[0] == End(DeliveryState.SENT, "250")
    end, server = end_with(dot="250 2.0.0 Ok: queued as 4XyZ1234abc")
    assert end == End(DeliveryState.SENT, "4XyZ1234abc")
    assert len(server.kept) == 1


@pytest.mark.parametrize("place", ["rcpt", "dot"])
@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_an_answer_in_the_400s_means_later(place: str, code: int) -> None:
    end, _ = end_with(**{place: f"{code} 4.7.1 later, please"})
    assert end == End(DeliveryState.DEFERRED, f"{code} 4.7.1")


@pytest.mark.parametrize("place", ["rcpt", "dot"])
@pytest.mark.parametrize("code", [550, 552, 554])
def test_an_answer_in_the_500s_means_never(place: str, code: int) -> None:
    end, _ = end_with(**{place: f"{code} 5.1.1 no"})
    assert end == End(DeliveryState.REFUSED, f"{code} 5.1.1")


@pytest.mark.parametrize(
    "answer", ["421 4.3.2 closing", "451 4.3.0 busy", "530 5.7.0 login first", "552 5.2.2 no room"]
)
def test_a_server_that_does_not_take_our_sender_takes_nothing_and_no_recipient_is_given_up_for_it(answer: str) -> None:
    server = Scripted(mail=answer)
    with listening(server) as port:
        ends = send(MAIL, MAIL, port=port)
    assert ends == [End(DeliveryState.WAITING)] * 2
    assert server.said == ["mail"], "it is not asked again for the second one"


@pytest.mark.parametrize("place", ["mail", "rcpt"])
def test_a_connection_lost_before_the_message_is_handed_over_means_later(place: str) -> None:
    end, server = end_with(**{place: "hang up"})
    assert end == End(DeliveryState.DEFERRED, "disconnected")
    assert server.kept == []


def test_a_connection_lost_after_the_final_dot_is_uncertain() -> None:
    end, server = end_with(dot="hang up")
    assert end == End(DeliveryState.UNCERTAIN, "disconnected")
    assert len(server.kept) == 1


def test_a_lost_connection_is_opened_anew_for_the_messages_behind() -> None:
    class OnlyTheFirst(Scripted):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            self.answers["dot"] = "250 OK" if self.kept else "hang up"
            return await super().handle_DATA(server, session, envelope)

    server = OnlyTheFirst()
    with listening(server) as port:
        ends = send(MAIL, MAIL, MAIL, port=port)
    assert [end.state for end in ends] == [DeliveryState.UNCERTAIN, DeliveryState.SENT, DeliveryState.SENT]


@pytest.mark.parametrize("connections", [1, 3])
def test_a_server_that_takes_so_many_messages_over_one_connection_gets_the_rest_over_others(connections: int) -> None:
    offered = Counter[Session]()

    class Exim(Scripted):
        async def handle_MAIL(
            self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
        ) -> str:
            offered[session] += 1
            self.answers["mail"] = "421 too many messages in this connection" if offered[session] > 10 else "250 OK"
            return await super().handle_MAIL(server, session, envelope, address, options)

    server = Exim()
    with listening(server) as port:
        ends = send(*[MAIL] * 45, port=port, smtp_connections=connections)
    assert [end.state for end in ends] == [DeliveryState.SENT] * 45
    assert len(server.kept) == 45


def test_what_is_told_of_a_message_never_names_the_address_even_when_the_server_does() -> None:
    for answer in ("550 5.1.1 <sokande001@post.example> is unknown", "450 <sokande001@post.example> greylisted"):
        end, _ = end_with(rcpt=answer)
        assert "sokande001" not in repr(end)


def test_after_a_refused_recipient_the_same_connection_takes_the_next_message() -> None:
    class OneUnknown(Scripted):
        async def handle_RCPT(
            self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
        ) -> str:
            self.answers["rcpt"] = "550 5.1.1 no such mailbox" if address.startswith("okand") else "250 OK"
            return await super().handle_RCPT(server, session, envelope, address, options)

    server = OneUnknown()
    with listening(server) as port:
        ends = send(MAIL, MAIL.model_copy(update={"to": "okand@post.example"}), MAIL, port=port)
    assert [end.state for end in ends] == [DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.SENT]
    assert len(server.kept) == 2


@pytest.mark.parametrize(
    "address",
    [
        "åsa@post.example",
        "två ord@post.example",
        "ingen-snabel-a",
        " ",
        "en@post.example\nBcc: tva@post.example",
        "en@post.example>\r\nRCPT TO:<tva@post.example",
        "en@post.example>NOTIFY=NEVER",
        "en@två@post.example",
        "en@xn--\xe5.example",
    ],
)
def test_what_is_no_mailbox_here_is_refused_without_asking_and_without_being_repeated(address: str) -> None:
    server = Scripted()
    with listening(server, enable_SMTPUTF8=False) as port:
        (end,) = send(MAIL.model_copy(update={"to": address}), port=port)
    assert end == End(DeliveryState.REFUSED, "553")
    assert server.said == []


def test_a_domain_with_swedish_letters_is_written_as_mail_servers_know_it() -> None:
    server = Scripted()
    with listening(server) as port:
        (end,) = send(MAIL.model_copy(update={"to": "kund@räksmörgås.example"}), port=port)
    assert end.state is DeliveryState.SENT
    assert server.addressed == ["kund@xn--rksmrgs-5wao1o.example"]
    assert server.message()["To"] == "kund@xn--rksmrgs-5wao1o.example"


def test_a_name_with_swedish_letters_goes_to_a_server_that_knows_them() -> None:
    server = Scripted()
    with listening(server, enable_SMTPUTF8=True) as port:
        (end,) = send(MAIL.model_copy(update={"to": "åsa@räksmörgås.example"}), port=port)
    assert end.state is DeliveryState.SENT
    assert server.addressed == ["åsa@räksmörgås.example"]
    assert server.message()["To"] == "åsa@räksmörgås.example"
    assert server.message()["Subject"] == MAIL.subject


@pytest.mark.parametrize("ahead", [True, False])
def test_a_name_it_said_it_knew_and_then_refuses_keeps_no_other_waiting(*, ahead: bool) -> None:
    class Forgetful(Scripted):
        async def handle_EHLO(
            self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
        ) -> list[str]:
            session.host_name = hostname
            return [responses[0], *(["250-PIPELINING"] if ahead else []), *responses[1:]]

        async def handle_MAIL(
            self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
        ) -> str:
            if "SMTPUTF8" in options:
                return "553 5.6.7 no such letters here"
            return await super().handle_MAIL(server, session, envelope, address, options)

    server = Forgetful()
    mails = [MAIL.model_copy(update={"to": f"{name}@post.example"}) for name in ("anna", "åsa", "berit")]
    with listening(server, enable_SMTPUTF8=True) as port:
        ends = send(*mails, port=port)
    assert ends == [SENT, End(DeliveryState.REFUSED, "553 5.6.7"), SENT]
    assert server.addressed == ["anna@post.example", "berit@post.example"]


def test_a_message_comes_back_to_an_address_of_its_own() -> None:
    server = Scripted()
    with listening(server) as port:
        send(MAIL, port=port, mail_domain="exempelkommun.example")
        send(MAIL, port=port, smtp_return_path="studs-{token}@post.exempelkommun.example")
    assert server.returned_to == [
        "timglas+0123abcd@exempelkommun.example",
        "studs-0123abcd@post.exempelkommun.example",
    ]


def test_a_server_that_is_not_there_means_later() -> None:
    with pytest.raises(TransientPostError):
        send(MAIL, port=free_port())


def test_a_server_that_refuses_to_talk_has_refused_no_recipient() -> None:
    class Unfriendly(Scripted):
        async def handle_EHLO(
            self, _server: SMTP, _session: Session, _envelope: Envelope, _hostname: str, _responses: list[str]
        ) -> list[str]:
            return ["550 5.7.1 not you"]

        async def handle_HELO(self, _server: SMTP, _session: Session, _envelope: Envelope, _hostname: str) -> str:
            return "550 5.7.1 not you"

    with listening(Unfriendly()) as port, pytest.raises(TransientPostError):
        send(MAIL, port=port)


def test_many_messages_share_a_few_connections_and_each_has_its_own_end() -> None:
    server = Scripted()
    mails = [MAIL.model_copy(update={"to": f"s{number:03}@post.example"}) for number in range(60)]
    with listening(server) as port:
        ends = send(*mails, port=port, smtp_connections=3)
    assert [end.state for end in ends] == [DeliveryState.SENT] * 60
    assert sorted(server.addressed) == [mail.to for mail in mails]
    assert len(server.sessions) == 3


def test_how_many_are_claimed_at_a_time_follows_the_speed_of_the_server() -> None:
    class Slow(Scripted):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            await asyncio.sleep(0.02)
            return await super().handle_DATA(server, session, envelope)

    async def rooms(port: int) -> list[int]:
        async with SmtpPost(Settings(smtp_port=port, smtp_tls="none", smtp_connections=2)).connect() as connections:
            before = connections.room
            await connections.send([MAIL] * before)
            return [before, connections.room]

    with listening(Slow()) as port:
        before, after = asyncio.run(rooms(port))
    assert 2 <= after < before


def test_starttls_encrypts_the_message(tls: ssl.SSLContext, trusted: None) -> None:
    server = Scripted()
    with listening(server, tls_context=tls, require_starttls=True) as port:
        assert send(MAIL, port=port, smtp_tls="starttls") == [SENT]
    assert server.over_tls == [True]


def test_implicit_tls_encrypts_the_whole_conversation(tls: ssl.SSLContext, trusted: None) -> None:
    server = Scripted()
    with listening(server, ssl_context=tls) as port:
        assert send(MAIL, port=port, smtp_tls="tls") == [SENT]
    assert len(server.kept) == 1


def test_without_the_promised_starttls_nothing_is_sent_in_clear() -> None:
    server = Scripted()
    with listening(server) as port, pytest.raises(TransientPostError):
        send(MAIL, port=port, smtp_tls="starttls")
    assert server.said == []


def test_a_server_with_a_certificate_nobody_trusts_gets_no_message(tls: ssl.SSLContext) -> None:
    server = Scripted()
    with listening(server, tls_context=tls) as port, pytest.raises(TransientPostError):
        send(MAIL, port=port, smtp_tls="starttls")
    assert server.said == []


def _only_hemligt(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: LoginPassword
) -> AuthResult:
    return AuthResult(success=login.password == b"hemligt", handled=False, auth_data=login.login)


@pytest.fixture
def guarded(tls: ssl.SSLContext) -> Callable[[Scripted], Any]:
    return lambda server: listening(server, tls_context=tls, authenticator=_only_hemligt, auth_required=True)


def test_the_password_opens_the_server(guarded: Callable[[Scripted], Any], trusted: None) -> None:
    server = Scripted()
    with guarded(server) as port:
        ends = send(MAIL, port=port, smtp_tls="starttls", smtp_user="timglas", smtp_password="hemligt")
    assert ends == [SENT]
    assert server.logged_in == [b"timglas"]


def test_a_wrong_password_fails_before_any_recipient_is_named_and_is_not_repeated(
    guarded: Callable[[Scripted], Any], trusted: None
) -> None:
    server = Scripted()
    with guarded(server) as port, pytest.raises(TransientPostError) as refusal:
        send(MAIL, port=port, smtp_tls="starttls", smtp_user="timglas", smtp_password="felaktigt")
    assert server.said == []
    assert "felaktigt" not in str(refusal.value)


def received(mail: Mail = MAIL) -> EmailMessage:
    server = Scripted()
    with listening(server) as port:
        assert send(mail, port=port) == [SENT]
    return server.message()


def test_the_headers_say_who_when_what_and_that_a_machine_wrote_it() -> None:
    headers = received()
    assert str(headers["From"]) == '"Nämnden för åtgärder, Exempelkommun" <timglas@exempelkommun.example>'
    assert headers["To"] == MAIL.to
    assert headers["Reply-To"] == MAIL.reply_to
    assert headers["Subject"] == MAIL.subject
    assert headers["Date"].datetime == SENT_AT
    assert headers["Message-ID"] == MAIL.message_id
    assert headers["References"] == "<inc-2023-0042@exempelkommun.example>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Content-Language"] == "sv"


def test_text_and_html_arrive_letter_for_letter() -> None:
    message = received()
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().strip() == MAIL.html


def test_every_octet_on_the_wire_is_ascii_and_no_line_is_too_long() -> None:
    server = Scripted()
    short = MAIL.model_copy(update={"text": "Å ä ö\n", "html": "<p>Å ä ö</p>\n"})
    with listening(server) as port:
        assert send(MAIL, short, port=port) == [SENT, SENT]
    for content in server.kept:
        assert content.isascii()
        assert max(map(len, content.splitlines())) <= 998


def test_an_attachment_comes_along_under_its_name() -> None:
    attachment = Attachment(name="inc-2023-0042.pdf", media_type="application/pdf", content=b"%PDF-\x00\xff")
    (part,) = received(MAIL.model_copy(update={"attachments": (attachment,)})).iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("inc-2023-0042.pdf", "application/pdf")
    assert part.get_content() == attachment.content


@pytest.mark.parametrize("field", ["subject", "sender_name", "reply_to", "message_id"])
def test_a_line_break_in_a_header_is_refused_and_nothing_is_sent(field: str) -> None:
    server = Scripted()
    with listening(server) as port, pytest.raises(ValueError, match=r"linefeed|CR or LF|line"):
        send(MAIL.model_copy(update={field: "Hej\r\nBcc: annan@post.example"}), port=port)
    assert server.said == []
