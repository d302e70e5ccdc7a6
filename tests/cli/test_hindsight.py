import pytest

from tests.cli.desk import CASE, DELEGATE, OFFICER, Desk, write


def more_facts(desk: Desk, text: str, *more: str, at: str) -> None:
    file = write(desk.folder / "more.yaml", text)
    desk.does("facts", CASE, f"--file={file}", "--source=Lägesbild nr 2", *more, at=at, by=OFFICER)


def decided_and_overtaken(desk: Desk) -> None:
    """A decision of "risk", and then a threat that re-opens it."""
    desk.decided()
    more_facts(desk, "n_records: 410\nthreat_to_publish: ja\n", "--trigger=threat_to_publish", at="2023-04-27 08.00")


def test_a_case_is_shown_as_it_was_written_down_and_what_was_written_late_is_named(desk: Desk) -> None:
    desk.known()
    said = desk.does("show", CASE, "--at=2023-04-24 16.30", at="2023-05-01 12.00").out
    assert said.startswith("Så stod det antecknat måndag 24 april 2023 kl. 16.30.\nDet här hade hänt men var inte")
    assert "- Tidpunkten för kännedom fastställd: 24 april 2023 kl. 16.10, antecknat 24 april 2023 kl. 16.35 av" in said
    assert "Kännedom måndag" not in said


def test_what_had_happened_counts_also_where_it_was_written_down_later(desk: Desk) -> None:
    desk.known()
    said = desk.does("show", CASE, "--at=2023-04-24 16.30", "--happened", at="2023-05-01 12.00").out
    assert said.startswith("Så var det måndag 24 april 2023 kl. 16.30. Det här antecknades senare och är medräknat:")
    assert "Kännedom måndag 24 april 2023 kl. 16.10." in said


def test_both_answers_are_there_for_programs(desk: Desk) -> None:
    desk.known()
    recorded = desk.does("show", CASE, "--at=2023-04-24 16.30", "--json").data
    happened = desk.does("show", CASE, "--at=2023-04-24 16.30", "--happened", "--json").data
    assert (recorded["aware_at"], happened["aware_at"]) == (None, "2023-04-24T16:10:00+02:00")
    assert [late["type"] for late in recorded["written_late"]] == ["awareness_established.v1"]
    assert recorded["written_late"] == happened["written_late"]
    assert desk.does("show", CASE, "--json").data["written_late"] == []


def test_where_nothing_was_written_late_nothing_is_said_of_it(desk: Desk) -> None:
    desk.known()
    said = desk.does("show", CASE, "--at=2023-04-24 17.00").out
    assert said.startswith("Så stod det antecknat måndag 24 april 2023 kl. 17.00.\n\nINC-")


def test_before_anybody_had_told_of_it_there_is_no_case_to_show(desk: Desk) -> None:
    desk.reported()
    for more in ((), ("--happened",)):
        assert "fanns inte vid den tiden" in desk.refused("show", CASE, "--at=2023-04-24 16.00", *more)
    assert desk.types("show", CASE, "--at=2023-04-24 16.15").code == 2
    assert desk.does("show", CASE, "--at=2023-04-24 16.15", "--happened").out.startswith("Så var det")


def test_a_difference_tells_facts_old_and_new_decisions_deadlines_and_filings(desk: Desk) -> None:
    decided_and_overtaken(desk)
    said = desk.does("diff", CASE, "--from=2023-04-25 09.00", "--to=2023-04-27 16.20", at="2023-05-01 12.00").out
    for sentence in (
        "Från tisdag 25 april 2023 kl. 09.00 till torsdag 27 april 2023 kl. 16.20.",
        "- Antal personuppgiftsposter: 15\N{NO-BREAK SPACE}000 → 410\n",
        "- Hot om publicering: okänt → Ja",
        "- 26 april 2023 kl. 10.15, HR-direktör: risk. Det går inte att utesluta.",
        "dataskyddsombud: någon hotar att publicera uppgifter. Det som var beslutat måste prövas på nytt.",
        "→ FÖRSENAD, ska göras, senast torsdag 27 april 2023 kl. 16.10",
    ):
        assert sentence in said


def test_a_difference_is_there_for_programs_with_values_as_data(desk: Desk) -> None:
    decided_and_overtaken(desk)
    found = desk.does("diff", CASE, "--from=2023-04-25 09.00", "--to=2023-04-27 16.20", "--json").data
    assert found["facts"]["threat_to_publish"] == {"before": None, "after": True}
    assert found["decision"] == {"before": None, "after": None}
    assert [event["type"] for event in found["events"]] == ["risk_decided.v1", "facts_established.v1"]
    late = next(move for move in found["deadlines"] if move["after"]["provision"] == "gdpr.33.1")
    assert (late["before"]["overdue"], late["after"]["overdue"]) == (False, True)


def test_a_correction_is_told_with_its_reason_and_what_is_taken_back_is_unknown_again(desk: Desk) -> None:
    desk.known()
    desk.does(
        "correct-facts",
        CASE,
        "4",
        "--because=Leverantören räknade fel.",
        "--withdraw=n_records",
        at="2023-04-25 10.00",
        by=OFFICER,
    )
    said = desk.does("diff", CASE, "--from=2023-04-25 09.00", at="2023-04-25 11.00").out
    assert "→ okänt igen (rättat: Leverantören räknade fel)" in said


def test_where_nothing_changed_it_says_so(desk: Desk) -> None:
    desk.known()
    assert "Inget ändrades." in desk.does("diff", CASE, "--from=2023-04-25 09.00", "--to=2023-04-25 10.00").out


def test_from_before_the_case_began_everything_is_new(desk: Desk) -> None:
    desk.known()
    said = desk.does("diff", CASE, "--from=2023-04-01", "--to=2023-04-25").out
    assert "Ärendet fanns inte vid den första tiden, så allt i det är nytt." in said
    assert "- inte fastställd → måndag 24 april 2023 kl. 16.10" in said


@pytest.mark.parametrize("typed", [("--from=2023-04-26", "--to=2023-04-25"), ("--from=2020-01-01", "--to=2020-02-01")])
def test_a_span_that_holds_nothing_is_refused(desk: Desk, typed: tuple[str, str]) -> None:
    desk.known()
    said = desk.refused("diff", CASE, *typed)
    assert "måste ligga före den andra" in said or "fanns inte vid den tiden" in said


def test_a_decision_counts_from_when_it_was_made(desk: Desk) -> None:
    desk.decided()
    just_before = desk.does("show", CASE, "--at=2023-04-26 10.14", "--json").data
    just_then = desk.does("show", CASE, "--at=2023-04-26 10.15", "--json").data
    assert (just_before["decisions"], len(just_then["decisions"])) == ([], 1)
    assert just_then["decisions"][0]["by"] == DELEGATE
