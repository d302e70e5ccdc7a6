import email.policy
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from adapters.mail.sink import UNKNOWN_MAILBOX, mail_sink
from flows.host.server import free_port


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    port = free_port()
    with mail_sink(tmp_path, port):
        yield port


def message(to: str, incident: str = "inc-2023-0042", at: str = "Fri, 12 May 2023 09:30:00 +0000") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "timglas@exempel.example", to, "Påminnelse"
    made["Date"], made["References"] = at, f"<{incident}@exempel.example>"
    made.set_content("Å, ä och ö.")
    return made


def hand_over(port: int, *messages: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for made in messages:
            server.send_message(made)


def kept(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_a_message_is_kept_whole_under_its_incident_and_its_local_time(port: int, tmp_path: Path) -> None:
    hand_over(port, message("anna@post.example"))
    assert kept(tmp_path) == ["INC-2023-0042/mejl/2023-05-12-1130-0001.eml"]
    file = tmp_path / kept(tmp_path)[0]
    stored = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(file.read_bytes())
    assert stored["To"] == "anna@post.example"
    assert stored.get_content().strip() == "Å, ä och ö."


def test_no_file_name_holds_a_name_or_an_address(port: int, tmp_path: Path) -> None:
    hand_over(port, message("anna@post.example"), message("berit@post.example"))
    assert not any("anna" in name or "berit" in name or "@" in name for name in kept(tmp_path))


def test_messages_of_the_same_minute_are_all_kept_in_the_order_they_came(port: int, tmp_path: Path) -> None:
    hand_over(port, *(message(f"{name}@post.example") for name in ("a", "b", "c")))
    files = [tmp_path / name for name in kept(tmp_path)]
    recipients = [BytesParser(policy=email.policy.default).parsebytes(file.read_bytes())["To"] for file in files]
    assert recipients == ["a@post.example", "b@post.example", "c@post.example"]


def test_each_incident_has_a_folder_of_its_own(port: int, tmp_path: Path) -> None:
    hand_over(port, message("a@post.example"), message("a@post.example", incident="inc-2023-0043"))
    assert {name.partition("/")[0] for name in kept(tmp_path)} == {"INC-2023-0042", "INC-2023-0043"}


def test_a_mailbox_that_is_gone_is_refused_for_good(port: int, tmp_path: Path) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        hand_over(port, message(f"{UNKNOWN_MAILBOX}@post.example"))
    assert [code for code, _ in refusal.value.recipients.values()] == [550]
    assert kept(tmp_path) == []
