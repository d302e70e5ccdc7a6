from datetime import date, timedelta
from pathlib import Path

import pytest

from law.clock import deadline
from law.statute import read_statute
from law.statute_book import FOLDER, PROPOSED, StatuteBook
from models.duty import Period
from models.errors import StatuteError
from models.instants import local, parse_local

BOOK = StatuteBook.load()
REFUSED = Path(__file__).parents[1] / "cases" / "refused"
GDPR_APPLIES = date(2018, 5, 25)

FAULTS = {
    "amount_without_unit": "values.time_limit.2018-05-25: .*exactly one of them",
    "broken_yaml": "found unexpected end of stream",
    "condition_in_yaml": "if: Extra inputs are not permitted",
    "duplicate_date": "the key 2018-05-25 is written twice",
    "duplicate_key": "the key title is written twice",
    "empty": "valid dictionary",
    "empty_reference": "values.time_limit.2018-05-25.reference: .*at least 1 character",
    "identifier_with_blanks": "id: String should match",
    "misspelt_key": "owned_by: Extra inputs are not permitted",
    "missing_citation": "citation: Field required",
    "missing_reference": "values.time_limit.2018-05-25.reference: Field required",
    "missing_summary": "summary: Field required",
    "no_hours_at_all": "values.time_limit.2018-05-25.amount: .*greater than 0",
    "no_link": "citation.url: String should match",
    "not_a_mapping": "valid dictionary",
    "not_utf8": "can't decode byte",
    "number_and_undue_delay": "values.time_limit.2018-05-25: .*exactly one of them",
    "number_in_words": "values.time_limit.2018-05-25.amount: .*valid integer",
    "owed_by_a_stranger": "owed_by: Input should be 'controller' or 'processor'",
    "owed_to_nobody": "owed_by and owed_to go together",
    "parallel_without_recipient": "regime and recipient go together",
    "particular_without_point": "particulars.2018-05-25.0.point: Field required",
    "uncertain_without_a_check": r"uncertain says when it was looked at \(verified_on\) and what to check \(caveat\)",
    "undue_delay_denied": "values.time_limit.2018-05-25.undue_delay: Input should be 'true'",
    "unit_without_amount": "values.time_limit.2018-05-25: .*exactly one of them",
    "unknown_unit": "values.time_limit.2018-05-25.unit: Input should be 'hours', 'days', 'weeks' or 'months'",
    "value_that_says_nothing": "values.time_limit.2018-05-25: .*exactly one of them",
    "value_without_date": "a value without a date is no value",
    "wrong_date": "values.time_limit.2018-02-30: .*valid date",
}


@pytest.mark.parametrize("file", sorted(REFUSED.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_broken_statute_is_refused_by_file_key_fault_and_remedy(file: Path) -> None:
    with pytest.raises(StatuteError, match=FAULTS[file.stem]) as refusal:
        read_statute(file)
    assert str(refusal.value).startswith(f"The statute {file.name} cannot be read: ")
    assert "Mend the file" in str(refusal.value)


def test_every_fault_we_name_has_its_broken_statute() -> None:
    assert sorted(FAULTS) == sorted(file.stem for file in REFUSED.glob("*.yaml"))


def test_an_empty_folder_is_no_law(tmp_path: Path) -> None:
    with pytest.raises(StatuteError, match="there is no statute in it"):
        StatuteBook.load(tmp_path)


def test_two_files_may_not_speak_for_one_paragraph(tmp_path: Path) -> None:
    text = (FOLDER / "gdpr" / "art33_1.yaml").read_text(encoding="utf-8")
    for name in ("first.yaml", "second.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(StatuteError, match=r"second.yaml cannot be read: id: another file is called gdpr.33.1 too"):
        StatuteBook.load(tmp_path)


@pytest.mark.parametrize(
    "name, broken, fault",
    [
        ("counted_from: eu.611.2.2", "counted_from: eu.611.2.9", "there is no eu.611.2.9 to count from"),
        ("  time_limit:", "  time_limits:", "a duty under another law says its time_limit"),
    ],
)
def test_a_parallel_clock_says_what_it_is_counted_from(tmp_path: Path, name: str, broken: str, fault: str) -> None:
    for file in ("reg611_2013_art2_2.yaml", "reg611_2013_art2_3.yaml"):
        text = (FOLDER / "eu" / file).read_text(encoding="utf-8")
        (tmp_path / file).write_text(text.replace(name, broken), encoding="utf-8")
    with pytest.raises(StatuteError, match=fault):
        StatuteBook.load(tmp_path)


def test_a_value_keeps_the_letters_of_the_file(tmp_path: Path) -> None:
    text = (FOLDER / "se" / "imy.yaml").read_text(encoding="utf-8").replace("text: IMY", "text: NO")
    (tmp_path / "imy.yaml").write_text(text.replace("      counted_from: gdpr.33.1\n", ""), encoding="utf-8")
    law = StatuteBook.load(tmp_path).on(date(2026, 11, 21))
    assert law.text("se.imy", "short_name") == "NO"


def test_a_question_nobody_wrote_down_is_refused_with_a_remedy() -> None:
    law = BOOK.on(date(2026, 11, 21))
    with pytest.raises(StatuteError, match=r"no gdpr\.33\.9.*Check the spelling, or add the file"):
        law.statute("gdpr.33.9")
    with pytest.raises(StatuteError, match="'deadline' in force on 2026-11-21"):
        law.value("gdpr.33.1", "deadline")
    with pytest.raises(StatuteError, match="a period"):
        law.period("se.imy", "name")
    with pytest.raises(StatuteError, match="a text"):
        law.text("gdpr.33.1", "time_limit")


def test_undue_delay_is_no_period_and_nothing_else_is() -> None:
    law = BOOK.on(date(2026, 11, 21))
    assert law.period("gdpr.34.1") is None
    assert law.period("gdpr.33.1") == Period(amount=72, unit="hours")
    assert law.period("se.imy", "supplement_within") == Period(amount=4, unit="weeks")


def test_the_authority_is_called_by_the_name_of_the_day() -> None:
    assert BOOK.on(date(2020, 12, 31)).text("se.imy", "short_name") == "Datainspektionen"
    assert BOOK.on(date(2021, 1, 1)).text("se.imy", "short_name") == "IMY"


def test_incident_reports_go_to_the_recipient_of_the_day() -> None:
    assert BOOK.on(date(2026, 6, 30)).recipient("se.cybersakerhetslagen.2.5") == "Myndigheten för civilt försvar (MCF)"
    assert BOOK.on(date(2026, 7, 1)).recipient("se.cybersakerhetslagen.2.5") == "NCSC/CERT-SE"
    assert BOOK.on(date(2026, 7, 1)).recipient("eu.dora.19.4.a") == "Finansinspektionen (FI)"


def test_every_day_has_exactly_one_answer_for_every_value() -> None:
    days = [GDPR_APPLIES + timedelta(days=n) for n in range((date.today() - GDPR_APPLIES).days + 731)]  # noqa: DTZ011
    laws = [BOOK.on(day) for day in days]
    for statute in BOOK.statutes.values():
        for name, dated in statute.values.items():
            first = min(dated)
            late = statute.id.startswith("gdpr.") and first != GDPR_APPLIES
            assert not late, f"{statute.id} has no {name} from the day the Regulation applied"
            for law in laws:
                if law.day >= first:
                    law.value(statute.id, name)
                else:
                    with pytest.raises(StatuteError, match=f"The earliest value is valid from {first}"):
                        law.value(statute.id, name)
        for law in laws if statute.particulars else ():
            assert law.particulars(statute.id)


def test_what_was_checked_more_than_a_year_ago_must_be_checked_again() -> None:
    today = date.today()  # noqa: DTZ011
    stale = [
        f"{statute.id} was verified on {statute.verified_on}. Read {statute.citation.url} again, mend the values in "
        "its file in law/statutes, and write the day in verified_on."
        for statute in BOOK.statutes.values()
        if statute.verified_on is not None and today > statute.verified_on + timedelta(days=365)
    ]
    assert not stale, "\n".join(stale)


def test_what_is_uncertain_says_so() -> None:
    uncertain = {statute.id for statute in BOOK.statutes.values() if statute.confidence != "high"}
    assert {"se.brottsdatalagen.3.9", "se.csirt", "eu.dora.19.4.a", "eu.1182.3"} <= uncertain
    assert not uncertain & {"gdpr.33.1", "gdpr.34.1", "se.cybersakerhetslagen.2.5", "se.dataskyddslagen.1.4"}


def test_a_proposal_is_never_loaded() -> None:
    far = BOOK.on(date(9999, 12, 31))
    assert far.period("gdpr.33.1") == Period(amount=72, unit="hours")
    assert far.text("gdpr.33.1", "threshold") == "risk"


@pytest.mark.parametrize(
    "aware_at, due_at, threshold",
    [("2027-06-30 23.59", "2027-07-03 23.59", "risk"), ("2027-07-01 00.00", "2027-07-05 00.00", "high")],
)
def test_the_omnibus_would_change_the_clock_at_midnight(aware_at: str, due_at: str, threshold: str) -> None:
    book = BOOK.if_adopted(PROPOSED / "omnibus", date(2027, 7, 1))
    moment = parse_local(aware_at)
    law = book.on(local(moment).date())
    period = law.period("gdpr.33.1")
    assert period is not None
    assert deadline(moment, period) == parse_local(due_at)
    assert law.text("gdpr.33.1", "threshold") == threshold


def test_asking_what_a_proposal_would_change_leaves_the_book_alone() -> None:
    BOOK.if_adopted(PROPOSED / "omnibus", date(2027, 7, 1))
    assert BOOK.on(date(2027, 7, 1)).period("gdpr.33.1") == Period(amount=72, unit="hours")


def test_a_proposal_leaves_alone_what_it_does_not_speak_of() -> None:
    law = BOOK.if_adopted(PROPOSED / "omnibus", date(2027, 7, 1)).on(date(2027, 7, 1))
    assert law.period("gdpr.33.1", "bundled_within") == BOOK.on(law.day).period("gdpr.33.1", "bundled_within")


def test_of_two_values_in_a_proposal_the_later_one_is_asked_about(tmp_path: Path) -> None:
    (file,) = (file for file in PROPOSED.rglob("*.yaml") if "id: gdpr.33.1\n" in file.read_text(encoding="utf-8"))
    text = file.read_text(encoding="utf-8")
    sooner = (
        '"9998-12-31":\n      text: risk\n      reference: "A step on the way"\n    "9999-12-31":\n      text: high'
    )
    (tmp_path / "steps.yaml").write_text(text.replace('"9999-12-31":\n      text: high', sooner), encoding="utf-8")
    assert BOOK.if_adopted(tmp_path, date(2027, 7, 1)).on(date(2027, 7, 1)).text("gdpr.33.1", "threshold") == "high"


def test_a_duty_whose_time_limit_has_changed_existed_from_its_first_day() -> None:
    statute = BOOK.statutes["eu.611.2.2"]
    ((first, value),) = statute.values["time_limit"].items()
    changed = statute.model_copy(update={"values": {"time_limit": {first: value, date(2030, 1, 1): value}}})
    law = StatuteBook({**BOOK.statutes, statute.id: changed}).on(date(2026, 11, 21))
    assert law.duties_under("electronic_communications") == BOOK.on(law.day).duties_under("electronic_communications")
