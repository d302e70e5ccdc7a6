import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from flows.bootstrap import wire
from models.replay import replay
from tests.cli.desk import CASE, DELEGATE, OFFICER, Desk, code_in, post_office, write

PEOPLE = """id,name,email,street,postcode,city,protection
s1,Alva Provlund,alva@post.example,Björkvägen 1,99140,Provköping,none
s2,Björn Övningsmark,,Skolgatan 2,99150,Testvik,none
s3,Cecilia Påhittsson,cecilia@post.example,Ängsstigen 3,99160,Mallhult,secrecy_marked
s4,Dag Testberg,,,,,none
"""


@pytest.fixture
def post(desk: Desk) -> Iterator[Path]:
    """A mail server that keeps what it is given."""
    with post_office(desk.folder / "post"):
        yield desk.folder / "post" / CASE / "mejl"


def test_a_case_goes_from_the_first_report_to_the_archive_by_commands_alone(desk: Desk, post: Path) -> None:
    desk.known()
    desk.does(
        "regime",
        CASE,
        "--set=security_sensitive=nej",
        "--set=law_enforcement_purpose=nej",
        "--reasoning=Rekrytering är inte brottsbekämpning.",
        at="2023-04-24 17.00",
        by=OFFICER,
    )
    swept = desk.does("sweep", at="2023-04-26 16.20")
    assert swept.out == "1 av 1 ärenden är uppdaterade.\n"
    told = sorted(message["To"] for message in messages(post))
    assert told == [
        "anna.exempel@exempelkommun.example",
        "dataskyddsombud@exempelkommun.example",
        "omar.exempel@exempelkommun.example",
        "registrator@exempelkommun.example",  # the end of the chain
    ]

    desk.does(
        "decide",
        CASE,
        "--level=hög",
        "--reasoning=Uppgifterna kan ha röjts.",
        "--advice=Jag instämmer.",
        at="2023-04-26 17.00",
        by=DELEGATE,
    )
    desk.approved("anmälan", day="2023-04-27")
    filed = desk.does("filed", CASE, "--filed-at=2023-04-27 15.20", at="2023-04-27 15.25", by=OFFICER)
    assert "Första anmälan registrerad, lämnad torsdagen den 27 april 2023 kl. 15.20" in filed.out
    assert f"timglas copy {CASE}" in filed.out
    copy = write(desk.folder / "kopia.html", "<!DOCTYPE html><title>Tack</title>")
    assert "kopian är sparad" in desk.does("copy", CASE, str(copy), at="2023-04-27 15.30", by=OFFICER).out
    desk.does("diary", CASE, "IMY-2023-99001", at="2023-04-28 11.00", by=OFFICER)

    people = write(desk.folder / "people.csv", PEOPLE)
    assert "4 mottagare" in desk.does("recipients", "load", CASE, str(people), by=OFFICER).out
    desk.approved("registrerade", day="2023-05-02")
    ways = desk.does("send", CASE, "--dry-run", "--json", at="2023-05-03 09.00", by=DELEGATE)
    expected = {"email": 1, "paper": 1, "sealed": 1, "unreachable": 1}
    assert {way: count for way, count in ways.data.items() if count} == {"incident": CASE, **expected}
    sent = desk.confirms("send", CASE, "--json", at="2023-05-03 10.00", by=DELEGATE)
    assert sent.data == {
        "incident": CASE,
        "recipients": 4,
        "emailed": 1,
        "on_paper": 1,
        "sealed": 1,
        "unreachable": 1,
        "uncertain": 0,
        **dict.fromkeys(("by_mailbox", "by_guardians", "by_notice", "deceased"), 0),
    }

    assert "timglas letters print" in desk.does("show", CASE, at="2023-05-03 10.30").out
    printed = desk.does("letters", "print", CASE, "--json", at="2023-05-03 11.00", by=OFFICER).data
    assert (printed["letters"], Path(printed["file"]).exists()) == (1, True)
    sealed = desk.confirms("letters", "print", CASE, "--sealed", at="2023-05-03 11.30", by=DELEGATE).out
    assert "Skatteverket" in sealed
    assert "inte postade: 1 och 2" in desk.refused("close", CASE, "--reasoning=Nu.", "--lessons=Inga.", by=DELEGATE)
    for batch in ("1", "2"):
        desk.does("letters", "posted", CASE, batch, at="2023-05-03 16.00", by=OFFICER)
    assert not Path(printed["file"]).exists()
    assert desk.does("letters", "list", CASE).out.count("postad onsdag 3 maj 2023 kl. 16.00") == 2

    desk.does(
        "facts",
        CASE,
        "--set=how_discovered=Leverantörens övervakning larmade.",
        "--set=other_countries=nej",
        "--source=Slutrapporten",
        at="2023-05-10 10.00",
        by=OFFICER,
    )
    desk.approved("komplettering", day="2023-05-11")
    again = ("filed", CASE, "--filed-at=2023-05-11 15.00", f"--copy={copy}", "--json")
    told = desk.does(*again, at="2023-05-11 15.05", by=OFFICER).data
    assert (told["phase"], told["complete"]) == ("final", True)
    assert "Avsluta ärendet" in desk.does("show", CASE, at="2023-05-12 09.00").out
    desk.does("close", CASE, "--reasoning=Allt är gjort.", "--lessons=Gallra.", at="2023-05-24 09.00", by=DELEGATE)
    desk.does("archive", CASE, at="2023-05-24 10.00", by=OFFICER)

    incident = replay(wire().timeline.read(CASE))
    assert incident.archived is not None
    assert [file.suffix for file in (desk.folder / "files" / CASE / "akt").iterdir()] == [".zip"]
    assert "Kedjan håller" in desk.does("verify", CASE).out
    assert desk.does("board", "--json", at="2023-05-25 09.00").data[0]["status"] == "fulfilled"
    assert "arkiverat" in desk.does("show", CASE, at="2023-05-25 09.00").out

    desk.does("timeline", CASE)
    for told_of_somebody in ("Provlund", "Övningsmark", "Påhittsson", "post.example", "Björkvägen", "Skolgatan"):
        assert told_of_somebody not in desk.heard


def test_a_notice_to_the_public_is_registered_where_an_exception_allows_it(desk: Desk) -> None:
    desk.decided("hög")
    desk.does(
        "except", CASE, "--provision=c", "--reasoning=Inga adresser går att nå.", at="2023-05-11 17.45", by=DELEGATE
    )
    desk.approved("allmänheten", day="2023-05-12")
    said = desk.does(
        "publish",
        CASE,
        "--channel=kommunens webbplats",
        "--channel=lokaltidningen",
        "--published-at=2023-05-12 15.04",
        at="2023-05-12 15.05",
        by=OFFICER,
    )
    assert "kommunens webbplats och lokaltidningen" in said.out
    (told,) = [row for row in desk.does("board", "--json").data if row["provision"] == "gdpr.34.1"]
    assert told["fulfilled_at"] == "2023-05-12T15:04:00+02:00"


def test_a_processor_tells_each_controller_and_counts_the_versions(desk: Desk, post: Path) -> None:
    desk.does(
        "new",
        "rekryteringssystem",
        "--family=rek",
        "--summary=Driften ligger nere.",
        "--source=Driftbolagets jour",
        "--reported-at=2023-04-24 13.20",
        "--concerned=kommunstyrelsen",
        at="2023-04-24 13.25",
        by="ida.pahitt",
    )
    desk.does(
        "aware",
        CASE,
        "--at=2023-04-24 13.20",
        "--evidence=Samtal",
        "--reasoning=Bekräftat.",
        at="2023-04-24 13.30",
        by="ida.pahitt",
    )
    facts = write(
        desk.folder / "own.yaml",
        "what_happened: Driften har stängts efter ett angrepp.\nbreach_types: [tillgänglighet]\n"
        "measures_taken: [system_shut_down]\n",
    )
    desk.does("facts", CASE, f"--file={facts}", "--source=Driften", at="2023-04-24 15.00", by="ida.pahitt")
    for version, hour, number in ((1, 16, 8400), (2, 17, 8431)):
        table = write(desk.folder / f"slices-{version}.csv", f"id;berörs;n_subjects\nkommunstyrelsen;ja;{number}\n")
        when = f"2023-04-24 {hour}.10"
        desk.does("inform", "slices", CASE, str(table), "--source=Systemets statistik", at=when, by="ida.pahitt")
        said = desk.does("inform", "prepare", CASE, at=when, by="leo.pahitt")
        assert f"kommunstyrelsen: version {version}" in said.out
        desk.refused("inform", "send", CASE, at=when, by="ida.pahitt")
        code = code_in(max(post.glob("*.eml"), key=lambda file: file.stem[-4:]))  # they are numbered as they come
        desk.does("inform", "send", CASE, f"--code={code}", at=when, by="ida.pahitt")
    notices = [message for message in messages(post) if "svarskod" in str(message["Subject"])]
    assert ["version 1" in str(notices[0]["Subject"]), "version 2" in str(notices[1]["Subject"])] == [True, True]


def messages(post: Path) -> list[EmailMessage]:
    read = BytesParser(EmailMessage, policy=email.policy.default)
    return [read.parsebytes(file.read_bytes()) for file in sorted(post.glob("*.eml"))]


def release_code(desk: Desk) -> str:
    with post_office(desk.folder / "codes"):
        desk.refused("send", CASE, at="2023-05-03 10.00", by=DELEGATE)
    (mailed,) = (desk.folder / "codes").rglob("*.eml")
    return code_in(mailed)


def test_a_mail_server_that_is_down_is_a_fault_and_the_release_stands(desk: Desk) -> None:
    desk.decided("hög")
    desk.does("recipients", "load", CASE, str(write(desk.folder / "people.csv", PEOPLE)), by=OFFICER)
    desk.approved("registrerade", day="2023-05-02")
    code = release_code(desk)
    said = desk.types("send", CASE, f"--code={code}", at="2023-05-03 10.00", by=DELEGATE)
    assert said.code == 1
    assert "Alva" not in said.err
    assert replay(wire().timeline.read(CASE)).started is not None


def test_a_sweep_without_a_mail_server_says_which_cases_wait_and_ends_with_status_1(desk: Desk) -> None:
    desk.known()
    said = desk.types("sweep", at="2023-04-26 16.20")
    assert said.code == 1
    assert said.out == "0 av 1 ärenden är uppdaterade.\n"
    assert said.err.startswith(f"{CASE}: ")


def test_an_order_of_the_authority_sets_a_day(desk: Desk) -> None:
    desk.decided()
    said = desk.does(
        "order",
        CASE,
        "--reference=Beslut 2023-05-02",
        "--communicate-by=2023-05-10",
        at="2023-05-02 09.00",
        by=OFFICER,
    )
    assert "onsdagen den 10 maj 2023" in said.out


def test_what_another_law_demands_is_reported_or_lifted_with_reasons(desk: Desk) -> None:
    desk.known()
    said = desk.does(
        "regime",
        CASE,
        "--law=electronic_communications",
        "--reasoning=Vi driver en allmän tjänst.",
        at="2023-04-24 17.00",
        by=OFFICER,
    )
    assert "Det här gäller" in said.out
    rows = desk.does("board", "--json", at="2023-04-24 17.05").data
    provision = next(row["provision"] for row in rows if not row["provision"].startswith("gdpr") and row["due_at"])
    desk.refused(
        "reported", CASE, "se.finns.inte", "--filed-at=nu", "--receipt=PTS-1", at="2023-04-25 09.00", by=OFFICER
    )
    desk.does(
        "reported",
        CASE,
        provision,
        "--filed-at=2023-04-25 08.00",
        "--receipt=PTS-1",
        at="2023-04-25 09.00",
        by=OFFICER,
    )
    rows = desk.does("board", "--json", at="2023-04-25 10.00").data
    assert [row["status"] for row in rows if row["provision"] == provision] == ["fulfilled"]


def test_a_notification_is_taken_back_once_the_risk_is_found_unlikely(desk: Desk) -> None:
    desk.decided()
    desk.approved("anmälan", day="2023-04-26")
    desk.does("filed", CASE, "--filed-at=2023-04-26 15.20", at="2023-04-26 15.25", by=OFFICER)
    desk.refused("draft", CASE, "återkallelse", at="2023-05-02 09.00", by=OFFICER)
    unlikely = ("decide", CASE, "--level=osannolik", "--reasoning=Det var testdata.")
    desk.confirms(*unlikely, at="2023-05-02 10.00", by=DELEGATE)
    desk.refused("withdraw", CASE, at="2023-05-02 11.00", by=OFFICER)
    desk.approved("återkallelse", day="2023-05-02")
    assert "Tiden för den står kvar" in desk.does("withdraw", CASE, at="2023-05-02 16.00", by=OFFICER).out


def test_what_is_missing_is_shown_and_explained(desk: Desk) -> None:
    desk.decided()
    assert "saknar inget" in desk.does("missing", CASE, at="2023-04-26 08.00", by=OFFICER).out
    because = "--because=Loggarna gås igenom."
    told = ("missing", CASE, "--item=utredningen", because, "--until=2023-05-10")
    shown = desk.does(*told, at="2023-04-26 08.05", by=OFFICER).out
    assert "Resultatet av utredningen: kommer senast den 10 maj 2023. Loggarna gås igenom." in shown
    never = ("missing", CASE, "--item=utredningen", because, "--never", "--json")
    (open_for_good,) = desk.does(*never, at="2023-04-26 08.10", by=OFFICER).data["missing"]
    assert (open_for_good["key"], open_for_good["follows_on"]) == ("investigation", None)
    assert "--never" in desk.refused(*told, "--never", at="2023-04-26 08.15", by=OFFICER)


def test_the_e_service_is_down_and_the_sheet_goes_by_post(desk: Desk) -> None:
    desk.decided()
    desk.approved("anmälan", day="2023-04-26")
    down = ("portal-down", CASE, "--what-happened=Sidan svarade inte.")
    said = desk.does(*down, at="2023-04-27 14.00", by=OFFICER).out
    assert "anmalan/1-med-post-1.pdf" in said
    assert "Box 8114, 104 20 Stockholm" in said
    filed = ("filed", CASE, "--filed-at=2023-04-27 15.00", "--way=post")
    assert "Första anmälan registrerad" in desk.does(*filed, at="2023-04-27 15.05", by=OFFICER).out


def test_what_may_be_secret_is_proposed_and_marked(desk: Desk) -> None:
    desk.decided()
    desk.does("facts", CASE, "--set=measures_before=Tvåfaktor.", "--source=It", at="2023-04-26 08.00", by=OFFICER)
    assert "Förslag: Säkerhetsåtgärder före incidenten, 18 kap. 8 § 3" in desk.does("secrecy", CASE, by=OFFICER).out
    marked = ("secrecy", CASE, "--field=measures_before", "--provision=osl.18.8", "--json")
    assert desk.does(*marked, at="2023-04-26 08.05", by=OFFICER).data["marked"] == {"measures_before": ["osl.18.8"]}


def test_a_question_of_the_authority_is_registered_and_answered(desk: Desk) -> None:
    desk.decided()
    asked = ("question", CASE, "--reference=IMY-2023-99001", "--question=Hur många?", "--answer-by=2023-05-12")
    assert f"timglas answer {CASE} --line" in desk.does(*asked, at="2023-05-02 10.00", by=OFFICER).out
    assert "Svar på myndighetens fråga" in desk.does("board", at="2023-05-02 11.00").out
    said = desk.does("answer", CASE, "--answer=8 400.", at="2023-05-03 10.00", by=OFFICER).out
    assert "onsdagen den 3 maj 2023 kl. 10.00" in said


def test_texts_are_written_in_english(desk: Desk) -> None:
    desk.decided()
    words = ("english", CASE, "what_happened", "--text=A company was attacked.")
    assert "finns nu på engelska" in desk.does(*words, at="2023-04-26 08.00", by=OFFICER).out


def test_a_suspicion_that_was_none_is_ruled_out_with_reasons(desk: Desk) -> None:
    desk.reported()
    desk.does("rule-out", CASE, "--reasoning=Bara testdata.", at="2023-04-24 18.00", by=DELEGATE)
    assert "Bara testdata." in desk.does("show", CASE, at="2023-04-24 19.00").out
