from datetime import date, timedelta

import pytest

from law.form_book import IMY, form_on
from letters import compose, plain
from letters.compose import Matter
from letters.compose.persons import exposure
from letters.compose.reminders import time_left
from letters.compose.supplement import Change
from letters.language import explain
from letters.sheet_html import sheet_html
from models.breach_events import Risk
from models.errors import MissingParticular, StepOutOfOrder
from models.facts import BreachType, Exfiltration, Facts
from models.filing_events import Phase
from models.incident import Incident
from models.instants import parse_local
from models.letter import Fields
from models.parties import Controller, PostalAddress, Register, Role
from models.replay import replay
from tests.letters.case import AWARE, DUE, FACTS, NO_BREAK, decided, filed, history, notified
from tests.letters.samples import (
    COMMUNICATE,
    NOTIFY,
    UNDECIDED,
    VARIANTS,
    about,
    overdue,
    reminder,
    sheet,
    sheet_of,
    supplement,
    to_controller,
    to_person,
    to_public,
)


@pytest.mark.parametrize(
    "facts, expected",
    [
        (Facts(), "possible"),
        (Facts(exfiltration=Exfiltration.UNKNOWN), "possible"),
        (Facts(exfiltration=Exfiltration.CONFIRMED), "confirmed"),
        (Facts(exfiltration=Exfiltration.NOT_APPLICABLE, recipient_known=True), "confirmed"),
        (Facts(breach_types=(BreachType.AVAILABILITY,)), "possible"),
        (Facts(breach_types=(BreachType.AVAILABILITY,), malicious=False), "none"),
        (Facts(breach_types=(BreachType.AVAILABILITY,), malicious=True, exfiltration="none_confirmed"), "none"),
        (Facts(breach_types=(BreachType.AVAILABILITY, BreachType.CONFIDENTIALITY)), "possible"),
    ],
)
def test_unknown_is_possible_and_only_what_we_know_is_said_as_certain(facts: Facts, expected: str) -> None:
    assert exposure(facts) == expected


@pytest.mark.parametrize("name", ["what_happened", "consequences_described", "measures_taken"])
def test_a_letter_to_a_person_is_not_written_without_what_article_34_2_demands(name: str, register: Register) -> None:
    holed = Facts.model_validate({key: value for key, value in FACTS.known().items() if key != name})

    with pytest.raises(MissingParticular) as refusal:
        to_person(register, holed)

    assert refusal.value.values["fact"] == (name,)
    assert explain(refusal.value).startswith("Det går inte att skriva ”information till den registrerade” än.")


def test_a_letter_to_a_person_names_the_data_one_way_or_the_other(register: Register) -> None:
    listed = Facts.model_validate({key: value for key, value in FACTS.known().items() if key != "data_described"})
    nothing = Facts.model_validate({key: value for key, value in listed.known().items() if key != "data_categories"})

    assert "Det gäller namn, adress, telefonnummer, cv" in plain.text(to_person(register, listed))
    with pytest.raises(MissingParticular):
        to_person(register, nothing)


def test_nobody_signs_for_a_controller_without_a_delegate(register: Register, controller: Controller) -> None:
    alone = controller.model_copy(update={"roles": {Role.OFFICER: "dso"}})

    with pytest.raises(MissingParticular) as refusal:
        compose.data_subject_communication(incident=notified(), controller=alone, register=register, at=AWARE)

    assert explain(refusal.value).startswith("Ingen är delegat som beslutar för kommunstyrelsen.")


def test_a_letter_does_not_claim_a_notification_that_has_not_been_made(register: Register) -> None:
    unfiled = compose.data_subject_communication(
        incident=UNDECIDED, controller=register.controllers[0], register=register, at=AWARE
    )

    assert "Vi har anmält händelsen" not in plain.text(unfiled)
    assert "Vi har anmält händelsen" in plain.text(to_person(register))


def test_advice_that_may_help_is_given_until_we_know_that_it_cannot(register: Register) -> None:
    unknown = Facts.model_validate(
        {key: value for key, value in FACTS.known().items() if key not in ("financial_data", "credentials")}
    )

    assert "Följ dina konton" in plain.text(to_person(register, unknown))
    assert "Byt lösenord" in plain.text(to_person(register, unknown))
    assert "Följ dina konton" not in plain.text(to_person(register))


def test_the_officers_own_advice_takes_the_place_of_the_usual(register: Register) -> None:
    advised = FACTS.learn(Facts(advice_to_persons=("Byt lås i ytterdörren.",)))

    text = plain.text(to_person(register, advised))

    assert "- Byt lås i ytterdörren." in text
    assert "Polisanmäl" not in text


def test_paragraphs_stay_paragraphs(register: Register) -> None:
    assert "upptäcktes.\n\nAngriparen kan" in plain.text(to_person(register))


def test_the_notice_to_the_public_carries_both_its_stamps(register: Register) -> None:
    text = plain.text(to_public(register))

    assert "Publicerad den 12 maj 2023 kl. 15.04. Senast ändrad den 16 maj 2023 kl. 09.20." in text


@pytest.mark.parametrize(
    "left, said",
    [
        (timedelta(hours=48), "48 timmar"),
        (timedelta(hours=47, minutes=59), "48 timmar"),
        (timedelta(hours=47, minutes=54), "47 timmar"),
        (timedelta(minutes=50), "50 minuter"),
        (timedelta(seconds=20), "mindre än en minut"),
    ],
)
def test_what_is_left_is_said_in_hours_and_rounded_up_by_five_minutes_at_most(left: timedelta, said: str) -> None:
    assert time_left(left) == said


def test_a_reminder_names_what_is_missing_and_who_can_act(register: Register) -> None:
    text = plain.text(reminder(register, hours_left=48))

    assert "Väntar på beslut\n- Bedöm risk: Hanna Exempel, HR-direktör" in text
    assert "Uppgifter som saknas\n- Ungefärligt antal personuppgiftsposter\n- Sannolika konsekvenser" in text
    assert "Beslutar: Hanna Exempel, 031-390\u00a006\u00a020" in text


def test_a_reminder_is_written_also_when_nobody_bears_a_role(register: Register, controller: Controller) -> None:
    nobody = controller.model_copy(update={"roles": {}})
    letter = compose.deadline_reminder(Matter(UNDECIDED, NOTIFY, nobody, register, AWARE))

    assert letter.subject == "72 timmar kvar: anmälan till IMY är inte skickad (INC-2023-0042)"


def test_a_reminder_tells_the_deadline_and_not_what_alarms_aim_at(register: Register) -> None:
    early = NOTIFY.model_copy(update={"operate_at": DUE - timedelta(hours=1)})

    assert "Fristen går ut torsdagen den 27 april 2023 kl. 16.10." in plain.text(
        reminder(register, hours_left=24, duty=early)
    )


def test_until_the_time_limit_people_are_told_what_is_left_and_from_it_on_that_it_has_run_out(
    register: Register,
) -> None:
    second = timedelta(seconds=1)
    in_time, at_the_limit, too_late = (about(register, NOTIFY, now=now) for now in (DUE - second, DUE, DUE + second))

    assert compose.deadline_passed(at_the_limit).name == "deadline_passed"
    assert compose.deadline_reminder(in_time).name == "deadline_reminder"
    assert compose.deadline_passed(too_late).name == "deadline_passed"
    with pytest.raises(StepOutOfOrder):
        compose.deadline_passed(in_time)
    with pytest.raises(StepOutOfOrder):
        compose.deadline_reminder(too_late)


def test_a_duty_without_a_number_has_no_deadline_to_remind_of(register: Register) -> None:
    with pytest.raises(StepOutOfOrder):
        compose.deadline_reminder(about(register, COMMUNICATE, now=AWARE))


@pytest.mark.parametrize(
    "late, said",
    [
        (timedelta(hours=72, minutes=40), "72 timmar och 40 minuter för sent"),
        (timedelta(minutes=1), "1 minut för sent"),
        (timedelta(hours=1), "1 timme för sent"),
        (timedelta(hours=1, minutes=1), "1 timme och 1 minut för sent"),
        (timedelta(hours=24), "24 timmar för sent"),
        (timedelta(hours=96), "96 timmar för sent"),
        (timedelta(hours=96, minutes=1), "4 dygn och 1 minut för sent"),
        (timedelta(days=28), "28 dygn för sent"),
        (timedelta(days=10, hours=21, minutes=59, seconds=59), "10 dygn, 21 timmar och 59 minuter för sent"),
        (timedelta(minutes=2), "2 minuter för sent"),
        (timedelta(seconds=30), "mindre än en minut för sent"),
        (timedelta(days=5, hours=1), "5 dygn och 1 timme för sent"),
        (timedelta(hours=97), "4 dygn och 1 timme för sent"),
    ],
)
def test_how_late_it_is_is_said_to_the_minute(register: Register, late: timedelta, said: str) -> None:
    assert f"Läge: {said}\n" in plain.text(overdue(register, late=late))


def test_subjects_of_reminders_name_the_case_and_never_a_person_or_a_weakness(register: Register) -> None:
    for letter in (reminder(register, hours_left=6), overdue(register)):
        assert letter.subject.endswith("(INC-2023-0042)")
        assert not [word for word in ("Exempel", "Driftbolaget", "attack") if word in letter.subject]


def test_the_unknown_is_said_to_be_investigated_with_a_day_for_the_rest(register: Register) -> None:
    text = plain.text(sheet(register, at="2023-04-26 15.20"))

    assert "När började incidenten? Utreds, kompletteras senast den 24 maj 2023." in text
    assert f"Antal registrerade: Cirka 8{NO_BREAK}400" in text
    assert "47 timmar och 10 minuter efter kännedom" in text


def test_a_sheet_after_the_time_limit_says_why_and_one_in_time_is_not_asked(register: Register) -> None:
    question = "Varför lämnas anmälan senare än 72 timmar efter kännedom?"

    assert question not in plain.text(sheet(register, at="2023-04-27 16.10"))
    assert question in plain.text(sheet(register, at="2023-04-27 16.11"))
    assert "Leverantören svarade först den 27 april." in plain.text(VARIANTS["late sheet"](register))


def test_a_complete_sheet_promises_no_supplement(register: Register) -> None:
    text = plain.text(sheet(register, at="2023-04-26 15.20", lacks=()))

    assert "- Ny anmälan, fullständig." in text
    assert "Det här kompletterar vi" not in text
    assert "Kommer ni att komplettera anmälan? Nej." in text


def test_what_cannot_be_determined_is_said_with_its_reason_and_promises_nothing(register: Register) -> None:
    text = plain.text(VARIANTS["whole sheet"](register))

    assert "Antal personuppgiftsposter: Går inte att fastställa: Leverantören håller på att räkna." in text
    assert "- Ny anmälan, fullständig." in text


def test_a_text_longer_than_the_form_takes_is_split_between_sentences(register: Register) -> None:
    sentence = "Angriparen kom in genom ett konto som ingen använde längre. "
    told = FACTS.learn(Facts(what_happened=sentence * 60))
    rows = [
        row
        for block in sheet(register, at="2023-04-26 15.20", facts=told).blocks
        if isinstance(block, Fields)
        for row in block.rows
        if row[0].startswith("Beskriv vad som har hänt")
    ]

    assert [label.partition("(")[2][:11] for label, _ in rows] == ["del 1 av 2,", "del 2 av 2,"]
    assert max(len(text) for _, text in rows) <= 2000
    assert " ".join(text for _, text in rows) == (sentence * 60).strip()
    assert all(text.endswith(".") for _, text in rows)


def test_a_sheet_for_several_breaches_tells_of_each_and_counts_them_together(register: Register) -> None:
    text = plain.text(VARIANTS["bundled sheet"](register))

    assert "Anmälan är samlad och gäller också: INC-2023-0050, INC-2023-0051." in text
    assert f"Antal registrerade: Cirka 25{NO_BREAK}200" in text
    assert f"INC-2023-0051: kännedom 2023-04-24 16.10, antal registrerade cirka 8{NO_BREAK}400." in text


def test_a_page_to_copy_from_has_a_button_and_a_count_for_each_answer(register: Register) -> None:
    letter = sheet(
        register, at="2023-04-26 15.20", facts=FACTS.learn(Facts(how_discovered="Någon <ringde> & mejlade."))
    )
    page = sheet_html(letter)
    answers = sum(len(block.rows) for block in letter.blocks if isinstance(block, Fields))

    assert page.count("<button ") == page.count(" tecken</small>") + page.count(" tecken)</dt>") == answers
    assert "Någon &lt;ringde&gt; &amp; mejlade.</span>" in page
    assert "<dt>Hur upptäcktes incidenten? (25 tecken)</dt>" in page
    assert "http" not in page.replace("https://e-tjanster", "")


def test_a_supplement_holds_what_changed_and_nothing_else(register: Register) -> None:
    text = plain.text(supplement(register))

    assert f"Antal registrerade\nTidigare: Cirka 8{NO_BREAK}400\nNu: 8{NO_BREAK}412" in text
    assert "När incidenten upphörde\nTidigare: Inte angivet\nNu: 2023-05-02 08.00" in text
    assert "it-attack" not in text


@pytest.mark.parametrize("incident, changes", [(UNDECIDED, ("cause",)), (notified(), ())])
def test_there_is_no_supplement_to_nothing_or_of_nothing(
    incident: Incident, changes: tuple[str, ...], register: Register
) -> None:
    with pytest.raises(StepOutOfOrder):
        compose.supervisory_authority_supplement(
            sheet=sheet_of(register, incident, at="2023-05-12 09.30", phase=Phase.SUPPLEMENT, lacks=()),
            changes=tuple(Change(name=name, since="11 maj 2023") for name in changes),
        )


@pytest.mark.parametrize("level", [Risk.RISK, Risk.HIGH])
def test_only_an_unlikely_risk_is_left_without_a_notification(level: Risk, register: Register) -> None:
    incident = replay((*history(), decided(level)))

    with pytest.raises(StepOutOfOrder):
        compose.decision_not_to_notify(incident=incident, controller=register.controllers[0], register=register)


def test_the_sheet_tells_why_people_are_not_told(register: Register) -> None:
    below = replay((*history(), decided(Risk.RISK, reasoning="Risken är inte hög."), filed()))
    held = sheet_of(register, below, at="2023-04-26 15.20", phase=Phase.INITIAL, lacks=())
    text = plain.text(compose.supervisory_authority_notification(sheet=held, form=form_on(IMY, date(2023, 4, 26))))

    assert (
        "35. Varför kommer ni inte att informera de registrerade? (47 tecken): "
        "Risken bedöms inte som hög. Risken är inte hög." in text
    )


def test_a_processors_notice_tells_the_known_from_the_unknown(register: Register) -> None:
    text = plain.text(to_controller(register))
    known, unknown = text.split("Det här vet vi inte än")

    assert f"Så många gäller det hos er: cirka 8{NO_BREAK}400 personer." in known
    assert "Om någon har läst eller kopierat era uppgifter." in unknown
    assert "Om någon har läst eller kopierat era uppgifter." not in known
    assert "Senast den 25 april 2023 kl. 12.00" in unknown


def test_a_letterhead_has_a_swedish_date_a_window_without_blank_lines_and_the_body_in_the_footer(
    controller: Controller,
) -> None:
    address = PostalAddress(street="Exempelgatan 2", postcode="29132", city="Kristianstad")
    head = compose.letterhead(
        controller,
        recipient=("", *compose.address_lines("Anna Exempel", address)),
        date=parse_local("2023-05-12 10.00"),
        reference="INC-2023-0042",
        kind="Information",
    )

    assert head.recipient == ("Anna Exempel", "Exempelgatan 2", "291 32  KRISTIANSTAD")
    assert head.date == "12 maj 2023"
    assert (head.sender, head.department) == ("Exempelkommun", "Kommunstyrelsen")
    assert head.footer == (
        "Postadress: Storgatan 1, 999 99 Exempelstad",
        "Telefon: 031-390\u00a006\u00a000",
        "E-post: kommunen@exempelkommun.example",
        "Webb: www.exempelkommun.example",
        "Organisationsnummer: 212000-0000",
    )
