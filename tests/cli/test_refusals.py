from pathlib import Path

import pytest

from tests.cli.desk import BOARD, CASE, DELEGATE, OFFICER, Desk, write

REPORT = ("--family=rek", "--summary=Ligger nere.", "--source=Mejl", "--reported-at=2023-04-24 16.10")


def test_a_party_the_register_does_not_hold_is_refused_before_any_case_is_opened(desk: Desk) -> None:
    said = desk.refused("new", BOARD, "kommunstyrelsn", *REPORT, at="2023-04-24 16.25", by=OFFICER)
    assert "kommunstyrelsn" in said
    assert "kommunstyrelsen" in said


def test_a_case_that_does_not_exist_is_refused(desk: Desk) -> None:
    assert "INC-2023-9999" in desk.refused("show", "INC-2023-9999")


@pytest.mark.parametrize("command", ["show", "timeline", "verify", "send"])
def test_a_reference_that_is_none_is_refused_with_an_example(desk: Desk, command: str) -> None:
    assert "INC-2026-0042" in desk.refused(command, "ärendet", *(["--by=a.b"] if command == "send" else []))


def test_the_officer_may_not_decide(desk: Desk) -> None:
    desk.known()
    said = desk.refused("decide", CASE, "--level=risk", "--reasoning=Så.", at="2023-04-26 10.15", by=OFFICER)
    assert "Dataskyddsombudet" in said


def test_risk_is_not_decided_before_awareness(desk: Desk) -> None:
    desk.reported()
    said = desk.refused("decide", CASE, "--level=risk", "--reasoning=Så.", at="2023-04-26 10.15", by=DELEGATE)
    assert "kännedom" in said


def test_awareness_in_the_future_is_refused(desk: Desk) -> None:
    desk.reported()
    said = desk.refused(
        "aware", CASE, "--at=2023-04-25 16.10", "--evidence=x", "--reasoning=y", at="2023-04-24 16.35", by=OFFICER
    )
    assert said.strip()


@pytest.mark.parametrize(
    "typed, says",
    [
        ("2023-03-26 02.30", "finns inte"),
        ("2023-10-29 02.30", "vintertid"),
        ("i går", "2026-11-21 16.10"),
        ("2023-13-40", "2026-11-21 16.10"),
    ],
)
def test_a_time_that_is_none_or_two_is_refused(desk: Desk, typed: str, says: str) -> None:
    desk.reported()
    said = desk.refused("aware", CASE, f"--at={typed}", "--evidence=x", "--reasoning=y", by=OFFICER)
    assert says in said


def test_a_sheet_nobody_approved_is_not_registered_as_filed(desk: Desk) -> None:
    desk.decided()
    desk.does("draft", CASE, "anmälan", at="2023-04-26 08.00", by=OFFICER)
    words = ("filed", CASE, "--filed-at=2023-04-26 09.00")
    assert "godkän" in desk.refused(*words, at="2023-04-26 09.05", by=OFFICER)


def test_a_late_filing_without_reasons_is_refused(desk: Desk) -> None:
    desk.decided()
    desk.approved("anmälan", day="2023-04-27")
    words = ("filed", CASE, "--filed-at=2023-04-28 15.00")
    assert "artikel 33.1" in desk.refused(*words, at="2023-04-28 15.05", by=OFFICER)
    filed = desk.does(*words, "--delay-reasons=Vi väntade på besked.", "--json", at="2023-04-28 15.05", by=OFFICER)
    assert filed.data["duties"]["gdpr.33.1"]["status"] == "fulfilled"


def test_a_late_sheet_is_not_drafted_before_its_reasons(desk: Desk) -> None:
    desk.decided()
    draft = ("draft", CASE, "anmälan")
    assert "Förklara först förseningen" in desk.refused(*draft, at="2023-04-28 09.00", by=OFFICER)
    said = desk.does("delay", CASE, "--reasons=Vi väntade på besked.", at="2023-04-28 09.05", by=OFFICER).out
    assert "Tänk på:" in said
    assert "Vi väntade på besked." in desk.does(*draft, at="2023-04-28 09.10", by=OFFICER).out


def test_a_copy_that_is_no_page_or_picture_is_refused(desk: Desk) -> None:
    desk.decided()
    desk.approved("anmälan", day="2023-04-27")
    desk.does("filed", CASE, "--filed-at=2023-04-27 15.00", at="2023-04-27 15.05", by=OFFICER)
    program = desk.folder / "kopia.exe"
    program.write_bytes(b"MZ")
    assert "PDF, en webbsida eller en bild" in desk.refused("copy", CASE, str(program), by=OFFICER)


def test_a_long_time_from_detection_to_awareness_asks_for_its_reason(desk: Desk) -> None:
    desk.reported()
    words = ("aware", CASE, "--at=2023-04-24 16.10", "--evidence=Mejl", "--reasoning=Så.")
    late = (*words, "--detected-at=2023-04-21 09.00")
    desk.refused(*late, at="2023-04-24 16.35", by=OFFICER)
    desk.does(*late, "--gap-reason=Vi utredde loggarna hela helgen.", at="2023-04-24 16.35", by=OFFICER)


def test_what_is_security_sensitive_takes_in_nothing_more(desk: Desk) -> None:
    desk.known()
    desk.does("regime", CASE, "--set=security_sensitive=ja", "--reasoning=Skyddsvärt.", by=OFFICER)
    desk.refused("facts", CASE, "--set=malicious=ja", "--source=Mejl", by=OFFICER)
    assert "säkerhetsskyddschefen" in desk.does("show", CASE).out


def test_letters_nobody_approved_are_not_sent(desk: Desk) -> None:
    desk.decided("hög")
    people = write(
        desk.folder / "people.csv", "id,name,email,street,postcode,city,protection\ns1,A,a@b.example,,,,none\n"
    )
    desk.does("recipients", "load", CASE, str(people), by=OFFICER)
    assert "godkän" in desk.refused("send", CASE, at="2023-05-15 10.00", by=DELEGATE)


def test_nothing_is_approved_without_the_digest_of_what_was_read(desk: Desk) -> None:
    desk.decided()
    desk.does("draft", CASE, "anmälan", at="2023-04-26 11.00", by=OFFICER)
    assert "kontrollsumma" in desk.refused("approve", CASE, "anmälan", at="2023-04-26 14.00", by=DELEGATE)
    assert "utkast" in desk.refused("approve", CASE, "anmälan", "--sha=0123456789", at="2023-04-26 14.00", by=DELEGATE)


def test_the_author_does_not_approve(desk: Desk) -> None:
    desk.decided()
    sha = desk.does("draft", CASE, "anmälan", "--json", at="2023-04-26 11.00", by=DELEGATE).data["sha256"]
    said = desk.refused("approve", CASE, "anmälan", f"--sha={sha}", at="2023-04-26 14.00", by=DELEGATE)
    assert DELEGATE in said


def test_an_open_duty_keeps_the_case_open(desk: Desk) -> None:
    desk.decided()
    said = desk.refused("close", CASE, "--reasoning=Klart.", "--lessons=Inget.", at="2023-05-24 09.00", by=DELEGATE)
    assert "artikel 33.1" in said


def test_a_case_that_is_not_closed_is_not_archived(desk: Desk) -> None:
    desk.known()
    assert desk.refused("archive", CASE, at="2023-05-24 09.00", by=OFFICER).strip()


FAULTY = """\
id,name,email,street,postcode,city,protection
s1,Alva Provlund,a@b.example,,,,none
19121212-1212,Björn Övning,b@b.example,,,,none
"""


def test_a_list_of_people_with_a_fault_is_refused_whole_on_demand_and_nothing_is_said_of_them(desk: Desk) -> None:
    desk.decided("hög")
    people = write(desk.folder / "people.csv", FAULTY)
    said = desk.refused("recipients", "load", CASE, str(people), "--all-or-nothing", by=OFFICER)
    assert "1 av 2 rader" in said
    assert "Björn" not in said
    assert "191212" not in said
    assert desk.does("send", CASE, "--dry-run", "--json", by=DELEGATE).data["email"] == 0


def test_a_list_is_judged_row_by_row_and_nothing_is_stored(desk: Desk) -> None:
    desk.decided("hög")
    people, bad = write(desk.folder / "people.csv", FAULTY), desk.folder / "fel.csv"
    said = desk.types("recipients", "check", str(people), f"--bad={bad}")
    assert (said.code, said.err.strip()) == (1, "")
    assert "2 rader, 1 person kan läsas in" in said.out.replace("\u00a0", " ")
    assert "rad 3" in said.out
    assert "Björn" not in said.out
    assert [line.split(";")[:2] for line in bad.read_text("utf-8-sig").splitlines()] == [
        ["Rad", "Läses in"],
        ["3", "nej"],
    ]
    assert "Björn Övning" in bad.read_text("utf-8-sig")
    assert desk.does("send", CASE, "--dry-run", "--json", by=DELEGATE).data["email"] == 0


def test_the_rows_that_can_be_read_are_taken_in(desk: Desk) -> None:
    desk.decided("hög")
    people = write(desk.folder / "people.csv", FAULTY)
    told = desk.does("recipients", "load", CASE, str(people), "--json", by=OFFICER).data
    assert (told["recipients"], told["refused"], told["counts"]) == (1, 1, {"id_form": 1})
    assert desk.does("send", CASE, "--dry-run", "--json", by=DELEGATE).data["email"] == 1


@pytest.mark.parametrize("option", ["--evidence", "--reasoning"])
def test_a_personnummer_is_refused_and_not_repeated(desk: Desk, option: str) -> None:
    desk.reported()
    texts = {"--evidence": "Mejl", "--reasoning": "Så var det", option: "Anna Provlund, 19121212-1212, ringde"}
    said = desk.refused(
        "aware",
        CASE,
        "--at=2023-04-24 16.10",
        *(f"{name}={text}" for name, text in texts.items()),
        at="2023-04-24 16.35",
        by=OFFICER,
    )
    assert said.startswith(f"{option}: Texten innehåller ett personnummer.")
    assert "1212" not in said
    assert "Anna" not in said


@pytest.mark.parametrize(
    "words, says",
    [
        (("decide", CASE), "--level"),
        (("decide", CASE, "--level=kanske", "--reasoning=x"), "osannolik"),
        (("draft", CASE, "brev"), "anmälan till IMY"),
        (("draft", CASE, "information"), "information till allmänheten"),
        (("except", CASE, "--provision=d", "--reasoning=x"), "--provision: Välj ett av de här: a; b; c."),
        (("bord",), "board"),
        (("board", "extra"), "timglas board --help"),
        (("board", "--jsn"), "--json"),
        (("diary", CASE, "IMY 12"), "IMY-2026-1234"),
        (("facts", CASE, "--source=x"), "--set"),
        (("facts", CASE, "--source=x", "--file=finns-inte.yaml"), "finns-inte.yaml"),
        (("correct-facts", CASE, "sju", "--because=x"), "heltal"),
        (("law", "--on=i går"), "2026-03-01"),
        (("show", CASE, "--at=2020-01-01"), "fanns inte"),
    ],
)
def test_a_command_typed_wrongly_is_refused_with_what_would_be_right(
    desk: Desk, words: tuple[str, ...], says: str
) -> None:
    desk.decided()
    desk.does("draft", CASE, "anmälan", at="2023-04-26 11.00", by=OFFICER)
    acts = words[0] in ("decide", "draft", "except", "diary", "facts", "correct-facts")
    assert says in desk.refused(*words, by=OFFICER if acts else None)


def test_who_acts_is_asked_for_unless_the_environment_says(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "TIMGLAS_ACTOR" in desk.refused("new", BOARD, *REPORT, at="2023-04-24 16.25")
    monkeypatch.setenv("TIMGLAS_ACTOR", OFFICER)
    assert CASE in desk.does("new", BOARD, *REPORT, at="2023-04-24 16.25").out


def test_a_name_is_not_who_somebody_is(desk: Desk) -> None:
    said = desk.refused("new", BOARD, *REPORT, by="Sara Exempel")
    assert "sara.exempel" in said
    assert "Sara Exempel" not in said


def test_a_register_that_cannot_be_read_is_a_refusal(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TIMGLAS_PARTIES", str(write(tmp_path / "parties.yaml", "controllers: [")))
    said = desk.types("board")
    assert said.code == 2
    assert "parties.yaml" in said.err
