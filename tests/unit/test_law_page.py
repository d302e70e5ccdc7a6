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
