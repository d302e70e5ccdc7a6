import json
from datetime import date, timedelta
from typing import Any

import pymupdf
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from law.form_book import EDPB, form_on
from letters.form_schema import schema
from models.breach_events import Risk
from models.duty import DutyStatus
from models.errors import MissingParticular, NotApproved, NotEntitled, StepOutOfOrder, TimelineConflict
from models.facts import Facts, Quantity
from models.filing_events import Phase, SecrecyMark, Way
from services.case.mark_secrecy import mark_secrecy
from services.documents.sheets import WITHDRAWAL
from tests.fakes import interrupted
from tests.services.office import FACTS, NOTIFICATION, OFFICER, SUPPLEMENT, Office, at

EUROPEAN = Draft202012Validator(schema(form_on(EDPB, date(2026, 11, 21))), format_checker=FormatChecker())


def ready(office: Office, *, drafted: str = "2023-04-26 14.00") -> str:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when=drafted)
    return case


def supplemented(office: Office) -> str:
    case = office.notified(complete=False)
    office.facts(case, Facts(n_records=Quantity(at_least=15000)), when="2023-05-02 14.00")
    office.drafted(case, SUPPLEMENT, when="2023-05-22 13.00")
    return case


def european(office: Office, case: str, name: str) -> Any:
    return json.loads(office.world.archive.read(case, name))


def test_a_filing_in_time_fulfils_the_duty_at_the_moment_on_the_receipt(office: Office) -> None:
    case = ready(office)
    office.file(case, filed_at="2023-04-26 15.20", when="2023-04-26 15.25")
    duty = office.duty(case)
    assert (duty.status, duty.fulfilled_at, duty.late_by) == (DutyStatus.FULFILLED, at("2023-04-26 15.20"), None)


def test_the_approval_issues_the_sheet_and_the_timeline_vouches_for_each_document(office: Office) -> None:
    case = ready(office)
    issued = office.incident(case).issued[-1]
    assert issued.phase is Phase.INITIAL
    assert issued.sha256 == office.incident(case).approvals[NOTIFICATION].sha256
    names = [f"anmalan/1-initial.{kind}" for kind in ("pdf", "txt", "html", "json")]
    assert [document.name for document in issued.documents] == names
    assert [
        document.name for document in issued.documents if document.sha256 != office.hash_of(case, document.name)
    ] == []
    assert issued.documents[1].sha256 == issued.sha256


def test_the_european_form_beside_it_keeps_to_the_schema_we_publish(office: Office) -> None:
    case = ready(office)
    form = european(office, case, "anmalan/1-initial.json")
    assert list(EUROPEAN.iter_errors(form)) == []
    assert form["fields"]["48"] == "2023-04-24T16:10:00+02:00"
    assert form["fields"]["4"] == "b"
    assert form["open"]["63"]["follows_on"] == "2023-05-24"
    assert "CC BY 4.0" in form["form"]["attribution"]


def test_a_european_form_that_would_be_invalid_is_left_out_and_the_sheet_does_not_wait_for_it(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    case = office.decided(Risk.RISK)
    register = office.world.register
    nameless = tuple(one.model_copy(update={"phone": "", "organisation_number": ""}) for one in register.controllers)
    office.with_parts(register=register.model_copy(update={"controllers": nameless})).drafted(
        case, NOTIFICATION, when="2023-04-26 14.00"
    )
    names = [document.name for document in office.incident(case).issued[-1].documents]
    assert names == [f"anmalan/1-initial.{kind}" for kind in ("pdf", "txt", "html")]
    assert "$.fields['11'] minLength" in caplog.text


def test_the_sheet_is_there_in_english_too_once_other_countries_are_concerned(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.facts(case, Facts(other_countries=True), when="2023-04-26 13.00")
    office.english(case, what_happened="A company that runs the system was attacked.", when="2023-04-26 13.30")
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    text = office.world.archive.read(case, "anmalan/1-initial-en.txt").decode()
    assert "A company that runs the system was attacked." in text
    assert "In Swedish, not translated: Driftmiljön är avstängd." in text
    assert "24 April 2023, 16:10" in text


def abroad(office: Office) -> str:
    case = office.decided(Risk.RISK)
    office.facts(case, Facts(cross_border=True), when="2023-04-26 12.00")
    office.explain(case, "records", when="2023-04-26 13.00", follows_on=date(2023, 5, 5))
    return case


def test_an_authority_abroad_can_call_write_and_read_what_is_missing_why_and_when_it_comes(office: Office) -> None:
    case = abroad(office)
    office.english(case, missing_records="The processor is counting.", when="2023-04-26 13.30")
    office.explain(case, "investigation", when="2023-04-26 13.40", follows_on=date(2023, 5, 10))
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    text = office.world.archive.read(case, "anmalan/1-initial-en.txt").decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Rådhusgatan 1, 991 01 Exempelstad, Sweden, +46 31 390 06 00" in text
    assert "Classification of economic activity: municipality" in text
    missing = text.partition("What is still missing, and when it comes")[2]
    assert "Approximate number of personal data records: Under investigation; follows by 5 May 2023" in missing
    assert "The processor is counting." in missing
    assert "The result of the investigation" in missing
    assert "In Swedish, not translated: Leverantören räknar." in missing


def test_an_english_reason_falls_with_the_swedish_one(office: Office) -> None:
    case = abroad(office)
    office.english(case, missing_records="The processor is counting.", when="2023-04-26 13.30")
    office.explain(case, "records", when="2023-04-26 13.40")
    assert office.incident(case).english == {}


def test_the_english_pdf_has_no_swedish_around_it(office: Office) -> None:
    case = abroad(office)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    with pymupdf.open("pdf", office.world.archive.read(case, "anmalan/1-initial-en.pdf")) as pdf:
        page = " ".join(pdf[0].get_text().split())
    assert "26 April 2023" in page
    assert "Telephone: +46 31 390 06 00" in page
    assert not [word for word in ("26 april", "Postadress", "Telefon:", "Organisationsnummer") if word in page]


def test_what_is_taken_back_promises_nothing_more(office: Office) -> None:
    case = abroad(office)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    office.decide(case, Risk.UNLIKELY, when="2023-05-02 10.00")
    office.drafted(case, WITHDRAWAL, when="2023-05-02 11.00")
    text = office.world.archive.read(case, "anmalan/2-withdrawal-en.txt").decode()
    assert "Withdraw" in text
    assert "follows by" not in text
    assert list(EUROPEAN.iter_errors(european(office, case, "anmalan/2-withdrawal.json"))) == []


def test_a_mark_on_our_own_measures_does_not_say_that_the_data_were_secret(office: Office) -> None:
    case = office.decided(Risk.RISK)
    for field, said in (("measures_before", False), ("data_described", True)):
        marks = (SecrecyMark(field=field, provisions=("osl.18.8",)),)
        mark_secrecy(case, marks=marks, by=OFFICER, now=at("2023-04-26 12.00"), world=office.world)
        office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
        text = office.world.archive.read(case, office.incident(case).issued[-1].documents[1].name).decode()
        assert ("Uppgifter som omfattas av sekretess" in text) is said


def test_an_english_text_falls_when_the_swedish_one_changes(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.english(case, what_happened="A company was attacked.", when="2023-04-26 13.00")
    office.facts(case, Facts(what_happened="Det var ingen attack utan ett avbrott."), when="2023-04-26 13.30")
    assert office.incident(case).english == {}


def test_what_was_stated_is_what_was_known_when_the_sheet_was_drafted(office: Office) -> None:
    case = ready(office)
    office.facts(case, Facts(backup_available=True), when="2023-04-26 15.00")
    incident = office.file(case, when="2023-04-26 15.20")
    assert incident.filings[0].stated.backup_available is None
    office.draft(case, SUPPLEMENT, when="2023-04-27 10.00")


def test_nothing_is_filed_that_nobody_approved(office: Office) -> None:
    case = office.decided(Risk.RISK)
    with pytest.raises(NotApproved):
        office.file(case, when="2023-04-26 15.20")
    office.draft(case, NOTIFICATION, when="2023-04-26 14.00")
    with pytest.raises(NotApproved):
        office.file(case, when="2023-04-26 15.20")
    assert office.duty(case).status is DutyStatus.OWED
    assert not any(name.startswith("anmalan/") for name in office.documents(case))


def test_a_sheet_that_was_drafted_anew_after_the_approval_is_not_filed(office: Office) -> None:
    case = ready(office)
    office.facts(case, Facts(n_records=Quantity(at_least=15000)), when="2023-04-26 14.30")
    office.draft(case, NOTIFICATION, when="2023-04-26 14.40")
    with pytest.raises(NotApproved):
        office.file(case, when="2023-04-26 15.20")
    office.approve(case, NOTIFICATION, when="2023-04-26 15.00")
    filed = office.file(case, when="2023-04-26 15.20").filings[0]
    assert [made.documents[0].name for made in office.incident(case).issued] == [
        "anmalan/1-initial.pdf",
        "anmalan/1-initial-2.pdf",
    ]
    assert filed.sha256 == office.incident(case).issued[-1].sha256


def test_a_draft_that_was_changed_in_the_archive_is_neither_approved_nor_issued(office: Office) -> None:
    case = office.decided(Risk.RISK)
    digest = office.draft(case, NOTIFICATION, when="2023-04-26 14.00")
    file = office.archive_folder / case / f"utkast/{NOTIFICATION}-{digest[:12]}.json"
    file.write_text(file.read_text(encoding="utf-8").replace("avstängd", "i drift"), encoding="utf-8")
    with pytest.raises(NotApproved):
        office.approve(case, NOTIFICATION, when="2023-04-26 15.00")
    assert "letter_approved" not in office.words(case)


@pytest.mark.parametrize("kind", ["pdf", "txt", "html", "json"])
def test_a_sheet_that_was_changed_in_the_archive_after_its_approval_is_not_registered_as_filed(
    office: Office, kind: str
) -> None:
    case = ready(office)
    file = office.archive_folder / case / f"anmalan/1-initial.{kind}"
    file.write_bytes(file.read_bytes().replace(b"8", b"9", 1))
    with pytest.raises(NotApproved, match="is not the document that was issued"):
        office.file(case, when="2023-04-26 15.20")
    office.drafted(case, NOTIFICATION, when="2023-04-26 15.30")
    assert office.file(case, when="2023-04-26 15.40").filings[0].sha256 == office.incident(case).issued[-1].sha256


def test_approving_the_same_text_twice_issues_it_once(office: Office) -> None:
    case = ready(office)
    office.approve(case, NOTIFICATION, when="2023-04-26 15.00")
    assert len(office.incident(case).issued) == 1
    office.file(case, when="2023-04-26 15.20")


def test_nothing_was_filed_in_the_future(office: Office) -> None:
    case = ready(office)
    with pytest.raises(StepOutOfOrder, match="has not come yet"):
        office.file(case, filed_at="2023-04-26 15.21", when="2023-04-26 15.20")


def test_somebody_from_another_organisation_does_not_file_for_us(office: Office) -> None:
    case = ready(office)
    with pytest.raises(NotEntitled):
        office.file(case, when="2023-04-26 15.20", by="maja.modell")


def test_a_filing_on_the_last_minute_is_in_time(office: Office) -> None:
    case = ready(office)
    office.file(case, when="2023-04-27 16.10")
    assert office.duty(case).late_by is None


def test_a_late_sheet_is_not_drafted_before_its_reasons_are_on_record_and_then_tells_them(office: Office) -> None:
    case = office.decided(Risk.RISK)
    with pytest.raises(MissingParticular, match="would be late"):
        office.draft(case, NOTIFICATION, when="2023-04-27 17.00")
    explained = office.delay(case, when="2023-04-27 17.05", reasons="Vi väntade på leverantören till sista timmen.")
    assert explained.delay is not None
    assert explained.delay.warnings
    office.drafted(case, NOTIFICATION, when="2023-04-27 17.10")
    assert "till sista timmen" in office.world.archive.read(case, "anmalan/1-initial.txt").decode()
    office.file(case, when="2023-04-27 17.20")
    assert office.words(case).count("delay_explained") == 1


def test_a_sheet_that_becomes_late_while_it_waits_for_approval_is_not_issued_without_reasons(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.draft(case, NOTIFICATION, when="2023-04-27 16.00")
    with pytest.raises(MissingParticular, match="would be late"):
        office.approve(case, NOTIFICATION, when="2023-04-27 16.11")
    office.delay(case, when="2023-04-27 16.15")
    with pytest.raises(MissingParticular, match="would be late"):
        office.approve(case, NOTIFICATION, when="2023-04-27 16.20")
    office.drafted(case, NOTIFICATION, when="2023-04-27 16.25")


def test_a_sheet_issued_in_time_and_filed_late_states_its_reasons_or_is_not_registered(office: Office) -> None:
    case = ready(office)
    with pytest.raises(MissingParticular, match="late"):
        office.file(case, when="2023-04-27 16.11")
    assert "notification_submitted" not in office.words(case)
    incident = office.file(case, when="2023-04-27 16.11", delay_reasons="Vi väntade på leverantören.")
    assert incident.delay is not None
    assert office.duty(case).late_by == timedelta(minutes=1)


def test_the_reasons_for_a_delay_and_the_filing_are_written_together_or_not_at_all(office: Office) -> None:
    case = ready(office)
    rival = office.next_door()
    here = office.with_parts(
        timeline=interrupted(
            office.world.timeline, lambda: rival.facts(case, Facts(children=False), when="2023-04-27 17.00")
        )
    )
    with pytest.raises(TimelineConflict):
        here.file(case, when="2023-04-27 17.10", delay_reasons="Vi väntade på leverantören.")
    assert not {"delay_explained", "notification_submitted"} & set(office.words(case))
    here.file(case, when="2023-04-27 17.10", delay_reasons="Vi väntade på leverantören.")
    assert office.words(case)[-3:] == ["delay_explained", "notification_submitted", "duties_determined"]


def test_a_filing_in_time_needs_no_reasons_and_keeps_none(office: Office) -> None:
    case = ready(office)
    incident = office.file(case, when="2023-04-26 15.20", delay_reasons="För säkerhets skull.")
    assert incident.delay is None


def test_the_same_sheet_is_filed_only_once(office: Office) -> None:
    case = supplemented(office)
    office.file(case, when="2023-05-22 15.00")
    with pytest.raises(StepOutOfOrder, match="filed already"):
        office.file(case, when="2023-05-22 16.00")


def test_a_supplement_to_nothing_is_not_drafted(office: Office) -> None:
    case = ready(office)
    with pytest.raises(StepOutOfOrder, match="nothing to supplement"):
        office.draft(case, SUPPLEMENT, when="2023-04-26 15.20")


def test_a_sheet_with_holes_is_filed_as_incomplete_whatever_is_explained(office: Office) -> None:
    case = office.report()
    office.aware(case)
    office.facts(case, FACTS.model_copy(update={"consequences_described": None, "measures_taken": None}))
    office.explain(case, "likely_consequences", "measures", "records", when="2023-04-26 13.00")
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    assert office.file(case, when="2023-04-26 15.20").filings[0].complete is False


def test_numbers_that_cannot_be_determined_are_no_holes(office: Office) -> None:
    case = office.report()
    office.aware(case)
    office.facts(case, FACTS.model_copy(update={"n_subjects": None, "n_records": None}))
    office.explain(case, "data_subjects", "records", when="2023-04-26 13.00")
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    assert office.duty(case, "gdpr.33.4").status is DutyStatus.FULFILLED
    form = european(office, case, "anmalan/1-initial.json")
    assert (form["fields"]["4"], form["fields"]["67"], form["fields"]["72"]) == ("a", "c", "c")
    assert list(EUROPEAN.iter_errors(form)) == []


def test_completeness_is_judged_by_the_sheet_not_by_what_was_learned_after_it(office: Office) -> None:
    case = office.report()
    office.aware(case)
    office.facts(case, FACTS.model_copy(update={"measures_taken": None}))
    office.explain(case, "records", when="2023-04-26 13.00")
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.facts(case, Facts(measures_taken=("Driftmiljön är avstängd.",)), when="2023-04-26 15.00")
    assert office.file(case, when="2023-04-26 15.20").filings[0].complete is False


def test_the_sheet_says_what_is_missing_why_and_when_it_comes(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.explain(case, "records", when="2023-04-26 13.00", follows_on=date(2023, 5, 5))
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    text = office.world.archive.read(case, "anmalan/1-initial.txt").decode()
    assert "- Ungefärligt antal personuppgiftsposter. Leverantören räknar. Kommer senast den 5 maj 2023." in text
    assert "Antal personuppgiftsposter: Utreds, kompletteras senast den 5 maj 2023." in text


def test_a_day_promised_to_the_authority_is_a_deadline_until_a_filing_keeps_it(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.explain(case, "records", when="2023-04-26 13.00", follows_on=date(2023, 5, 5))
    assert office.promised(case) == []
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    (promise,) = office.promised(case)
    assert (promise.about, promise.status, promise.due_at) == ("records", DutyStatus.OWED, at("2023-05-05 23.59"))
    office.facts(case, Facts(n_records=Quantity(at_least=15000)), when="2023-05-02 14.00")
    assert office.promised(case)[0].is_open
    office.drafted(case, SUPPLEMENT, when="2023-05-03 13.00")
    office.file(case, when="2023-05-03 15.00")
    assert office.promised(case)[0].fulfilled_at == at("2023-05-03 15.00")


def test_what_the_investigation_showed_keeps_the_promise_to_tell_it(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.explain(case, "investigation", when="2023-04-26 13.00", follows_on=date(2023, 5, 10))
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    office.facts(case, Facts(investigation="En nyckel hade läckt."), when="2023-05-08 10.00")
    office.drafted(case, SUPPLEMENT, when="2023-05-08 13.00")
    text = office.world.archive.read(case, "anmalan/2-supplement.txt").decode()
    assert "Resultatet av utredningen\nTidigare: Inte angivet\nNu: En nyckel hade läckt." in text
    office.file(case, when="2023-05-08 15.00")
    assert office.promised(case)[0].fulfilled_at == at("2023-05-08 15.00")


def test_a_promised_day_moves_only_once_the_authority_is_told(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.explain(case, "records", when="2023-04-26 13.00", follows_on=date(2023, 5, 5))
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    office.explain(case, "records", when="2023-05-04 09.00", follows_on=date(2023, 5, 12))
    assert office.promised(case)[0].due_at == at("2023-05-05 23.59")
    office.drafted(case, SUPPLEMENT, when="2023-05-04 10.00")
    text = office.world.archive.read(case, "anmalan/2-supplement.txt").decode()
    told = "Tidigare: Kommer senast den 5 maj 2023.\nNu: Kommer senast den 12 maj 2023.\nGrund: Leverantören räknar."
    assert f"Ungefärligt antal personuppgiftsposter\n{told}" in text
    office.file(case, when="2023-05-04 11.00")
    (promise,) = office.promised(case)
    assert (promise.status, promise.due_at) == (DutyStatus.OWED, at("2023-05-12 23.59"))


def test_a_promise_that_cannot_be_kept_stands_until_the_authority_is_told_why(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.facts(case, Facts(n_records=Quantity(at_least=15000)), when="2023-04-26 12.00")
    office.explain(case, "investigation", when="2023-04-26 13.00", follows_on=date(2023, 5, 10))
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    office.explain(case, "investigation", when="2023-05-08 09.00")
    assert office.promised(case)[0].is_open
    office.drafted(case, SUPPLEMENT, when="2023-05-08 10.00")
    text = office.world.archive.read(case, "anmalan/2-final.txt").decode()
    assert "Nu: Går inte att fastställa.\nGrund: Det går inte att räkna." in text
    office.file(case, when="2023-05-08 11.00")
    assert office.promised(case)[0].fulfilled_at == at("2023-05-08 11.00")


def test_what_nobody_promised_a_day_of_its_own_follows_with_the_last_that_is_promised(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.explain(case, "records", when="2023-04-26 13.00", follows_on=date(2023, 5, 5))
    office.explain(case, "investigation", when="2023-04-26 13.00", follows_on=date(2023, 5, 12))
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    text = office.world.archive.read(case, "anmalan/1-initial.txt").decode()
    assert "Komplettering lämnas senast den 5 maj 2023." in text
    assert "Hur upptäcktes incidenten? Utreds, kompletteras senast den 12 maj 2023." in text


def test_an_empty_supplement_to_what_is_complete_is_not_drafted(office: Office) -> None:
    case = office.notified()
    with pytest.raises(StepOutOfOrder, match="nothing to supplement"):
        office.draft(case, SUPPLEMENT, when="2023-05-03 09.00")


def test_what_is_promised_lies_ahead(office: Office) -> None:
    case = office.decided(Risk.RISK)
    with pytest.raises(StepOutOfOrder, match="has passed"):
        office.explain(case, "records", when="2023-04-26 13.00", follows_on=date(2023, 4, 25))


def test_an_incomplete_filing_owes_its_supplement_within_four_weeks(office: Office) -> None:
    duty = office.duty(office.notified(complete=False), "gdpr.33.4")
    assert (duty.status, duty.due_at) == (DutyStatus.OWED, at("2023-05-24 23.59"))


def test_a_complete_supplement_fulfils_it_and_the_first_stamp_never_moves(office: Office) -> None:
    case = supplemented(office)
    incident = office.file(case, when="2023-05-22 15.00")
    assert office.duty(case, "gdpr.33.4").fulfilled_at == at("2023-05-22 15.00")
    assert office.duty(case).fulfilled_at == at("2023-04-26 15.20")
    assert [filing.phase for filing in incident.filings] == [Phase.INITIAL, Phase.FINAL]
    assert "anmalan/2-final.pdf" in office.documents(case)


def test_a_supplement_holds_only_what_changed_as_it_was_and_as_it_is(office: Office) -> None:
    case = supplemented(office)
    text = office.world.archive.read(case, "anmalan/2-final.txt").decode()
    assert "bara det som har ändrats sedan den 26 april 2023" in text
    rows = ("Antal personuppgiftsposter", "Tidigare: Inte angivet", "Nu: Minst 15\N{NO-BREAK SPACE}000")
    assert "\n".join(rows) in text
    assert "Grund: Känt sedan den 2 maj 2023 kl. 14.00." in text
    assert "Driftmiljön" not in text


def test_a_supplement_that_leaves_something_to_follow_leaves_the_duty_open(office: Office) -> None:
    case = office.notified(complete=False)
    office.facts(case, Facts(backup_available=True), when="2023-05-02 14.00")
    office.drafted(case, SUPPLEMENT, when="2023-05-22 13.00")
    incident = office.file(case, when="2023-05-22 15.00")
    assert incident.filings[-1].phase is Phase.SUPPLEMENT
    assert office.duty(case, "gdpr.33.4").status is DutyStatus.OWED


def test_what_was_wrong_is_told_as_a_correction_with_what_it_rests_on(office: Office) -> None:
    case = office.notified()
    wrong = office.words(case).index("facts_established") + 1
    office.correct_facts(case, wrong, Facts(n_subjects=Quantity(at_least=9100)), when="2023-05-02 14.00")
    office.drafted(case, SUPPLEMENT, when="2023-05-03 13.00")
    text = office.world.archive.read(case, "anmalan/2-correction.txt").decode()
    assert "Rättelse av tidigare uppgifter." in text
    assert "Grund: Rättat:" in text
    assert office.file(case, when="2023-05-03 15.00").filings[-1].phase is Phase.CORRECTION


def test_a_supplement_is_never_late_in_the_sense_that_asks_for_reasons(office: Office) -> None:
    incident = office.file(supplemented(office), when="2023-05-22 15.00")
    assert incident.delay is None


def test_a_filing_by_post_says_so(office: Office) -> None:
    case = ready(office)
    assert office.file(case, when="2023-04-26 15.20", way=Way.POST).filings[0].way is Way.POST


def test_a_diary_number_needs_something_filed(office: Office) -> None:
    case = ready(office)
    with pytest.raises(StepOutOfOrder, match="Nothing has been filed"):
        office.acknowledged(case, "IMY-2023-99001", when="2023-04-28 11.00")


def test_the_diary_number_is_kept(office: Office) -> None:
    case = office.notified()
    assert office.acknowledged(case, "IMY-2023-99001", when="2023-04-28 11.00").diary_number == "IMY-2023-99001"


@pytest.mark.parametrize("number", ["IMY 2023-1", "imy-2023-1", "KS 2023/17", "IMY-2023-"])
def test_what_is_no_diary_number_is_refused(office: Office, number: str) -> None:
    case = office.notified()
    with pytest.raises(ValueError, match="diary_number"):
        office.acknowledged(case, number, when="2023-04-28 11.00")
    assert "notification_acknowledged" not in office.words(case)
