import json
from hashlib import sha256

import pytest

from letters.language import explain
from models.breach_events import Risk
from models.duty import DutyStatus
from models.errors import NotEntitled, StepOutOfOrder
from models.facts import Facts, Trigger
from models.regime import Regime
from proof.check import check
from proof.contents import Contents, read_contents
from tests.fakes import Around, PowerCut, power_cut
from tests.services.office import FACTS, OFFICER, THREAT, Office

END = "2023-05-24 09.10"


def refusal_to_close(office: Office, case: str) -> tuple[str, ...]:
    with pytest.raises(StepOutOfOrder, match="cannot be closed") as refusal:
        office.close(case, when=END)
    assert "incident_closed" not in office.words(case)
    unsettled = refusal.value.values["provision"]
    assert isinstance(unsettled, tuple)
    assert "  " not in explain(refusal.value)
    return unsettled


def test_a_case_is_not_closed_while_its_notification_is_owed(office: Office) -> None:
    assert "gdpr.33.1" in refusal_to_close(office, office.decided(Risk.RISK))


def test_a_case_is_not_closed_while_nobody_has_decided(office: Office) -> None:
    assert refusal_to_close(office, office.known()) == ("gdpr.33.1", "gdpr.34.1")


def test_a_case_is_not_closed_while_letters_are_owed(office: Office) -> None:
    case = office.notified()
    office.decide(case, Risk.HIGH, when="2023-05-10 10.00")
    assert refusal_to_close(office, case) == ("gdpr.34.1",)


def test_a_case_is_not_closed_while_a_supplement_is_owed(office: Office) -> None:
    assert refusal_to_close(office, office.notified(complete=False)) == ("gdpr.33.4",)


def test_a_case_is_not_closed_while_new_facts_wait_for_a_decision(office: Office) -> None:
    case = office.notified()
    office.facts(case, THREAT, when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    assert refusal_to_close(office, case) == ("gdpr.33.4", "gdpr.34.1")


def test_a_trigger_waits_for_its_decision_even_when_the_public_has_been_told_already(office: Office) -> None:
    case = office.notified()
    office.decide(case, Risk.HIGH, when="2023-05-10 10.00")
    office.excepted(case, "gdpr.34.3.c", when="2023-05-11 17.45")
    office.drafted(case, "public_communication", when="2023-05-12 14.00")
    office.publish(case, when="2023-05-12 15.04")
    office.facts(case, Facts(own_data_published=True), when="2023-05-20 09.00", trigger=Trigger.OWN_DATA_FOUND)
    assert "gdpr.34.1" in refusal_to_close(office, case)


@pytest.mark.parametrize(
    "field", ["what_happened", "consequences_described", "measures_taken"], ids=["facts", "effects", "remedial action"]
)
def test_a_case_is_not_closed_with_holes_in_its_documentation(office: Office, field: str) -> None:
    case = office.report()
    office.aware(case)
    office.facts(case, FACTS.model_copy(update={field: None}))
    office.decide(case, Risk.UNLIKELY, when="2023-04-25 09.00")
    assert refusal_to_close(office, case) == ("gdpr.33.5",)


def test_the_officer_does_not_close(office: Office) -> None:
    with pytest.raises(NotEntitled):
        office.close(office.notified(), when=END, by=OFFICER)


def test_a_settled_case_is_closed_and_the_closing_documents_it(office: Office) -> None:
    case = office.notified()
    office.close(case, when=END)
    assert office.incident(case).closed is not None
    assert office.duty(case, "gdpr.33.5").status is DutyStatus.FULFILLED


def test_a_small_case_without_a_notification_can_be_closed_with_its_reasons(office: Office) -> None:
    case = office.decided(Risk.UNLIKELY)
    office.close(case, when=END)
    assert office.duty(case).status is DutyStatus.NOT_REQUIRED


def test_a_processor_closes_only_when_every_controller_has_been_told(office: Office) -> None:
    case = office.known("rekryteringssystem", by="ida.pahitt", concerned=("kommunstyrelsen", "ordningsverket"))
    office.inform(case, "kommunstyrelsen", when="2023-04-24 17.10")
    assert refusal_to_close(office, case) == ("gdpr.33.2",)
    office.inform(case, "ordningsverket", when="2023-04-25 13.05")
    office.close(case, when=END)


def test_what_falls_under_the_security_protection_act_can_be_closed(office: Office) -> None:
    case = office.known()
    office.regime(case, Regime.SECURITY_PROTECTION, when="2023-04-25 09.00")
    office.close(case, when=END)
    assert office.incident(case).closed is not None


def test_an_open_case_is_not_archived(office: Office) -> None:
    with pytest.raises(StepOutOfOrder, match="is not closed"):
        office.archive(office.notified(), when=END)


def archived_file(office: Office, case: str) -> Contents:
    (zipped,) = (office.folder / "files" / case / "akt").glob("*.zip")
    return read_contents(zipped)


def test_the_archive_holds_the_case_file_and_a_manifest_over_every_document(office: Office) -> None:
    case = office.notified()
    office.close(case, when=END)
    office.archive(case, when="2023-05-24 10.00")
    report = check(archived_file(office, case))
    archived = office.incident(case).archived
    assert archived is not None
    assert (report.faults, report.head) == ([], archived.head)
    manifest = office.world.archive.read(case, "manifest.json")
    assert archived.manifest == sha256(manifest).hexdigest()
    for entry in json.loads(manifest):
        assert entry["sha256"] == sha256(office.world.archive.read(case, entry["name"])).hexdigest()
    named = {entry["name"] for entry in json.loads(manifest)}
    assert named == set(office.documents(case)) - {"manifest.json"}


def test_a_run_that_died_after_keeping_the_file_stands_in_nobodys_way(office: Office) -> None:
    case = office.notified()
    office.close(case, when=END)
    dead = office.with_parts(timeline=Around(office.world.timeline, append=power_cut))
    with pytest.raises(PowerCut):
        dead.archive(case, when="2023-05-24 10.00")
    office.archive(case, when="2023-05-25 10.00")
    assert office.incident(case).archived is not None


def test_the_file_is_written_once(office: Office) -> None:
    case = office.notified()
    office.close(case, when=END)
    office.archive(case, when="2023-05-24 10.00")
    before = office.history(case), office.documents(case)
    office.archive(case, when="2023-05-25 10.00")
    assert (office.history(case), office.documents(case)) == before


AGAIN, NEWS = "2023-08-01 09.00", "Listan har hittats på webben."


def test_a_closed_case_is_opened_again_with_reasons_and_what_was_filed_stands(office: Office) -> None:
    case = office.notified()
    office.close(case, when=END)
    filings = office.incident(case).filings
    opened = office.reopen(case, when=AGAIN, reasoning=NEWS)
    assert opened.closed is None
    assert opened.filings == filings
    assert office.duty(case, "gdpr.33.5").status is DutyStatus.OWED
    assert office.reopen(case, when=AGAIN, reasoning=NEWS) == opened


def test_a_case_that_was_opened_again_is_closed_and_archived_once_more(office: Office) -> None:
    case = office.notified()
    office.close(case, when=END)
    first = office.archive(case, when=END).archived
    assert office.reopen(case, when=AGAIN, reasoning=NEWS).archived is None
    office.close(case, when="2023-08-02 09.00")
    second = office.archive(case, when="2023-08-02 09.05").archived
    assert first is not None
    assert second is not None
    assert second.head != first.head
    assert sum(name.startswith("akt/") for name in office.documents(case)) == 2


def test_the_officer_does_not_open_a_case_again_and_an_open_one_is_open_already(office: Office) -> None:
    case = office.notified()
    with pytest.raises(StepOutOfOrder, match="is open already"):
        office.reopen(case, when=END, reasoning=NEWS)
    office.close(case, when=END)
    with pytest.raises(NotEntitled):
        office.reopen(case, when=AGAIN, reasoning=NEWS, by=OFFICER)
    assert "incident_reopened" not in office.words(case)
