"""Letters on their way, by commands: shown, halted, resumed, in doubt, corrected."""

from pathlib import Path

import pytest

from flows.bootstrap import wire
from models.instants import parse_local
from models.replay import replay
from services.people.communication import communication_of
from services.people.start_communication import release_of
from tests.cli.desk import CASE, DELEGATE, OFFICER, Desk, post_office, write

PEOPLE = """id,name,email,street,postcode,city,protection
s1,Alva Provlund,alva@post.example,Björkvägen 1,99140,Provköping,none
s2,Björn Övningsmark,bjorn@post.example,Skolgatan 2,99150,Testvik,none
s3,Cecilia Påhittsson,,Ängsstigen 3,99160,Mallhult,none
"""
MAILED = {"alva@post.example", "bjorn@post.example"}


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A case with an approved letter and a list, and no mail server."""
    desk.decided("hög")
    desk.does(
        "recipients", "load", CASE, str(write(desk.folder / "people.csv", PEOPLE)), at="2023-05-02 10.00", by=OFFICER
    )
    desk.approved("registrerade", day="2023-05-02")
    return desk


def released(desk: Desk) -> Desk:
    """Released while the mail server was away: everybody waits."""
    code = release_code()
    assert desk.types("send", CASE, f"--code={code}", at="2023-05-03 10.00", by=DELEGATE).code == 1
    return desk


def release_code() -> str:
    world = wire()
    subject = release_of(CASE, by=DELEGATE, world=world)
    return world.codes.make(subject.digest, subject.actor, parse_local("2023-05-03 10.00"))


def mailed(folder: Path) -> set[str]:
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in folder.rglob("*.eml")]
    return {address for address in MAILED if any(f"To: {address}" in text for text in texts)}


def test_the_letters_are_shown_before_anybody_approves_them_and_a_specimen_goes_to_oneself(desk: Desk) -> None:
    desk.decided("hög")
    desk.does(
        "recipients", "load", CASE, str(write(desk.folder / "people.csv", PEOPLE)), at="2023-05-02 10.00", by=OFFICER
    )
    desk.does("draft", CASE, "registrerade", at="2023-05-02 11.00", by=OFFICER)
    with post_office(desk.folder / "post"):
        said = desk.does("preview", CASE, "--send", at="2023-05-02 11.05", by=OFFICER).out
    assert "2 mejl, 1 brev: klart ca kl. 11.05; på hallmattan torsdag 4 maj, om breven postas genast." in said
    assert "3 prov är skickade till dig." in said
    assert mailed(desk.folder / "post") == set()
    assert len(list((desk.folder / "utskrift").glob("*.pdf"))) == said.count(".pdf")


def test_what_is_halted_stays_until_it_is_resumed(ready: Desk) -> None:
    released(ready)
    halted = ready.does("halt", CASE, "--reasoning=Fel text.", at="2023-05-03 10.05", by=OFFICER).out
    assert "2 meddelanden är inte skickade" in halted
    with post_office(ready.folder / "post"):
        ready.does("sweep", at="2023-05-03 10.10")
        assert mailed(ready.folder / "post") == set()
        resumed = ready.does("resume", CASE, "--json", at="2023-05-03 10.20", by=DELEGATE).data
    assert mailed(ready.folder / "post") == MAILED
    assert (resumed["emailed"], resumed["on_paper"]) == (2, 1)


def test_a_program_that_halts_the_letters_is_told_how_many_had_not_left(ready: Desk) -> None:
    released(ready)
    halted = ready.does("halt", CASE, "--reasoning=Fel text.", "--json", at="2023-05-03 10.05", by=OFFICER).data
    assert halted == {"incident": CASE, "unsent": 2}


def test_a_program_that_approves_names_the_text_and_is_told_which_it_was(desk: Desk) -> None:
    desk.decided()
    sha = desk.does("draft", CASE, "anmälan", "--json", at="2023-04-26 11.00", by=OFFICER).data["sha256"]
    act = ("approve", CASE, "anmälan", f"--sha={sha[:12]}", "--json")
    told = desk.confirms(*act, at="2023-04-26 14.00", by=DELEGATE).data
    assert told == {"incident": CASE, "letter": "supervisory_authority_notification", "sha256": sha}


def test_what_may_have_arrived_is_listed_and_a_person_decides(ready: Desk) -> None:
    released(ready)
    world = wire()
    sha256 = replay(world.timeline.read(CASE)).releases[0].sha256
    (lost,) = world.outbox.claim(communication_of(CASE), sha256, limit=1, now=parse_local("2023-05-03 10.02"))
    with post_office(ready.folder / "post"):
        ready.types("sweep", at="2023-05-03 10.40")
        listed = ready.does("uncertain", CASE, at="2023-05-03 10.41", by=DELEGATE).out
        assert "1 osäkert meddelande i" in listed
        assert lost.message_id in listed
        assert "--reasoning" in ready.types("uncertain", CASE, "--verdict=framme", by=DELEGATE).err
        told = ready.does(
            "uncertain",
            CASE,
            "--verdict=igen",
            "--reasoning=Loggen visar inget.",
            "--json",
            at="2023-05-03 10.45",
            by=DELEGATE,
        ).data
    assert mailed(ready.folder / "post") == MAILED
    assert (told["emailed"], told["on_paper"], told["uncertain"]) == (2, 1, 0)


def test_a_letter_is_taken_back_by_a_correction_once_the_risk_is_lower(ready: Desk) -> None:
    with post_office(ready.folder / "post"):
        ready.confirms("send", CASE, at="2023-05-03 10.00", by=DELEGATE)
    ready.does(
        "facts",
        CASE,
        "--set=told_news=Utredningen är klar. Ingen har kommit åt uppgifterna.",
        "--source=Slutrapporten",
        at="2023-05-10 10.00",
        by=OFFICER,
    )
    ready.does(
        "decide",
        CASE,
        "--level=risk",
        "--reasoning=Ingen har kommit åt uppgifterna.",
        "--advice=Jag instämmer.",
        at="2023-05-10 11.00",
        by=DELEGATE,
    )
    ready.approved("rättelse", day="2023-05-11")
    refused = ready.refused("send", CASE, "--correction", at="2023-05-12 09.00", by=DELEGATE)
    assert "1 brev i INC-2023-0001 är skrivna men inte uttagna för utskrift." in refused
    ready.does("letters", "print", CASE, at="2023-05-12 09.05", by=OFFICER)
    with post_office(ready.folder / "rattelse"):
        sent = ready.confirms("send", CASE, "--correction", "--json", at="2023-05-12 10.00", by=DELEGATE).data
    assert (sent["emailed"], sent["on_paper"]) == (2, 1)
    assert [one.letter for one in replay(wire().timeline.read(CASE)).releases] == [
        "data_subject_communication",
        "data_subject_correction",
    ]


def test_a_letter_that_the_post_brings_back_is_registered_by_its_mark_and_the_sum_is_drawn_anew(ready: Desk) -> None:
    with post_office(ready.folder / "post"):
        ready.confirms("send", CASE, at="2023-05-03 10.00", by=DELEGATE)
    ready.does("letters", "print", CASE, at="2023-05-03 11.00", by=OFFICER)
    ready.does("letters", "posted", CASE, "1", at="2023-05-03 16.00", by=OFFICER)
    refused = ready.types("letters", "returned", CASE, "Cecilia", "--reason=flyttat", at="2023-05-10 09.00", by=OFFICER)
    assert (refused.code, "Cecilia" in refused.err) == (2, False)
    assert "Skriv märkena" in refused.err
    back = ready.does("letters", "returned", CASE, "1-000001", "--reason=flyttat", at="2023-05-10 09.00", by=OFFICER)
    assert "1 person räknas inte längre som nådd" in back.out
    with post_office(ready.folder / "post"):
        ready.does("sweep", at="2023-05-10 09.05")
    completed = replay(wire().timeline.read(CASE)).completed
    assert completed is not None
    assert (completed.emailed, completed.on_paper, completed.unreachable) == (2, 0, 1)
    again = ready.does("letters", "returned", CASE, "1-000001", "--reason=flyttat", "--json", by=OFFICER)
    assert again.data == {"incident": CASE, "open_again": 0}


def test_who_is_found_once_the_letters_are_out_gets_theirs_with_a_code_of_its_own(ready: Desk) -> None:
    with post_office(ready.folder / "post"):
        ready.confirms("send", CASE, at="2023-05-03 10.00", by=DELEGATE)
    later = (
        PEOPLE.splitlines()[0]
        + "\ns1,Alva Provlund,alva@post.example,,,,none\nx9,Dag Funnen,dag@post.example,,,,none\n"
    )
    loaded = ready.does(
        "recipients", "load", CASE, str(write(ready.folder / "senare.csv", later)), at="2023-05-08 09.00", by=OFFICER
    )
    assert "2 personer väntar på brevet. 1 av dem har redan fått brevet och får inget nytt." in loaded.out
    shown = ready.does("send", CASE, "--dry-run", "--json", at="2023-05-08 09.05", by=DELEGATE).data
    assert (shown["email"], shown["paper"]) == (1, 0)
    ready.does("letters", "print", CASE, at="2023-05-08 09.07", by=OFFICER)
    with post_office(ready.folder / "senare-post"):
        sent = ready.confirms("send", CASE, "--json", at="2023-05-08 09.10", by=DELEGATE).data
    assert (sent["recipients"], sent["emailed"], sent["on_paper"]) == (4, 3, 1)
    texts = [
        file.read_text(encoding="utf-8", errors="replace") for file in (ready.folder / "senare-post").rglob("*.eml")
    ]
    assert [text for text in texts if "To: dag@post.example" in text]
    assert not [text for text in texts if "To: alva@post.example" in text]


WRONG = "id,name,email,protection\ns9,Fel Övningsperson,fel@post.example,none\n"


def test_who_is_left_from_an_earlier_list_is_said_and_a_wrong_list_is_replaced(ready: Desk) -> None:
    right, wrong = write(ready.folder / "people.csv", PEOPLE), write(ready.folder / "wrong.csv", WRONG)
    again = ["recipients", "load", CASE]
    assert "kvar" not in ready.does(*again, str(right), at="2023-05-02 12.00", by=OFFICER).out
    ready.does(*again, str(wrong), at="2023-05-02 12.05", by=OFFICER)
    said = ready.does(*again, str(right), at="2023-05-02 12.10", by=OFFICER).out
    assert (
        "har nu 4 mottagare. 1 av dem är kvar från tidigare. Ska de inte ha brevet: läs in listan med --replace."
        in said
    )
    said = ready.does(*again, str(right), "--replace", at="2023-05-02 12.15", by=OFFICER).out
    assert "har nu 3 mottagare.\n" in said


def test_a_check_of_the_register_on_a_day_to_come_is_refused(ready: Desk) -> None:
    file = str(write(ready.folder / "people.csv", PEOPLE))
    for words in (["check", file], ["load", CASE, file, f"--by={OFFICER}"]):
        said = ready.refused("recipients", *words, "--checked-on=2023-05-03", at="2023-05-02 12.00")
        assert "Listan kan inte ha kontrollerats den 3 maj 2023. Den dagen har inte kommit än." in " ".join(
            said.split()
        )


def test_an_erasure_is_told_to_machines_too(ready: Desk) -> None:
    told = [
        ready.does("erase", CASE, *more, "--json", at="2023-05-02 15.00", by=DELEGATE).data
        for more in (["--dry-run"], [])
    ]
    assert told == [{"incident": CASE, "erased": erased, "recipients": 3, "letters": 0} for erased in (False, True)]


def test_the_way_to_each_person_and_why_is_shown_before_anything_leaves_and_after(ready: Desk) -> None:
    people = PEOPLE + "s4,Dag Påhittsson,,,,,none\ns5,Eva Hemlig,e@post.example,,,,secrecy_marked\n"
    ready.does(
        "recipients", "load", CASE, str(write(ready.folder / "people.csv", people)), at="2023-05-02 10.00", by=OFFICER
    )
    ways = ["recipients", "ways", CASE]
    before = ready.does(*ways, by=OFFICER).out
    assert f"{CASE} har 5 mottagare:" in before
    assert "- 2: e-post (e-postadress finns), inte släppt" in before
    assert "- 1: går inte att nå (varken e-postadress eller postadress finns), inte släppt" in before
    with post_office(ready.folder / "post"):
        released_to_all(ready)
    file = ready.folder / "vägar.csv"
    after = ready.does(*ways, f"--to={file}", "--json", by=OFFICER).data
    assert after["recipients"] == sum(one["people"] for one in after["ways"]) == 5
    assert {(one["way"], one["stands"]) for one in after["ways"]} == {
        *(("email", "done"), ("paper", "done"), ("sealed", "done"), ("unreachable", "no_letter"))
    }
    rows = file.read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "Id;Namn;Väg;Skäl;Läge"
    assert rows[4] == "s4;Dag Påhittsson;Går inte att nå;varken e-postadress eller postadress finns;inget brev"
    assert file.stat().st_mode & 0o077 == 0
    assert (
        "0 mottagare skulle få brevet" in ready.does("send", CASE, "--dry-run", at="2023-05-03 11.00", by=DELEGATE).out
    )
    assert "kan inte ta det här steget" in ready.refused(*ways, by="maja.modell")


def released_to_all(desk: Desk) -> None:
    desk.does("send", CASE, f"--code={release_code()}", at="2023-05-03 10.00", by=DELEGATE)


def test_who_still_waits_is_shown_as_waiting(ready: Desk) -> None:
    said = released(ready).does("recipients", "ways", CASE, by=OFFICER).out
    assert "- 2: e-post (e-postadress finns), väntar" in said


def test_a_lost_print_file_is_written_again_without_who_has_become_protected_and_that_is_said(ready: Desk) -> None:
    with post_office(ready.folder / "post"):
        ready.confirms("send", CASE, at="2023-05-03 10.00", by=DELEGATE)
    ready.does("letters", "print", CASE, at="2023-05-03 11.00", by=OFFICER)
    later = PEOPLE.splitlines()[0] + "\ns3,Cecilia Påhittsson,,,,,secrecy_marked\n"
    ready.does(
        "recipients", "load", CASE, str(write(ready.folder / "senare.csv", later)), at="2023-05-04 09.00", by=OFFICER
    )
    for file in (ready.folder / "utskrift").iterdir():
        file.unlink()
    told = ready.does(
        "letters", "again", CASE, "1", "--reasoning=Disken gick sönder.", at="2023-05-04 10.00", by=OFFICER
    ).out
    assert "Inget brev är kvar i omgång 1" in told
    assert "1 brev har lämnats utanför, eftersom det inte längre får gå den vägen: 1-000001." in " ".join(told.split())
    assert "1 person räknas inte längre som nådd" in " ".join(told.split())
    assert "Cecilia" not in told
    assert "0 brev, 0 sidor, utgår" in ready.does("letters", "list", CASE).out
    with post_office(ready.folder / "post"):
        ready.does("sweep", at="2023-05-04 10.05")
    completed = replay(wire().timeline.read(CASE)).completed
    assert completed is not None
    assert (completed.emailed, completed.on_paper, completed.sealed) == (2, 0, 1)


def test_who_takes_in_a_list_is_told_which_file_not_to_post_and_a_file_taken_out_later_leaves_the_letter_out(
    ready: Desk,
) -> None:
    people = f"{PEOPLE}s4,Disa Hittepå,,Ängsstigen 8,99160,Mallhult,none\n"
    ready.does(
        "recipients", "load", CASE, str(write(ready.folder / "alla.csv", people)), at="2023-05-02 10.00", by=OFFICER
    )
    with post_office(ready.folder / "post"):
        ready.confirms("send", CASE, at="2023-05-03 10.00", by=DELEGATE)
    later = write(ready.folder / "senare.csv", "id,name,protection\ns4,Disa Hittepå,secrecy_marked\n")
    loaded = ready.does("recipients", "load", CASE, str(later), at="2023-05-03 10.30", by=OFFICER).out
    assert "Posta inte" not in loaded, "nothing is taken out yet"
    made = ready.does("letters", "print", CASE, "--json", at="2023-05-03 11.00", by=OFFICER).data
    assert (made["letters"], made["left_out"]) == (1, [1])
    with post_office(ready.folder / "post"):
        ready.does("sweep", at="2023-05-03 11.05")
    later = write(ready.folder / "senast.csv", "id,name,protection\ns3,Cecilia Påhittsson,secrecy_marked\n")
    told = ready.does("recipients", "load", CASE, str(later), at="2023-05-04 09.00", by=OFFICER)
    assert "Posta inte omgång 1:" in " ".join(told.out.split())
    assert "timglas letters again INC-2023-0001 OMGÅNG" in told.out
    for file in (ready.folder / "utskrift").iterdir():
        file.unlink()
    again = ready.does("letters", "again", CASE, "1", "--reasoning=Ny lista.", at="2023-05-04 10.00", by=OFFICER).out
    assert "2 brev har lämnats utanför" in " ".join(again.split())
    assert "Den första filen" in " ".join(again.split())


def test_where_no_letter_may_go_any_more_no_file_is_spoken_of(ready: Desk) -> None:
    with post_office(ready.folder / "post"):
        ready.confirms("send", CASE, at="2023-05-03 10.00", by=DELEGATE)
    later = write(ready.folder / "senare.csv", "id,name,protection\ns3,Cecilia Påhittsson,secrecy_marked\n")
    ready.does("recipients", "load", CASE, str(later), at="2023-05-03 10.30", by=OFFICER)
    said = " ".join(ready.does("letters", "print", CASE, at="2023-05-03 11.00", by=OFFICER).out.split())
    assert said.startswith(
        "Ingen fil är skriven: inget av breven får gå den här vägen längre. 1 brev har lämnats utanför"
    )
    assert "När breven är postade" not in said
