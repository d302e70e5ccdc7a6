import email.policy
from collections import Counter
from datetime import datetime
from email.parser import BytesParser
from itertools import pairwise

import pytest

from models.chain import first_broken
from models.instants import parse_local
from proof.check import check
from proof.contents import read_contents
from proof.timeline import TIMELINE, read_lines
from services.due.deadlines import commitments_of
from tests.flows.conftest import Played
from tests.planted import as_written, found_in

BOARD, OTHER_BOARD, AGENCY = "kommunstyrelsen", "barn-och-utbildningsnamnden", "ordningsverket"
PROCESSOR = "rekryteringssystem"
PARTIES = (PROCESSOR, BOARD, OTHER_BOARD, AGENCY)


def time_limits(played: Played, party: str, provision: str = "gdpr.33.1") -> list[datetime]:
    """Every time limit the engine stated for the duty, in the order it did."""
    stated = [
        duty.due_at
        for event in played.timeline.read(played.case(party))
        if event.type == "duties_determined.v1"
        for duty in event.duties
        if duty.provision == provision and duty.due_at
    ]
    return list(dict.fromkeys(stated))


@pytest.mark.parametrize("party", PARTIES)
def test_every_case_runs_from_the_report_to_the_archive(played: Played, party: str) -> None:
    words = [event.type for event in played.timeline.read(played.case(party))]
    assert words[0] == "breach_reported.v1"
    assert words[-1] == "incident_archived.v1"
    assert played.incident(party).closed is not None


def test_there_are_four_cases_and_no_more(played: Played) -> None:
    assert len(played.timeline.incidents()) == 4


@pytest.mark.parametrize(
    "party, limits",
    [
        (BOARD, ["2023-04-27 16.10"]),
        (OTHER_BOARD, ["2023-04-28 08.45", "2023-05-12 11.00"]),
        (AGENCY, ["2023-04-28 13.05"]),
        (PROCESSOR, []),
    ],
)
def test_each_clock_ran_out_when_it_should(played: Played, party: str, limits: list[str]) -> None:
    assert time_limits(played, party) == [parse_local(limit) for limit in limits]


def test_the_board_filed_first_what_it_knew_and_supplemented_within_four_weeks(played: Played) -> None:
    filings = played.incident(BOARD).filings
    assert [(filing.phase.value, filing.complete) for filing in filings] == [("initial", False), ("final", True)]
    assert time_limits(played, BOARD, "gdpr.33.4")[0] == parse_local("2023-05-24 23.59")
    assert filings[1].occurred_at < parse_local("2023-05-24 23.59")


def test_nobody_filed_late(played: Played) -> None:
    assert [played.incident(party).delay for party in PARTIES] == [None] * 4


def test_the_other_board_decided_unlikely_and_then_high_and_told_the_public(played: Played) -> None:
    incident = played.incident(OTHER_BOARD)
    assert [decision.level.value for decision in incident.decisions] == ["unlikely", "high", "high"]
    assert [notice.occurred_at for notice in incident.notices] == [parse_local("2023-05-12 15.04")]
    assert incident.started is None


def test_the_agency_wrote_to_every_applicant_once(played: Played, applicants: list[dict[str, str]]) -> None:
    completed = played.incident(AGENCY).completed
    assert completed is not None
    assert completed.recipients == len(applicants) == 240
    assert (completed.emailed, completed.on_paper, completed.sealed) == (203, 28, 7)
    assert (completed.unreachable, completed.uncertain) == (2, 0)


def test_the_letters_arrived_at_those_who_may_be_written_to_openly_and_at_nobody_else(
    played: Played, applicants: list[dict[str, str]]
) -> None:
    folder = played.folder / "mail" / played.case(AGENCY) / "mejl"
    parser = BytesParser(policy=email.policy.default)
    to = Counter(str(parser.parsebytes(file.read_bytes(), headersonly=True)["To"]) for file in folder.glob("*.eml"))
    letters = {address: count for address, count in to.items() if address.endswith("@post.example")}
    open_ones = {row["email"] for row in applicants if row["protection"] == "none" and row["email"]}
    assert set(letters) == {address for address in open_ones if not address.startswith("finns-inte")}
    assert set(letters.values()) == {1}


@pytest.mark.parametrize("party", PARTIES)
def test_the_chain_holds_and_so_does_its_copy_in_the_file(played: Played, party: str) -> None:
    case = played.case(party)
    rows = played.timeline.rows(case)
    assert first_broken(rows) is None
    (zipped,) = (played.folder / "files" / case / "akt").glob("*.zip")
    contents = read_contents(zipped)
    copied = [(case, *line) for line in read_lines(contents.files[TIMELINE])]
    assert check(contents).faults == []
    assert copied == rows[: len(copied)]
    assert played.incident(party).archived.head == copied[-1][3]  # type: ignore[union-attr]


@pytest.mark.parametrize("party", PARTIES)
def test_everything_is_written_down_in_the_order_of_its_hours(played: Played, party: str) -> None:
    recorded = [event.recorded_at for event in played.timeline.read(played.case(party))]
    assert all(earlier <= later for earlier, later in pairwise(recorded))


def test_every_run_that_a_person_can_see_in_prefect_was_completed(played: Played) -> None:
    acts = [(name, state) for name, state in played.runs if not name.startswith("Frist ")]
    assert {state for _, state in acts} == {"Completed", "Kod skickad"}
    names = Counter(name.partition(" · ")[0] for name, state in acts if state == "Completed")
    assert names["Ny incident"] == 4
    assert names["Informera registrerade"] == 1


def test_each_time_limit_ended_as_a_marker_that_says_how_it_went(played: Played) -> None:
    markers = {name: state for name, state in played.runs if name.startswith("Frist ")}
    other = played.case(OTHER_BOARD)
    assert markers[f"Frist art. 33.1 · {played.case(BOARD)} · torsdag 27 april kl. 16.10"] == "Anmäld i tid"
    assert markers[f"Frist art. 33.1 · {other} · fredag 28 april kl. 08.45"] == "Inte längre aktuell"
    assert markers[f"Frist art. 33.1 · {other} · fredag 12 maj kl. 11.00"] == "Anmäld i tid"


def test_with_prefects_database_deleted_half_way_the_timelines_are_the_same_byte_for_byte(
    played: Played, played_forgetting: Played
) -> None:
    for party in PARTIES:
        case = played.case(party)
        assert played_forgetting.case(party) == case
        assert played_forgetting.timeline.rows(case) == played.timeline.rows(case)


def test_the_second_server_really_knew_nothing_of_the_first_half(played: Played, played_forgetting: Played) -> None:
    assert 0 < len(played_forgetting.runs) < len(played.runs)
    assert not any(name.startswith("Ny incident") for name, _ in played_forgetting.runs)


def test_prefect_learns_nothing_of_any_data_subject(played: Played, applicants: list[dict[str, str]]) -> None:
    memory = played.prefects_memory
    assert b"sara.exempel" in memory, "what it may know stands there in the open, so this can find it"
    assert played.case(AGENCY).encode() in memory
    assert b"@post.example" not in memory
    told = [row["id"] for row in applicants for name in as_written(row["name"]) if name in memory]
    streets = {row["street"] for row in applicants if row["street"]}
    assert told == []
    assert [street for street in streets if any(written in memory for written in as_written(street))] == []


def test_nothing_that_was_said_aloud_or_laid_out_for_the_newcomer_names_a_data_subject(
    played: Played, applicants: list[dict[str, str]]
) -> None:
    secrets = {row[field] for row in applicants for field in ("name", "email", "street") if row[field]}
    assert found_in(played.folder / "said.log", secrets) == {}
    assert found_in(played.folder / "timglas.db", secrets) == {}


def test_the_timelines_hold_nothing_of_any_data_subject(played: Played, applicants: list[dict[str, str]]) -> None:
    payloads = "".join(row[2] for party in PARTIES for row in played.timeline.rows(played.case(party))).encode()
    assert b"sara.exempel" in payloads
    for row in applicants:
        for secret in filter(None, (row["name"], row["email"], row["street"])):
            assert not any(written in payloads for written in as_written(secret)), row["id"]


def test_no_file_is_named_after_anybody(played: Played, applicants: list[dict[str, str]]) -> None:
    names = "\n".join(str(file.relative_to(played.folder)) for file in played.folder.rglob("*"))
    assert "till-registrerade/brev.pdf" in names, "the letters are there, and this can find a file"
    told = {row[field] for row in applicants for field in ("id", "name", "email", "street") if row[field]}
    assert [one for one in told if one in names] == []


def test_letters_on_paper_were_posted_and_their_print_files_are_gone(played: Played) -> None:
    posted = played.incident(AGENCY).posted
    assert {batch: (made.channel, made.letters > 0) for batch, made in posted.items()} == {
        1: ("paper", True),
        2: ("sealed", True),
    }
    assert list((played.folder / "utskrift").iterdir()) == []


SLICES = {
    BOARD: "Ansökningar, bilagor och rekryterarnas egna anteckningar.",
    OTHER_BOARD: "Ansökningar till förskola och skola, med intyg som de sökande har bifogat.",
    AGENCY: "Ansökningar, testresultat och tider för intervjuer.",
}


@pytest.mark.parametrize("party", SLICES)
def test_what_concerns_one_customer_is_told_to_that_one_and_to_nobody_else(played: Played, party: str) -> None:
    folder = played.folder / "files" / played.case(PROCESSOR) / "till-personuppgiftsansvariga"
    saying = {file.name.rpartition("-")[0] for file in folder.glob("*.txt") if SLICES[party] in file.read_text("utf-8")}
    assert saying == {party}


def test_prefect_never_saw_what_concerns_one_customer(played: Played) -> None:
    assert "Förbered underrättelser" in {name.partition(" · ")[0] for name, _ in played.runs}
    memory = played.prefects_memory
    assert {party: said.encode() in memory for party, said in SLICES.items()} == dict.fromkeys(SLICES, False)
    escaped = {party: said.encode("unicode_escape") in memory for party, said in SLICES.items()}
    assert escaped == dict.fromkeys(SLICES, False)


def test_every_customer_was_told_in_time_and_every_promise_to_them_was_kept(played: Played) -> None:
    owed = [duty for duty in commitments_of(played.incident(PROCESSOR)) if duty.owed_to == "controller"]
    assert {duty.provision for duty in owed} == {"contract_notice", "promised_update", "awaited_answer"}
    late = [(duty.provision, duty.about) for duty in owed if duty.late_by]
    assert late == [("awaited_answer", parse_local("2023-04-25 17.00").isoformat())]


def test_who_was_silent_was_reached_at_the_next_contact_point(played: Played) -> None:
    (chased,) = played.incident(PROCESSOR).supply.chased
    assert (chased.controller, chased.contact) == (AGENCY, 2)
    folder = played.folder / "mail" / played.case(PROCESSOR) / "mejl"
    parsed = [BytesParser(policy=email.policy.default).parsebytes(file.read_bytes()) for file in folder.glob("*.eml")]
    assert [str(mail["To"]) for mail in parsed if str(mail["Subject"]).startswith("Obesvarad")] == [
        "vakthavande@ordningsverket.example"
    ]
