"""What surrounds a filing: its copy, the way by post, several in one, secrecy, the authority's questions."""

import hashlib
from datetime import date

import pytest

from adapters.files import read_register
from adapters.settings import Settings
from models.breach_events import Risk
from models.duty import DutyStatus
from models.errors import MissingParticular, NotApproved, NotEntitled, StepOutOfOrder, UnknownReference, UnreadableFile
from models.facts import Facts, Quantity
from models.filing_events import SecrecyMark, Way
from proof.check import check
from proof.contents import Contents
from services.case.mark_secrecy import mark_secrecy
from services.documents.sheets import WITHDRAWAL
from services.documents.translate_texts import translate_texts
from services.due.deadlines import commitments_of
from services.evidence.compile_file import compile_file
from services.filing.attempt_filing import attempt_filing
from services.filing.authority_question import AUTHORITY_QUESTION
from services.filing.bundle_notifications import bundle_notifications
from services.filing.diary import diary_entries
from services.filing.keep_copy import keep_copy
from services.record import read
from tests.services.office import BOARD, COPY, FACTS, NOTIFICATION, OFFICER, SUPPLEMENT, Office, at

PAGE = b"<!DOCTYPE html>\n<html><body>Tack</body></html>"
PICTURE = b"\x89PNG\r\n\x1a\n and so on"
WHY = "Det är samma fel i samma utskick."


def filed(office: Office, *, way: Way = Way.E_SERVICE) -> str:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20", way=way)
    return case


def alike(office: Office, family: str, *, aware: str = "2023-04-24 16.10", **facts: object) -> str:
    case = office.report(BOARD, family=family)
    office.aware(case, at(aware), when=aware)
    office.facts(case, FACTS.learn(Facts.model_validate({"incident_type": "hacking", **facts})))
    return case


def bundled(office: Office, lead: str, *others: str, when: str = "2023-04-26 10.00", by: str = OFFICER) -> object:
    return bundle_notifications(lead, others=others, because=WHY, by=by, now=at(when), world=office.world)


def tried(office: Office, case: str, *, proof: bytes | None = PICTURE, when: str = "2023-04-27 14.00") -> object:
    said = "Sidan svarade inte."
    return attempt_filing(
        case, tried_at=at(when), what_happened=said, proof=proof, by=OFFICER, now=at(when), world=office.world
    )


def marked(office: Office, case: str, field: str, *provisions: str, when: str = "2023-04-26 12.00") -> object:
    marks = (SecrecyMark(field=field, provisions=provisions),)
    return mark_secrecy(case, marks=marks, by=OFFICER, now=at(when), world=office.world)


# the copy


@pytest.mark.parametrize(
    "content, ending", [(COPY, "pdf"), (PAGE, "html"), (PICTURE, "png"), (b"\xff\xd8\xff\xe0", "jpg")]
)
def test_a_copy_is_kept_byte_for_byte_with_its_hash_in_the_timeline(
    office: Office, content: bytes, ending: str
) -> None:
    case = filed(office)
    assert len(office.incident(case).without_copy) == 1
    incident = office.copy(case, when="2023-04-26 15.25", content=content, by=OFFICER)
    name = f"anmalan/1-kvittens.{ending}"
    assert office.world.archive.read(case, name) == content
    (kept,) = incident.copies.values()
    assert kept.document.name == name  # type: ignore[union-attr]
    assert kept.document.sha256 == hashlib.sha256(content).hexdigest()  # type: ignore[union-attr]
    assert incident.without_copy == ()


@pytest.mark.parametrize("content", [b"", b"MZ\x90 a program", b"Tack", b"%PDF-" + b"0" * 25_000_000])
def test_what_is_no_page_or_picture_or_too_large_is_not_kept(office: Office, content: bytes) -> None:
    case = filed(office)
    with pytest.raises(UnreadableFile, match="cannot be kept"):
        office.copy(case, when="2023-04-26 15.25", content=content)
    assert not [name for name in office.documents(case) if "kvittens" in name]


def test_a_filing_without_a_copy_is_explained_before_the_case_is_closed(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.explain(case, "records", when="2023-04-26 13.00")
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    with pytest.raises(StepOutOfOrder, match="copy of what was filed"):
        office.close(case, when="2023-05-24 10.00")
    with pytest.raises(MissingParticular, match="Neither the copy nor a reason"):
        keep_copy(case, by=OFFICER, now=at("2023-05-24 10.05"), world=office.world)
    keep_copy(case, because="Webbläsaren stängdes.", by=OFFICER, now=at("2023-05-24 10.10"), world=office.world)
    assert office.close(case, when="2023-05-24 10.20").closed is not None


def test_two_copies_that_one_person_keeps_at_the_same_instant_are_two_and_each_is_kept_once(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    office.facts(case, Facts(n_records=Quantity(at_least=15000)), when="2023-05-02 14.00")
    office.drafted(case, SUPPLEMENT, when="2023-05-02 15.00")
    office.file(case, when="2023-05-02 15.20")
    for content in (b"%PDF-1.7 the second", b"%PDF-1.7 the first", b"%PDF-1.7 the second"):
        office.copy(case, when="2023-05-02 16.00", content=content)
    assert office.incident(case).without_copy == ()
    assert office.words(case).count("filing_copy_kept") == 2


def test_a_copy_of_nothing_is_refused(office: Office) -> None:
    case = office.decided(Risk.RISK)
    with pytest.raises(StepOutOfOrder, match="waits for its copy"):
        office.copy(case, when="2023-04-26 15.25")


# the way by post


def test_when_the_e_service_is_down_the_attempt_and_its_proof_are_kept_and_a_letter_is_written(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-27 11.30")
    tried(office, case)
    names = [document.name for document in office.incident(case).attempts[0].documents]
    assert names == [f"anmalan/1-med-post-1{ending}" for ending in (".pdf", ".txt", ".html", "-bevis.png")]
    letter = office.world.archive.read(case, "anmalan/1-med-post-1.txt").decode()
    assert "Vi försökte den 27 april 2023 kl. 14.00. Så här gick det: Sidan svarade inte." in letter
    assert "godkänt den 27 april 2023 kl. 11.30" in letter
    assert office.file(case, when="2023-04-27 15.30", way=Way.POST).filings[0].way is Way.POST


def test_each_attempt_is_one_of_its_own(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-27 11.30")
    tried(office, case, proof=None)
    tried(office, case, proof=None, when="2023-04-27 14.30")
    assert [one.documents[0].name for one in office.incident(case).attempts] == [
        "anmalan/1-med-post-1.pdf",
        "anmalan/1-med-post-2.pdf",
    ]


def test_nothing_goes_by_post_that_nobody_approved_or_that_is_filed(office: Office) -> None:
    case = office.decided(Risk.RISK)
    with pytest.raises(NotApproved, match="No sheet is issued"):
        tried(office, case)
    with pytest.raises(StepOutOfOrder, match="filed already"):
        tried(office, filed(office.next_door()))


# several in one


def test_one_sheet_tells_of_several_alike_breaches_and_each_keeps_its_own_clock(office: Office) -> None:
    lead, other = alike(office, "a"), alike(office, "b", aware="2023-04-25 08.00")
    bundled(office, lead, other)
    office.decide(lead, Risk.RISK, when="2023-04-26 10.30")
    office.drafted(lead, NOTIFICATION, when="2023-04-26 14.00")
    text = office.world.archive.read(lead, "anmalan/1-initial.txt").decode()
    assert f"Anmälan är samlad och gäller också: {other}." in text
    assert "Antal registrerade: Cirka 16\N{NO-BREAK SPACE}800" in text
    office.file(lead, when="2023-04-26 15.20")
    for case, due in ((lead, "2023-04-27 16.10"), (other, "2023-04-28 08.00")):
        duty = office.duty(case)
        assert (duty.status, duty.fulfilled_at, duty.due_at) == (
            DutyStatus.FULFILLED,
            at("2023-04-26 15.20"),
            at(due),
        )
    assert office.incident(other).filings[0].bundled_in == lead
    assert office.incident(other).without_copy == (), "the copy is handed in once, in the lead's case"


def told_together(office: Office) -> tuple[str, str]:
    lead, other = alike(office, "a"), alike(office, "b")
    bundled(office, lead, other)
    office.drafted(lead, NOTIFICATION, when="2023-04-26 14.00")
    office.file(lead, when="2023-04-26 15.20")
    return lead, other


def test_the_file_of_each_holds_the_sheet_its_receipt_and_the_authoritys_number(office: Office) -> None:
    lead, other = told_together(office)
    office.copy(lead, when="2023-04-26 15.30")
    office.acknowledged(lead, "IMY-2023-99001", when="2023-04-28 11.00")
    files = compile_file(other, at=at("2023-05-01 10.00"), world=office.world)
    assert check(Contents(files, [])).faults == []
    sheet = f"handlingar/anmalan/samlad-{lead.lower()}"
    assert files[f"{sheet}.pdf"] == office.world.archive.read(lead, "anmalan/1-initial.pdf")
    assert files[f"{sheet}-kvittens.pdf"] == COPY
    assert office.incident(other).diary_number == "IMY-2023-99001"
    page = files["index.html"].decode()
    assert f"Första anmälan, samlad i {lead}" in page
    assert f"Kopia av första anmälan, samlad i {lead}" in page


def test_a_number_of_its_own_is_not_written_over_by_the_leads(office: Office) -> None:
    lead, other = told_together(office)
    office.acknowledged(other, "IMY-2023-99002", when="2023-04-27 11.00")
    office.acknowledged(lead, "IMY-2023-99001", when="2023-04-28 11.00")
    assert office.incident(other).diary_number == "IMY-2023-99002"


def test_what_is_learned_of_one_after_the_sheet_is_told_in_a_supplement_of_its_own(office: Office) -> None:
    lead, other = alike(office, "a"), alike(office, "b")
    bundled(office, lead, other)
    office.drafted(lead, NOTIFICATION, when="2023-04-26 14.00")
    office.facts(other, Facts(n_subjects=Quantity(at_least=9100)), when="2023-04-26 15.00")
    office.file(lead, when="2023-04-26 15.20")
    office.drafted(other, SUPPLEMENT, when="2023-04-27 10.00")
    text = office.world.archive.read(other, "anmalan/1-supplement.txt").decode()
    assert f"Samlad anmälan: Anmäldes tillsammans med {lead}. Det här gäller bara {other}." in text
    assert "Tidigare: Cirka 8\N{NO-BREAK SPACE}400\nNu: Minst 9\N{NO-BREAK SPACE}100" in text


def test_a_sheet_says_why_they_are_told_together_and_why_one_of_them_is_late(office: Office) -> None:
    lead, other = alike(office, "a", aware="2023-04-25 16.10"), alike(office, "b")
    bundled(office, lead, other)
    office.drafted(lead, NOTIFICATION, when="2023-04-28 14.00")
    text = office.world.archive.read(lead, "anmalan/1-initial.txt").decode()
    assert f"Anmälan är samlad och gäller 2 likadana incidenter. {WHY}" in text
    assert f"{other}: anmäls efter sin egen frist, eftersom incidenterna anmäls tillsammans. {WHY}" in text


def test_breaches_that_turn_out_to_differ_are_not_told_together_any_more_and_part(office: Office) -> None:
    lead, other = alike(office, "a"), alike(office, "b")
    bundled(office, lead, other)
    office.facts(other, Facts(data_categories=("health",)), when="2023-04-26 12.00")
    with pytest.raises(StepOutOfOrder, match="cannot be notified together"):
        office.draft(lead, NOTIFICATION, when="2023-04-26 14.00")
    bundled(office, lead, when="2023-04-26 14.05")
    for case in (lead, other):
        office.drafted(case, NOTIFICATION, when="2023-04-26 14.10")
        office.file(case, when="2023-04-26 15.20")
        assert office.incident(case).filings[0].bundled_in is None


def test_an_incident_is_told_of_in_one_notification_only(office: Office) -> None:
    first, other, second = alike(office, "a"), alike(office, "b"), alike(office, "c")
    bundled(office, first, other)
    with pytest.raises(StepOutOfOrder, match=f"{other} is notified together with {first}"):
        bundled(office, second, other)


def test_taking_one_of_them_back_says_that_the_others_stay_notified(office: Office) -> None:
    lead, other = told_together(office)
    office.decide(other, Risk.UNLIKELY, when="2023-05-02 10.00")
    office.drafted(other, WITHDRAWAL, when="2023-05-02 11.00")
    text = office.world.archive.read(other, "anmalan/1-withdrawal.txt").decode()
    assert f"Anmäldes tillsammans med {lead}. Det här gäller bara {other}." in text


def test_the_registrar_gets_a_sheet_that_tells_of_several_once(office: Office) -> None:
    with_registrar = Office(office.folder, office.post).with_parts(register=read_register(Settings().parties))
    lead, other = told_together(with_registrar)
    with_registrar.copy(lead, when="2023-04-26 15.30")
    waiting = [
        (entry.incident, entry.kind)
        for case in (lead, other)
        for entry in diary_entries(read(case, with_registrar.world.timeline), with_registrar.world)
    ]
    assert waiting == [(lead, "initial"), (lead, "copy")]


def test_an_incident_that_another_tells_of_has_no_sheet_of_its_own(office: Office) -> None:
    lead, other = alike(office, "a"), alike(office, "b")
    bundled(office, lead, other)
    with pytest.raises(StepOutOfOrder, match=f"together with {lead}"):
        office.draft(other, NOTIFICATION, when="2023-04-26 14.00")


def test_one_that_became_late_by_waiting_for_the_others_has_that_for_its_reason(office: Office) -> None:
    lead, other = alike(office, "a", aware="2023-04-25 16.10"), alike(office, "b")
    bundled(office, lead, other)
    office.drafted(lead, NOTIFICATION, when="2023-04-28 14.00")
    office.file(lead, when="2023-04-28 15.00")
    assert office.incident(lead).delay is None
    delay = office.incident(other).delay
    assert delay is not None
    assert delay.reasons == WHY


@pytest.mark.parametrize(
    "differs, match",
    [
        ({"data_categories": ("health",)}, "same kinds of data"),
        ({"incident_type": "mispostal"}, "happened in the same way"),
        ({"aware": "2023-04-28 16.11"}, "relatively short time"),
    ],
)
def test_breaches_that_are_not_alike_are_notified_one_by_one(
    office: Office, differs: dict[str, str], match: str
) -> None:
    lead, other = alike(office, "a"), alike(office, "b", **differs)
    with pytest.raises(StepOutOfOrder, match="cannot be notified together"):
        bundled(office, lead, other, when="2023-04-28 17.00")
    assert "notifications_bundled" not in office.words(lead) + office.words(other)


def test_what_is_filed_is_not_bundled_and_one_alone_is_no_bundle(office: Office) -> None:
    lead, other = alike(office, "a"), filed(office)
    with pytest.raises(StepOutOfOrder, match="filed already"):
        bundled(office, lead, other)
    with pytest.raises(StepOutOfOrder, match="cannot be notified together"):
        bundled(office, lead, lead)


# secrecy and English


def test_what_is_marked_stands_in_the_last_field_of_the_form(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.facts(case, Facts(measures_before="Tvåfaktor och segmenterat nät."), when="2023-04-26 11.00")
    marked(office, case, "measures_before", "osl.18.8")
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    text = office.world.archive.read(case, "anmalan/1-initial.txt").decode()
    said = "Säkerhetsåtgärder före incidenten: kan omfattas av sekretess enligt 18 kap. 8 § 3 offentlighets-"
    assert said in text.rpartition("Övrigt, och uppgifter")[2]


def test_a_mark_is_taken_away_by_one_without_provisions(office: Office) -> None:
    case = office.decided(Risk.RISK)
    marked(office, case, "measures_before", "osl.18.8")
    marked(office, case, "measures_before", when="2023-04-26 12.30")
    assert office.incident(case).secrecy == {}


@pytest.mark.parametrize("field, provision", [("colour", "osl.18.8"), ("measures_before", "osl.99")])
def test_only_facts_are_marked_and_only_under_provisions_we_know(office: Office, field: str, provision: str) -> None:
    case = office.decided(Risk.RISK)
    with pytest.raises(UnknownReference, match="cannot be marked"):
        marked(office, case, field, provision)


def test_only_a_text_of_the_sheet_is_written_in_english(office: Office) -> None:
    case = office.decided(Risk.RISK)
    with pytest.raises(UnknownReference, match="no text of the sheet"):
        translate_texts(case, english={"colour": "Red"}, by=OFFICER, now=at("2023-04-26 12.00"), world=office.world)


# the authority's questions


def test_a_question_of_the_authority_is_a_deadline_until_it_is_answered(office: Office) -> None:
    case = office.notified()
    line = office.asked(case, "Hur många barn?", when="2023-05-02 10.00", answer_by=date(2023, 5, 12))
    (duty,) = [one for one in commitments_of(office.incident(case)) if one.provision == AUTHORITY_QUESTION]
    assert (duty.status, duty.due_at, duty.about) == (DutyStatus.OWED, at("2023-05-12 23.59"), str(line))
    office.replied(case, when="2023-05-11 14.00", content=COPY)
    (duty,) = [one for one in commitments_of(office.incident(case)) if one.provision == AUTHORITY_QUESTION]
    assert (duty.status, duty.fulfilled_at) == (DutyStatus.FULFILLED, at("2023-05-11 14.00"))
    assert office.world.archive.read(case, f"fragor/svar-{line}.pdf") == COPY


def test_a_question_opens_a_closed_case_and_keeps_it_open(office: Office) -> None:
    case = office.notified()
    office.close(case, when="2023-05-24 10.00")
    office.asked(case, "Hur många barn?", when="2023-06-02 10.00", answer_by=date(2023, 6, 12))
    assert office.incident(case).closed is None
    with pytest.raises(StepOutOfOrder, match="nobody has answered"):
        office.close(case, when="2023-06-03 10.00")
    office.replied(case, when="2023-06-04 10.00")
    office.close(case, when="2023-06-05 10.00")


def test_of_several_questions_one_says_which_is_answered(office: Office) -> None:
    case = office.notified()
    first = office.asked(case, "Hur många barn?", when="2023-05-02 10.00")
    second = office.asked(case, "Vilka loggar?", when="2023-05-03 10.00")
    with pytest.raises(StepOutOfOrder, match=f"lines {first}, {second}"):
        office.replied(case, when="2023-05-04 10.00")
    office.replied(case, second, when="2023-05-04 10.00")
    with pytest.raises(UnknownReference, match="No such question"):
        office.replied(case, second, when="2023-05-05 10.00")
    assert list(office.incident(case).unanswered) == [first]


def test_whoever_is_nobody_in_the_case_registers_nothing(office: Office) -> None:
    case = filed(office)
    with pytest.raises(NotEntitled):
        office.copy(case, when="2023-04-26 15.25", by="maja.modell")


def test_numbers_follow_the_bundle_only_when_all_are_known(office: Office) -> None:
    lead, other = alike(office, "a"), alike(office, "b", n_records=5)
    bundled(office, lead, other)
    office.drafted(lead, NOTIFICATION, when="2023-04-26 14.00")
    text = office.world.archive.read(lead, "anmalan/1-initial.txt").decode()
    assert "Antal personuppgiftsposter: Utreds, kompletteras senast" in text
