from datetime import UTC, datetime

import pytest

from models.mail import Incoming

ARRIVED = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def incoming(text: str) -> Incoming:
    return Incoming(key="0" * 64, arrived_at=ARRIVED, content=text.replace("\n", "\r\n").encode())


def test_addresses_are_read_without_names_in_lower_case_and_each_once() -> None:
    mail = incoming(
        'From: "Lind, Åsa" <Asa.Lind@Kommun.Example>\nDelivered-To: timglas+ab12@timglas.example\n'
        "To: Ombud <timglas@timglas.example>, TIMGLAS@timglas.example\nCc: x@y.example\n\nhej"
    )
    assert mail.sender == "asa.lind@kommun.example"
    assert mail.delivered_to == ("timglas+ab12@timglas.example", "timglas@timglas.example", "x@y.example")


def test_a_message_from_nobody_to_nobody_about_nothing_is_read_as_that() -> None:
    mail = incoming("\n")
    assert (mail.sender, mail.delivered_to, mail.text.strip()) == ("", (), "")


def test_the_plain_text_is_preferred_and_html_alone_is_read_without_its_tags() -> None:
    html = "Content-Type: text/html; charset=utf-8\n\n<style>p {}</style><p>Kod&nbsp;123 &amp; hej</p>\n"
    assert incoming(f"MIME-Version: 1.0\n{html}").text.split() == ["Kod", "123", "&", "hej"]
    both = (
        'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="x"\n\n--x\nContent-Type: text/plain\n\n'
        f"Kod 123\n--x\n{html}--x--\n"
    )
    assert incoming(both).text.strip() == "Kod 123"


@pytest.mark.parametrize("text", ["From: <>\n\nx", "From: undisclosed\n\nx", "From: a@b\nFrom: c@d\n\nx"])
def test_an_odd_sender_is_no_fault(text: str) -> None:
    assert isinstance(incoming(text).sender, str)


def test_what_it_says_is_in_no_printed_form_of_it() -> None:
    assert "hemligt" not in repr(incoming("Subject: hemligt\n\nhemligt"))
