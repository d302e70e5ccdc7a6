"""The octets of a batch are those of the standard library, whatever people are called and write."""

import email.policy
import re
from datetime import UTC, datetime
from email.header import decode_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.mail.octets import message, octets
from models.mail import Attachment, Mail

MAIL = Mail(
    message_id="<0123abcd@timglas.exempel>",
    sent_at=datetime(2023, 5, 12, 9, 30, 17, tzinfo=UTC),
    incident="INC-2023-0042",
    sender_name="Nämnden för åtgärder",
    sender="timglas@exempelkommun.example",
    reply_to="dataskyddsombud@exempelkommun.example",
    to="sokande001@post.example",
    subject="Viktigt: dina uppgifter är berörda",
    text="Hej!\n\nÅ, ä och ö ska fram hela.\n",
    html="<p>Å, ä och ö ska fram hela.</p>",
)
LOOKS_ENCODED = "=?utf-8?q?inte_det_h=C3=A4r?="

plain = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=120)
"""What can stand in a header: no line breaks, no half characters."""
swedish = st.text("abcdefghijklmnopqrstuvwxyzåäöÅÄÖé -.,:()0123456789", min_size=1, max_size=160)
bodies = st.text(st.characters(exclude_categories=("Cs",)), max_size=600)
addresses = st.from_regex(r"[a-z0-9._+-]{1,30}@[a-z0-9-]{1,30}\.example", fullmatch=True)
files = st.builds(
    Attachment,
    name=st.from_regex(r"[a-zåäö0-9-]{1,20}\.pdf|[A-Za-z0-9._-]{1,70}", fullmatch=True),
    media_type=st.sampled_from(["application/pdf", "application/octet-stream", "image/png"]),
    content=st.binary(max_size=300),
)


def without_boundaries(content: bytes) -> bytes:
    """Return the message with each boundary, which is chance, named by its order."""
    for number, boundary in enumerate(dict.fromkeys(re.findall(rb"===============\d+==", content))):
        content = content.replace(boundary, b"boundary-%d" % number)
    return content


def parsed(content: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=email.policy.default).parsebytes(content)


@given(
    name=plain.filter(lambda text: "=?" not in text),
    subject=plain.filter(lambda text: "=?" not in text),
    to=addresses,
    reply_to=addresses,
    token=st.from_regex(r"[0-9a-f]{40}", fullmatch=True),
    text=bodies,
    html=bodies,
    attachments=st.lists(files, max_size=2),
)
@example(
    "Timglas",
    "24 timmar kvar: INC-2023-0042, anmälan till IMY, Kommunstyrelsen i Exempelkommun",
    "a@b.example",
    "timglas+inc-2023-0042.aaaaaaaaaaaaaaaaaaaaaaaaaa@timglas.exempelkommun.example",
    "1" * 40,
    "",
    "",
    [
        Attachment(name=f"{'n' * (length - 4)}.ics", media_type="text/calendar", content=b"x")
        for length in (28, 59, 60, 61)
    ],
)
@example("Åsa", "Hej", "a@b.example", "c@d.example", "0" * 40, "\n.\n..\r\n", "", [])
@example(
    '"Citat" (med, allt); <a@b>',
    "x" * 120,
    f"{'a' * 60}@{'b' * 60}.example",
    f"{'c' * 60}@{'d' * 60}.example",
    "f" * 40,
    "a\rb\x85c\u2028d",
    "å",
    [],
)
def test_the_octets_equal_those_of_an_email_message(  # noqa: PLR0917 - each is one field of a message
    name: str, subject: str, to: str, reply_to: str, token: str, text: str, html: str, attachments: list[Attachment]
) -> None:
    own = {"sender_name": name, "subject": subject, "to": to, "message_id": f"<{token}@timglas.exempel>"}
    own |= {"reply_to": reply_to, "text": text, "html": html, "attachments": tuple(attachments)}
    try:
        mail = MAIL.model_copy(update=own)
        expected = message(mail).as_bytes()
    except ValueError:  # the standard library refuses some names of its own accord
        with pytest.raises(ValueError, match=r"."):
            octets(MAIL.model_copy(update=own))
        return
    assert without_boundaries(octets(mail)) == without_boundaries(expected)


@given(subject=swedish, name=swedish, text=bodies, attachment=files)
def test_what_is_sent_is_read_as_it_was_written(subject: str, name: str, text: str, attachment: Attachment) -> None:
    mail = MAIL.model_copy(
        update={"subject": subject.strip() or "x", "text": text, "attachments": (attachment,), "sender_name": name}
    )
    read = parsed(octets(mail))
    body = read.get_body(("plain",))
    assert body is not None
    assert " ".join(str(read["Subject"]).split()) == " ".join(mail.subject.split())
    assert body.get_content().encode().splitlines() == text.encode().splitlines() or not text
    (file,) = read.iter_attachments()
    assert (file.get_filename(), file.get_content()) == (attachment.name, attachment.content)
    assert [part.defects for part in read.walk() if part.defects] == []


@given(before=swedish, after=swedish)
def test_what_only_looks_encoded_is_read_as_it_was_written(before: str, after: str) -> None:
    said = f"{before}{LOOKS_ENCODED}{after}"
    read = BytesParser().parsebytes(octets(MAIL.model_copy(update={"subject": said, "sender_name": said})))
    name = read["From"].rpartition(" <")[0]
    assert decoded(read["Subject"]) == said
    assert decoded(name) == said


@given(subject=swedish, name=swedish)
@example(
    "Information om en personuppgiftsincident hos Kommunstyrelsen i Exempelköping – så här påverkas du",
    "Miljö- och hälsoskyddsnämnden, Exempelköpings kommun",
)
def test_no_space_between_two_words_is_lost_or_added_where_a_line_is_broken(subject: str, name: str) -> None:
    subject, name = " ".join(subject.split()) or "x", " ".join(name.split()) or "x"
    content = octets(MAIL.model_copy(update={"subject": subject, "sender_name": name}))
    read = BytesParser().parsebytes(content)
    assert decoded(read["Subject"].replace("\r\n", "")) == subject
    ((shown, address),) = getaddresses([read["From"].replace("\r\n", "")])
    assert (decoded(shown), address) == (name, MAIL.sender)
    assert max(map(len, content.split(b"\r\n"))) <= 78


def decoded(header: str) -> str:
    return "".join(
        part.decode(charset or "ascii") if isinstance(part, bytes) else part for part, charset in decode_header(header)
    )


@pytest.mark.parametrize("field", ["subject", "sender_name", "reply_to"])
@pytest.mark.parametrize("said", ["Hej\r\nBcc: annan@post.example", f"{LOOKS_ENCODED}\nBcc: annan@post.example"])
def test_a_line_break_in_a_header_is_refused(field: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"linefeed|CR or LF|line"):
        octets(MAIL.model_copy(update={field: said}))


def test_every_octet_is_ascii_and_no_line_is_longer_than_mail_allows() -> None:
    long = MAIL.model_copy(update={"text": "En lång rad utan brytning. " * 60, "html": "<p>" + "å" * 5000})
    content = octets(long)
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_thread_of_a_long_domain_is_still_a_message_id() -> None:
    read = parsed(octets(MAIL.model_copy(update={"sender": f"timglas@{'k' * 60}.example"})))
    assert str(read["References"]) == f"<inc-2023-0042@{'k' * 60}.example>"
