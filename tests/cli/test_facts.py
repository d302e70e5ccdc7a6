import json

import pytest

from flows.bootstrap import wire
from models.facts import Exfiltration, Facts, Quantity
from models.replay import replay
from tests.cli.desk import CASE, DELEGATE, OFFICER, Desk, write

SOURCE = "--source=Leverantören"


def facts(desk: Desk) -> Facts:
    return replay(wire().timeline.read(CASE)).facts


@pytest.mark.parametrize(
    "typed, name, value",
    [
        ("n_subjects=8400", "n_subjects", Quantity(at_least=8400, at_most=8400)),
        ("antal registrerade=cirka 8 400", "n_subjects", Quantity(at_least=8400, at_most=8400, about=True)),
        ("Antal-registrerade=20–30", "n_subjects", Quantity(at_least=20, at_most=30)),
        ("n_subjects=minst 5", "n_subjects", Quantity(at_least=5)),
        ("n_subjects=at most 5", "n_subjects", Quantity(at_most=5)),
        ("malicious=ja", "malicious", True),
        ("malicious=no", "malicious", False),
        ("exfiltration=vet-ej", "exfiltration", Exfiltration.UNKNOWN),
        ("exfiltration=nej", "exfiltration", Exfiltration.NONE_CONFIRMED),
        ("exfiltration=confirmed", "exfiltration", Exfiltration.CONFIRMED),
        ("cause=utreds", "cause", "under_investigation"),
        ("cause=den mänskliga faktorn", "cause", "human_factor"),
        ("breach_types=tillgänglighet, confidentiality", "breach_types", ("availability", "confidentiality")),
        ("data_categories=hälsa, namn, egna ord", "data_categories", ("health", "basic_identity", "egna ord")),
        ("what_happened=Allt stod stilla, sa de.", "what_happened", "Allt stod stilla, sa de."),
    ],
)
def test_an_answer_is_understood_in_swedish_and_in_english(desk: Desk, typed: str, name: str, value: object) -> None:
    desk.reported()
    desk.does("facts", CASE, f"--set={typed}", SOURCE, at="2023-04-24 17.00", by=OFFICER)
    assert facts(desk).known() == {name: value}


def test_a_name_given_twice_makes_a_list(desk: Desk) -> None:
    desk.reported()
    desk.does(
        "facts",
        CASE,
        "--set=measures_taken=Vi stängde av.",
        "--set=measures_taken=Vi ringde polisen.",
        SOURCE,
        by=OFFICER,
    )
    assert facts(desk).measures_taken == ("Vi stängde av.", "Vi ringde polisen.")


@pytest.mark.parametrize(
    "typed, says",
    [
        ("n_subject=3", "n_subjects (antal registrerade)"),
        ("antal registrerde=3", "n_subjects (antal registrerade)"),
        ("zzz=3", "timglas facts --list"),
        ("n_subjects=många", "cirka 8400"),
        ("n_subjects=30-20", "n_subjects"),
        ("malicious=kanske", "vet-ej"),
        ("cause=ond magi", "antagonistiskt angrepp"),
        ("window_from=i fjol", "2026-11-21"),
        ("recipient_count=-3", "recipient_count"),
        ("detected_at=2023-03-26 02.30", "finns inte"),
        ("malicious", "namn=svar"),
    ],
)
def test_a_name_or_an_answer_that_is_none_is_refused_by_name(desk: Desk, typed: str, says: str) -> None:
    desk.reported()
    assert says in desk.refused("facts", CASE, f"--set={typed}", SOURCE, by=OFFICER)


@pytest.mark.parametrize("name", ["what_happened", "incident_type", "n_subjects", "data_categories", "19121212-1212"])
def test_a_personnummer_is_refused_in_every_kind_of_answer(desk: Desk, name: str) -> None:
    desk.reported()
    said = desk.refused("facts", CASE, f"--set={name}=19121212-1212", SOURCE, by=OFFICER)
    assert "121212" not in said


def test_a_personnummer_is_refused_as_the_end_of_a_range_too(desk: Desk) -> None:
    desk.reported()
    file = write(desk.folder / "f.json", json.dumps({"n_subjects": {"at_least": 191212121212}}))
    assert "191212" not in desk.refused("facts", CASE, f"--file={file}", SOURCE, by=OFFICER)


def test_a_dry_run_shows_what_would_change_and_writes_nothing(desk: Desk) -> None:
    desk.known()
    before = desk.everything()
    words = ("facts", CASE, "--set=n_subjects=9000", "--set=malicious=ja", SOURCE, "--dry-run")
    said = desk.does(*words, by=OFFICER).out
    assert "Antal registrerade: Cirka 8\N{NO-BREAK SPACE}400 → 9\N{NO-BREAK SPACE}000" in said
    assert "Uppsåtlig" not in said
    data = desk.does(*words, "--json", by=OFFICER).data
    assert data["recorded"] is False
    assert list(data["changes"]) == ["n_subjects"]
    assert desk.everything() == before


def test_what_is_known_does_not_become_unknown_without_a_correction(desk: Desk) -> None:
    desk.known()
    said = desk.refused("facts", CASE, "--set=malicious=vet-ej", SOURCE, by=OFFICER)
    assert "correct-facts" in said
    lines = desk.does("timeline", CASE, "--json").data
    (line,) = [place for place, event in enumerate(lines, 1) if event["type"] == "facts_established.v1"]
    desk.does("correct-facts", CASE, str(line), "--because=Det var en gissning.", "--withdraw=malicious", by=OFFICER)
    assert facts(desk).malicious is None


def test_yaml_decides_nothing_about_times_and_no(desk: Desk) -> None:
    desk.reported()
    file = write(desk.folder / "f.yaml", "detected_at: 2023-04-24 09:00:00\nmalicious: no\nspecial_category: null\n")
    desk.does("facts", CASE, f"--file={file}", SOURCE, by=OFFICER)
    known = facts(desk)
    assert known.detected_at is not None
    assert known.detected_at.isoformat() == "2023-04-24T07:00:00+00:00"
    assert known.malicious is False
    assert known.special_category is None


def test_a_json_file_says_the_same_as_a_yaml_file(desk: Desk) -> None:
    desk.reported()
    told = {
        "n_subjects": {"at_least": 5, "at_most": 9, "about": True},
        "malicious": True,
        "breach_types": ["integrity"],
    }
    desk.does("facts", CASE, f"--file={write(desk.folder / 'f.json', json.dumps(told))}", SOURCE, by=OFFICER)
    assert facts(desk) == Facts.model_validate(told)


@pytest.mark.parametrize("content, says", [("- a\n- b\n", "per rad"), ("a: [", "YAML"), ("\tx", "YAML")])
def test_a_file_that_states_nothing_is_refused(desk: Desk, content: str, says: str) -> None:
    desk.reported()
    file = write(desk.folder / "f.yaml", content)
    assert says in desk.refused("facts", CASE, f"--file={file}", SOURCE, by=OFFICER)


def test_news_reopen_the_decision_and_say_so(desk: Desk) -> None:
    desk.decided()
    said = desk.does(
        "facts",
        CASE,
        "--set=threat_to_publish=ja",
        "--trigger=hotar",
        SOURCE,
        at="2023-05-09 11.00",
        by=OFFICER,
    )
    assert f"timglas decide {CASE}" in said.out
    shown = desk.does("show", CASE, "--json", at="2023-05-09 11.05").data
    assert shown["decision_stands"] is False
    assert "decide" in shown["next"]


def test_a_fact_for_the_family_is_written_in_each_case_where_one_has_a_role(desk: Desk) -> None:
    report = ("--family=rek", "--summary=Ligger nere.", "--source=Mejl", "--reported-at=2023-04-24 16.10")
    opened = desk.does("new", "kommunstyrelsen", "barn-och-utbildningsnamnden", *report, "--json", by=OFFICER).data
    desk.does("new", "ordningsverket", *report, by="maja.modell")
    desk.does("facts", opened[0]["incident"], "--family", "--set=malicious=ja", SOURCE, by=OFFICER)
    stated = [replay(wire().timeline.read(case)).facts.malicious for case in wire().timeline.incidents()]
    assert stated == [True, True, None]


def test_every_fact_is_listed_with_its_swedish_name(desk: Desk) -> None:
    said = desk.does("facts", "--list").out
    assert all(name in said for name in Facts.model_fields)
    assert "Antal registrerade" in said


def test_a_delegate_may_state_facts_too(desk: Desk) -> None:
    desk.reported()
    desk.does("facts", CASE, "--set=malicious=ja", SOURCE, by=DELEGATE)
    assert facts(desk).malicious is True
