import pytest

from letters import plain
from models.breach_events import Risk
from models.errors import MissingParticular, NotApproved, NotEntitled, StepOutOfOrder, UnknownReference
from models.facts import Facts, Trigger
from models.letter import Letter
from services.documents.drafts import NOT_NOTIFIED
from tests.services.office import COMMUNICATION, DELEGATE, NOTICE, NOTIFICATION, OFFICER, SUPPLEMENT, THREAT, Office


def test_a_draft_lies_in_the_archive_under_the_digest_an_approval_must_name(office: Office) -> None:
    case = office.decided(Risk.RISK)
    digest = office.draft(case, NOTIFICATION, when="2023-04-26 11.00")
    name = f"utkast/{NOTIFICATION}-{digest[:12]}.json"
    assert office.documents(case) == [name.replace(".json", ".form.json"), name]
    letter = Letter.model_validate_json(office.world.archive.read(case, name))
    assert plain.sha256(letter) == digest


@pytest.mark.parametrize("letter", [NOTIFICATION, COMMUNICATION, NOTICE])
def test_no_letter_is_drafted_before_awareness(office: Office, letter: str) -> None:
    case = office.report()
    office.facts(case)
    with pytest.raises(StepOutOfOrder, match="Awareness has not been established"):
        office.draft(case, letter, when="2023-04-26 11.00")
    assert office.documents(case) == []


def test_a_letter_nobody_has_written_is_unknown_and_the_others_are_named(office: Office) -> None:
    case = office.known()
    with pytest.raises(UnknownReference, match=NOTIFICATION):
        office.draft(case, "julkort", when="2023-04-26 11.00")


def test_a_letter_that_would_lack_what_the_law_demands_is_not_drafted(office: Office) -> None:
    case = office.report()
    office.aware(case)
    office.facts(case, Facts(what_happened="Systemet ligger nere."))
    with pytest.raises(MissingParticular, match="consequences_described"):
        office.draft(case, COMMUNICATION, when="2023-04-26 11.00")
    assert "letter_drafted" not in office.words(case)


def test_a_supplement_to_nothing_cannot_be_drafted(office: Office) -> None:
    case = office.decided(Risk.RISK)
    with pytest.raises(StepOutOfOrder, match="nothing to supplement"):
        office.draft(case, SUPPLEMENT, when="2023-04-26 11.00")


def test_a_supplement_holds_only_what_has_changed(office: Office) -> None:
    case = office.notified(complete=False)
    with pytest.raises(StepOutOfOrder, match="nothing to supplement"):
        office.draft(case, SUPPLEMENT, when="2023-05-02 10.00")
    office.facts(case, Facts(backup_available=True), when="2023-05-02 14.00")
    office.draft(case, SUPPLEMENT, when="2023-05-02 15.00")
    name = next(name for name in office.documents(case) if SUPPLEMENT in name and ".form." not in name)
    text = plain.text(Letter.model_validate_json(office.world.archive.read(case, name)))
    assert "angrepp" not in text


def test_no_decision_not_to_notify_is_drafted_without_such_a_decision(office: Office) -> None:
    case = office.decided(Risk.RISK)
    with pytest.raises(StepOutOfOrder, match="no decision"):
        office.draft(case, NOT_NOTIFIED, when="2023-04-26 14.10")


def test_the_author_does_not_approve_the_own_text(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.draft(case, NOTIFICATION, when="2023-04-26 11.00", by=DELEGATE)
    with pytest.raises(NotEntitled, match="drafted"):
        office.approve(case, NOTIFICATION, when="2023-04-26 14.40")
    assert "letter_approved" not in office.words(case)


def test_the_officer_does_not_approve(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.draft(case, NOTIFICATION, when="2023-04-26 11.00", by=DELEGATE)
    with pytest.raises(NotEntitled):
        office.approve(case, NOTIFICATION, when="2023-04-26 14.40", by=OFFICER)


def test_what_was_never_drafted_cannot_be_approved(office: Office) -> None:
    case = office.decided(Risk.RISK)
    with pytest.raises(NotApproved, match="not the text you saw"):
        office.approve(case, NOTIFICATION, when="2023-04-26 14.40", sha256="ab" * 32)


def test_an_approval_names_the_present_draft_not_an_earlier_one(office: Office) -> None:
    case = office.decided(Risk.RISK)
    first = office.draft(case, NOTIFICATION, when="2023-04-26 11.00")
    second = office.draft(case, NOTIFICATION, when="2023-04-26 12.00")
    assert first != second
    with pytest.raises(NotApproved, match="not the text you saw"):
        office.approve(case, NOTIFICATION, when="2023-04-26 14.40", sha256=first)
    office.approve(case, NOTIFICATION, when="2023-04-26 14.40", sha256=second)


def test_an_approval_of_one_letter_is_none_of_another(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    other = office.draft(case, NOTICE, when="2023-04-26 11.00")
    office.draft(case, NOTIFICATION, when="2023-04-26 11.00")
    with pytest.raises(NotApproved):
        office.approve(case, NOTIFICATION, when="2023-04-26 14.40", sha256=other)


def test_a_new_draft_takes_the_approval_of_the_old_one_away(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 11.00")
    office.draft(case, NOTIFICATION, when="2023-04-26 12.00")
    with pytest.raises(NotApproved, match="has not been approved as it stands"):
        office.file(case, when="2023-04-26 15.00")


def test_a_draft_changed_on_disk_after_the_approval_is_not_issued(office: Office) -> None:
    case = office.decided(Risk.RISK)
    digest = office.drafted(case, NOTIFICATION, when="2023-04-26 11.00")
    file = office.folder / "files" / case / "utkast" / f"{NOTIFICATION}-{digest[:12]}.json"
    file.write_text(file.read_text(encoding="utf-8").replace("angrepp", "missöde"), encoding="utf-8")
    with pytest.raises(NotApproved):
        office.file(case, when="2023-04-26 15.00")
    assert "notification_submitted" not in office.words(case)


def test_the_approved_decision_not_to_notify_is_issued_to_the_file_at_once(office: Office) -> None:
    case = office.decided(Risk.UNLIKELY)
    office.drafted(case, NOT_NOTIFIED, when="2023-04-26 14.10")
    issued = [name for name in office.documents(case) if name.startswith("beslut/")]
    assert issued == [f"beslut/att-inte-anmala.{kind}" for kind in ("html", "pdf", "txt")]


def test_a_second_decision_not_to_notify_stands_beside_the_first(office: Office) -> None:
    case = office.decided(Risk.UNLIKELY)
    office.drafted(case, NOT_NOTIFIED, when="2023-04-26 14.10")
    first = office.world.archive.read(case, "beslut/att-inte-anmala.txt")
    office.facts(case, THREAT, when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    office.decide(case, Risk.UNLIKELY, when="2023-05-10 09.00")
    office.drafted(case, NOT_NOTIFIED, when="2023-05-10 10.00")
    assert office.world.archive.read(case, "beslut/att-inte-anmala.txt") == first
    assert office.world.archive.read(case, "beslut/att-inte-anmala-2.txt") != first


def test_a_letter_to_the_people_that_the_gate_stops_cannot_be_approved(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    office.facts(case, Facts(told_consequences="Någon kan [beskriv följderna här]."), when="2023-05-12 10.00")
    office.draft(case, COMMUNICATION, when="2023-05-12 11.00")
    with pytest.raises(NotApproved, match="beskriv följderna här"):
        office.approve(case, COMMUNICATION, when="2023-05-12 11.30")
    assert "letter_approved" not in office.words(case)


def test_the_gate_lets_papers_for_the_authority_be(office: Office) -> None:
    case = office.known()
    office.facts(case, Facts(consequences_described="Se [bilaga 1]."), when="2023-04-26 09.00")
    office.decide(case, Risk.RISK, when="2023-04-26 10.15")
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    assert "letter_approved" in office.words(case)
