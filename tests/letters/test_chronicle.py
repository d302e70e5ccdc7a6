"""The timeline as people read it: every word of the vocabulary comes out in Swedish, and nothing as a program writes it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given

from letters.chronicle import details, heading
from letters.citations import provision_of_osl
from letters.senders import deadline_called
from letters.vocabulary import COMMITMENTS
from models.events import Event
from models.filing_events import (
    MissingExplained,
    MissingItem,
    NotificationIssued,
    Phase,
    SecrecyMark,
    SecrecyMarked,
    TextsTranslated,
)
from models.parties import Register
from models.record_events import KeptDocument, ReminderAcknowledged, ReminderSent
from tests.letters.case import register as our_register
from tests.unit.test_chain_and_replay import events

AT = datetime(2026, 4, 24, 14, 10, tzinfo=UTC)
STAMP = {"occurred_at": AT, "recorded_at": AT, "recorded_by": "officer"}


def everybody() -> Register:
    """A register that knows whomever the drawn events name."""
    known = our_register()
    controllers = [known.controllers[0].model_copy(update={"id": name}) for name in ("socialnamnden", "kumla", "visma")]
    people = [known.people[0].model_copy(update={"id": name}) for name in ("officer", "delegate", "registrar")]
    return known.model_copy(update={"controllers": tuple(controllers), "people": tuple(people)})


EVERYBODY = everybody()


def told(event: Event) -> dict[str, str]:
    return dict(details(event, EVERYBODY))


@given(events())
def test_every_event_is_told_in_words_and_none_of_it_as_code(event: Event) -> None:
    assert not heading(event).endswith(".v1")
    assert not [value for value in told(event).values() if "=" in value or "('" in value or ".v1" in value]


def test_what_is_missing_says_when_it_follows_and_why() -> None:
    items = (
        MissingItem(key="investigation", because="Loggarna gås igenom.", follows_on=date(2026, 5, 10)),
        MissingItem(key="records", because="Registret är borta."),
    )
    assert told(MissingExplained(items=items, **STAMP)) == {
        "Det som saknas": "Resultatet av utredningen: Kommer senast den 10 maj 2026. Loggarna gås igenom. "
        "Ungefärligt antal personuppgiftsposter: Går inte att fastställa. Registret är borta."
    }


def test_documents_stand_by_their_names_as_they_lie_in_the_file_and_their_checksums() -> None:
    kept = tuple(KeptDocument(name=f"anmalan/1-initial.{kind}", sha256="a" * 64) for kind in ("pdf", "txt"))
    issued = NotificationIssued(
        letter="supervisory_authority_notification", phase=Phase.INITIAL, sha256="a" * 64, documents=kept, **STAMP
    )
    digest = f"`{'a' * 16}…`"
    assert told(issued)["Handlingar"] == f"anmalan/1-initial.pdf ({digest}), anmalan/1-initial.txt ({digest})"


def test_marks_of_secrecy_name_the_field_and_the_paragraph() -> None:
    marks = (
        SecrecyMark(field="measures_before", provisions=("osl.18.8", "osl.18.8.b")),
        SecrecyMark(field="cause", provisions=()),
    )
    assert list(told(SecrecyMarked(marks=marks, **STAMP)).values()) == [
        "Säkerhetsåtgärder före incidenten: 18 kap. 8 § och 18 kap. 8 b § OSL. Orsak: inte sekretess."
    ]


def test_texts_in_english_stand_under_what_they_translate() -> None:
    event = TextsTranslated(english={"what_happened": "A letter went astray."}, **STAMP)
    assert list(told(event).values()) == ["Vad som har hänt: A letter went astray."]


def test_a_whole_chapter_has_no_paragraph() -> None:
    assert provision_of_osl("osl.23") == "23 kap."


@pytest.mark.parametrize(
    "deadline, words",
    [
        ("gdpr.33.1", "Anmälan till IMY (artikel 33.1)"),
        ("contract_notice/2023-04-25T11:20:00+00:00", "Underrättelse enligt avtal"),
        ("decision/supervisory_authority_notification", "Text som väntar på godkännande: anmälan till IMY"),
        ("promised_particular/records", "Uppgift som utlovats till IMY: ungefärligt antal personuppgiftsposter"),
    ],
)
def test_a_deadline_is_called_by_its_name_and_not_by_its_key(deadline: str, words: str) -> None:
    reminded = ReminderSent(provision=deadline, steps=(), to=("officer",), **STAMP)
    assert words in told(reminded).values()
    taken = ReminderAcknowledged(deadlines=(deadline,), until=AT, **STAMP)
    assert words in told(taken).values()


@pytest.mark.parametrize("kind", COMMITMENTS)
def test_no_deadline_that_is_not_law_is_told_as_code(kind: str) -> None:
    assert "_" not in deadline_called(f"{kind}/2023-04-25T11:20:00+00:00", EVERYBODY)
