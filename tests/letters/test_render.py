from pathlib import Path

import pytest
from jinja2.exceptions import SecurityError

from letters import render
from letters.language import explain
from models.errors import MissingParticular, UnknownReference


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    letter = tmp_path / "sv" / "prov"
    letter.mkdir(parents=True)
    (letter / "letter.toml").write_text('title = "Prov"\nversion = "1"\nreviewed_by = "nobody"\n')
    (letter / "subject.txt").write_text("Prov {{ reference }}\n")
    monkeypatch.setattr(render, "TEMPLATES", tmp_path)
    for remembered in (render._template, render._source, render.placeholders):
        remembered.cache_clear()
    return letter


@pytest.mark.parametrize(
    "body",
    [
        "{{ 'x' * 10**9 }}",
        "{{ '%1000000000d' | format(1) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ reference.__class__ }}",
        "{{ reference['__class__'] }}",
        "{{ range(100000) }}",
        "{{ cycler.__init__ }}",
        "{% set a = reference ~ reference %}{{ a }}",
        "{% include 'secrets' %}",
        "{% macro m() %}x{% endmacro %}{{ m() }}",
        "{% import 'secrets' as s %}",
        "{{ reference | upper }}",
        "{{ [1, 2] }}",
    ],
)
def test_a_template_can_neither_reach_out_nor_grow(body: str, folder: Path) -> None:
    (folder / "body.txt").write_text(body)

    with pytest.raises(SecurityError):
        render.render("prov", {"reference": "INC-2026-0001"})


def test_a_value_that_is_not_given_is_named(folder: Path) -> None:
    (folder / "body.txt").write_text("{{ what_happened }} {{ measures }}")

    with pytest.raises(MissingParticular) as refusal:
        render.render("prov", {"reference": "INC-2026-0001"})

    assert "measures, what_happened" in str(refusal.value)
    assert "measures, what_happened" in explain(refusal.value)


def test_none_is_never_printed(folder: Path) -> None:
    (folder / "body.txt").write_text("{{ what_happened }}")

    with pytest.raises(MissingParticular):
        render.render("prov", {"reference": "INC-2026-0001", "what_happened": None})


def test_a_value_of_none_may_be_asked_about(folder: Path) -> None:
    (folder / "body.txt").write_text("{% if what_happened %}{{ what_happened }}{% else %}Okänt.{% endif %}")

    letter = render.render("prov", {"reference": "INC-2026-0001", "what_happened": None})

    assert letter.subject == "Prov INC-2026-0001"
    assert [block.kind for block in letter.blocks] == ["paragraph"]


@pytest.mark.parametrize("name", ["no_such_letter", "../sv/deadline_reminder", ""])
def test_a_letter_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(UnknownReference):
        render.render(name, {})


@pytest.mark.parametrize("language", ["en", "fi", "..", "*"])
def test_a_missing_language_is_never_replaced_by_another(language: str) -> None:
    with pytest.raises(UnknownReference) as refusal:
        render.render("deadline_reminder", {}, language)

    assert f"språket {language}" in explain(refusal.value)
