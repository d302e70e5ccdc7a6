"""How a form is answered in its own language: the few things a form says beside its labels, in Swedish or in English."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal

from letters import language
from models.facts import Quantity
from models.incident import Incident
from models.instants import STOCKHOLM, local

_ENGLISH = "en_GB"


@dataclass(frozen=True)
class Voice:
    """The sentences, times, days, numbers and lists of one language.

    ``say`` takes a message id of the catalogue; ``own`` returns what somebody wrote under a name, in this language.
    """

    abroad: bool
    say: Callable[..., str]
    stamp: Callable[[datetime], str]
    day: Callable[[date], str]
    quantity: Callable[[Quantity], str]
    words: Callable[[Iterable[str]], str]
    own: Callable[[Incident, str, str | None], str | None]

    def place(self, address: str) -> str:
        """Return a Swedish postal address as one writes it in this language."""
        return f"{address}, Sweden" if self.abroad else address

    def phone(self, number: str) -> str:
        """Return a Swedish telephone number as one calls it from where this language is read: "+46 31 390 06 00"."""
        return f"+46 {number[1:].replace('-', ' ')}" if self.abroad and number.startswith("0") else number

    def text(self, incident: Incident, name: str) -> str | None:
        """Return what the fact ``name`` says in free text."""
        value = getattr(incident.facts, name)
        return self.own(incident, name, " ".join(value) if isinstance(value, tuple) else value)


def _as_written(_incident: Incident, _name: str, original: str | None) -> str | None:
    return original


def _in_english(incident: Incident, name: str, original: str | None) -> str | None:
    """What somebody has written in English for it; until then it stands in Swedish, and says so."""
    if original is None:
        return None
    return incident.english.get(name) or f"In Swedish, not translated: {original}"


def _english_say(message: str, **values: object) -> str:
    return message.format(**{name: _english_word(value) for name, value in values.items()})


def _english_word(value: object) -> str:
    match value:
        case int():
            return str(format_decimal(value, locale=_ENGLISH))
        case datetime():
            return _english_stamp(value)
        case date():
            return _english_day(value)
        case tuple():
            return str(format_list([str(item) for item in value], locale=_ENGLISH))
    return str(value)


def _english_stamp(instant: datetime) -> str:
    return str(format_datetime(local(instant), "d MMMM y, HH:mm", tzinfo=STOCKHOLM, locale=_ENGLISH))


def _english_day(when: date) -> str:
    return str(format_date(local(when) if isinstance(when, datetime) else when, "d MMMM y", locale=_ENGLISH))


def _english_quantity(count: Quantity) -> str:
    low, high = (
        format_decimal(end, locale=_ENGLISH) if end is not None else "" for end in (count.at_least, count.at_most)
    )
    about = "about " if count.about else ""
    if not high:
        return f"at least {low}"
    if not low:
        return f"at most {high}"
    return f"{about}{low}" if low == high else f"{about}{low} to {high}"


def _english_words(labels: Iterable[str]) -> str:
    return _english_word(tuple(_ENGLISH_NAMES.get(label, label.replace("_", " ")) for label in labels))


_ENGLISH_NAMES = {
    "basic_identity": "names",
    "contact": "contact details",
    "cv": "CVs",
    "cv_employment": "CVs with earlier employment",
    "national_id_number": "Swedish personal identity numbers",
    "protected_identities": "people with protected personal data",
    "recruiter_notes": "recruiters' notes",
    "kommun": "municipality",
    "statlig myndighet": "state authority",
}
"""What reads badly as its own key, or is written in the register of parties in Swedish."""


def _swedish_words(labels: Iterable[str]) -> str:
    return language.listed(language.named("category", label) for label in labels)


SWEDISH = Voice(
    abroad=False,
    say=language.say,
    stamp=language.stamp,
    day=language.day,
    quantity=language.quantity,
    words=_swedish_words,
    own=_as_written,
)
ENGLISH = Voice(
    abroad=True,
    say=_english_say,
    stamp=_english_stamp,
    day=_english_day,
    quantity=_english_quantity,
    words=_english_words,
    own=_in_english,
)
VOICES = {"sv": SWEDISH, "en": ENGLISH}

TRANSLATED = ("what_happened", "investigation", "how_discovered", "systems_involved", "data_described", "measures_before",
              "consequences_described", "measures_taken", "measures_proposed", "risk_reasons", "delay_reasons",
              "exception_reasons", "bundle_reasons", "missing_nature", "missing_data_subject_categories",
              "missing_data_subjects", "missing_data_categories", "missing_records", "missing_likely_consequences",
              "missing_measures", "missing_investigation")  # fmt: skip
"""What the authority's sheet holds in free text, and somebody may write in English: facts, and the reasons given."""
