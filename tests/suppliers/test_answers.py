"""What controllers write back, and what their machines do."""

from email.message import EmailMessage

import pytest

from models.facts import Facts
from models.supply_events import Answered
from services.supply.state_slices import Slice
from tests.suppliers.installation import ADDRESSES, BOARD, OTHER, Supplier

WHEN, LATER, READ = "2026-11-23 16.05", "2026-11-23 17.30", "2026-11-23 17.45"


@pytest.fixture
def case(supplier: Supplier) -> str:
    case = supplier.happens(Slice(BOARD, Facts()), Slice(OTHER, Facts()), when="2026-11-23 13.20")
    supplier.informs(case, when=WHEN)
    return case


def notice_to(supplier: Supplier, board: str) -> EmailMessage:
    return supplier.outgoing(ADDRESSES[board])[0][1]


def reply(to: EmailMessage, text: str = "Mottaget, tack.", *, subject: str | None = None, **headers: str) -> bytes:
    answer = EmailMessage()
    answer["From"] = "nagon@exempelkommun.example"
    answer["To"] = "timglas@rekryteringssystem.example"
    answer["Subject"] = f"SV: {to['Subject']}" if subject is None else subject
    answer["In-Reply-To"] = to["Message-ID"]
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    answer.set_content(text)
    return answer.as_bytes()


def test_a_reply_that_carries_the_code_confirms_when_it_arrived(supplier: Supplier, case: str) -> None:
    supplier.receives(reply(notice_to(supplier, BOARD)), arrived=LATER)
    supplier.reads(READ)
    assert supplier.answers(case) == {BOARD: Answered.REPLY}
    assert f"{supplier.incident(case).supply.answered[BOARD].occurred_at:%H:%M}" == "16:30"  # in UTC
    assert set(supplier.incident(case).supply.silent) == {OTHER}


def test_a_code_typed_in_a_new_mail_confirms_too_in_small_letters(supplier: Supplier, case: str) -> None:
    sent = notice_to(supplier, OTHER)
    code = str(sent["Subject"]).partition("svarskod ")[2].rstrip(")")
    supplier.receives(
        reply(sent, f"Hej! Ärende {case.lower()}, kod {code.lower()}.", subject="Kvittens"), arrived=LATER
    )
    supplier.reads(READ)
    assert supplier.answers(case) == {OTHER: Answered.REPLY}


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x@y.example"},
        {"Auto_Submitted": "auto-replied (vacation)"},
    ],
)
def test_a_machine_that_says_that_somebody_is_away_confirms_nothing(
    supplier: Supplier, case: str, headers: dict[str, str]
) -> None:
    supplier.receives(reply(notice_to(supplier, BOARD), "Jag är åter på måndag.", **headers), arrived=LATER)
    assert supplier.reads(READ) == 1
    assert supplier.answers(case) == {}
    assert supplier.aside() == []


@pytest.mark.parametrize("subject", ["Bekräftelse: allt väl", "Hej", "SV: svarskod 0000-0000 INC-2026-0001"])
def test_a_mail_without_the_right_code_confirms_nothing_and_is_left_to_a_person(
    supplier: Supplier, case: str, subject: str
) -> None:
    supplier.receives(reply(notice_to(supplier, BOARD), subject=subject), arrived=LATER)
    supplier.reads(READ)
    assert supplier.answers(case) == {}
    assert supplier.aside() == ["not_understood"]


def test_the_code_of_one_case_confirms_nothing_in_another(supplier: Supplier, case: str) -> None:
    code = str(notice_to(supplier, BOARD)["Subject"]).partition("svarskod ")[2].rstrip(")")
    supplier.receives(reply(notice_to(supplier, BOARD), subject=f"INC-2026-0002 {code}"), arrived=LATER)
    supplier.reads(READ)
    assert supplier.answers(case) == {}


def test_an_old_answer_read_late_does_not_stand_for_the_newest_version(supplier: Supplier, case: str) -> None:
    first = notice_to(supplier, BOARD)
    supplier.informs(case, BOARD, when="2026-11-23 18.00")
    supplier.receives(reply(first), arrived=LATER)
    supplier.reads("2026-11-23 18.10")
    assert supplier.answers(case) == {BOARD: Answered.REPLY}
    assert BOARD in supplier.incident(case).supply.silent
