from datetime import date
from pathlib import Path

import pytest

from law.page import main, page
from law.statute_book import StatuteBook
from tests.cases.reader import cases

BOOK = StatuteBook.load()
PAGE = page(BOOK)


@pytest.mark.parametrize("provision", sorted(BOOK.statutes))
def test_every_paragraph_stands_on_the_page_with_its_source_and_its_values(provision: str) -> None:
    statute = BOOK.statutes[provision]
    assert statute.summary in PAGE
    assert (
        f"- `{provision}`: [{statute.citation.instrument}, {statute.citation.provision}]({statute.citation.url})"
        in PAGE
    )
    for dated in statute.values.values():
        for day, value in dated.items():
            assert f"| {day} | " in PAGE
            assert f" | {value.reference} |" in PAGE
    assert statute.caveat is None or f"- To check: {statute.caveat}" in PAGE


def test_articles_33_and_34_stand_in_their_own_order() -> None:
    places = [
        PAGE.index(f"#### Article {place}:")
        for place in ("4(12)", "33(1)", "33(2)", "33(5)", "34(1)", "34(3)(a)", "55")
    ]
    assert places == sorted(places)


def test_every_case_stands_under_some_paragraph() -> None:
    sentences = [parameter.id for parameter in cases("art33", "art34", "incidents")]
    assert len(set(sentences)) == len(sentences)
    assert not [name for name in sentences if f"- {name}\n" not in PAGE]


def test_a_proposal_is_shown_last_and_as_a_proposal() -> None:
    assert PAGE.rindex("| 96 hours |") > PAGE.index("## Proposed, and never applied")


def test_a_stale_page_is_told_by_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "law.md"
    assert main(["--check", str(file)]) == 1
    assert main([]) == 0
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["--check", str(file)]) == 0
    file.write_text(PAGE.replace("72 hours", "96 hours"), encoding="utf-8")
    assert main(["--check", str(file)]) == 1
    assert "is stale" in capsys.readouterr().err
    assert main(["--help"]) == 2


@pytest.mark.parametrize(
    "on, stands, does_not",
    [
        (date(2026, 3, 1), "Myndigheten för civilt försvar (MCF)", "| NCSC/CERT-SE |"),
        (date(2026, 7, 1), "| NCSC/CERT-SE |", "(MCF) |"),
        (date(2026, 1, 15), "`se.cybersakerhetslagen.2.5`", "96 hours"),
        (date(2026, 1, 14), "`gdpr.33.1`", "`se.cybersakerhetslagen.2.5`"),
        (date(2026, 1, 14), "`se.dataskyddslagen.1.4`", "`se.cybersakerhetslagen.1.11`"),
        (date(2020, 12, 31), "| Datainspektionen |", "| IMY |"),
        (date(2021, 1, 1), "| IMY |", "| Datainspektionen |"),
        (date(2018, 5, 24), "`eu.611.2.2`", "`gdpr.33.1`"),
        (date(2018, 5, 25), "`gdpr.33.1`", "`se.brottsdatalagen.3.9`"),
    ],
)
def test_on_a_day_only_what_is_in_force_that_day_is_printed(on: date, stands: str, does_not: str) -> None:
    text = page(BOOK, on)
    assert f"In force on {on}." in text
    assert stands in text
    assert does_not not in text


def test_on_a_day_no_proposal_is_printed() -> None:
    assert "Proposed" not in page(BOOK, date(2026, 11, 21))


def test_a_condition_a_person_may_find_not_met_stands_on_the_page() -> None:
    assert "- Only if: The incident is classified as major." in PAGE
