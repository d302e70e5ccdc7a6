"""What is known of the breach. Every field may be unknown (``None``), and unknown is not "no".

The first part of the vocabulary is that of the published examples in EDPB Guidelines 01/2021, so that advice can be
checked against them word for word; the second is what the authority's form and the letters ask for besides.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, NonNegativeInt, StringConstraints, model_validator

from models.base import Instant, PlainText, Value


class BreachType(StrEnum):
    """Which security property failed; several at once are normal (Guidelines 9/2022, I.B.2)."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


class Exfiltration(StrEnum):
    """Whether data left our control. UNKNOWN is an answer somebody gave; it never counts as none."""

    CONFIRMED = "confirmed"
    NONE_CONFIRMED = "none_confirmed"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


class AvailabilityLoss(StrEnum):
    """How long people were without the data or the service."""

    NONE = "none"
    TEMPORARY_MINOR = "temporary_minor"
    TEMPORARY_SERIOUS = "temporary_serious"
    PERMANENT = "permanent"


class Identification(StrEnum):
    """How easily a person is recognised in the data (ENISA 2013, EI)."""

    NEGLIGIBLE = "negligible"
    LIMITED = "limited"
    SIGNIFICANT = "significant"
    MAXIMUM = "maximum"


class Cause(StrEnum):
    """The causes in the authority's form."""

    HUMAN_FACTOR = "human_factor"
    ADVERSARIAL_ATTACK = "adversarial_attack"
    TECHNICAL_FAULT = "technical_fault"
    ORGANISATIONAL = "organisational"
    OTHER = "other"
    UNDER_INVESTIGATION = "under_investigation"


class Discovery(StrEnum):
    """Who found the breach, as the common European template asks it."""

    OWN_DETECTION = "own_detection"
    PROCESSOR = "processor"
    DATA_SUBJECT = "data_subject"
    EXTERNAL_PARTY = "external_party"
    PRESS = "press"
    OTHER = "other"


class HarmSeverity(StrEnum):
    """How serious the breach is for the people concerned, as somebody judged it for the authority's form.

    The steps are those the form is believed to have (confidence low). It is neither the risk that is decided nor ENISA's
    score.
    """

    NEGLIGIBLE = "negligible"
    LIMITED = "limited"
    SIGNIFICANT = "significant"
    MAXIMUM = "maximum"


class Consequence(StrEnum):
    """Harms to persons, after recital 85 GDPR."""

    LOSS_OF_CONTROL = "loss_of_control"
    LIMITATION_OF_RIGHTS = "limitation_of_rights"
    DISCRIMINATION = "discrimination"
    IDENTITY_THEFT = "identity_theft"
    FRAUD = "fraud"
    FINANCIAL_LOSS = "financial_loss"
    REVERSAL_OF_PSEUDONYMISATION = "reversal_of_pseudonymisation"
    DAMAGE_TO_REPUTATION = "damage_to_reputation"
    LOSS_OF_CONFIDENTIALITY = "loss_of_confidentiality"
    PHYSICAL_HARM = "physical_harm"
    OTHER = "other"


class Trigger(StrEnum):
    """New facts that demand a new decision, in either direction (the spring of 2023 knew most of them)."""

    THREAT_TO_PUBLISH = "threat_to_publish"
    PUBLICATION_OBSERVED = "publication_observed"
    OWN_DATA_FOUND = "own_data_found"
    OWN_DATA_NOT_FOUND = "own_data_not_found"
    KEY_COMPROMISED = "key_compromised"
    WIDER_WINDOW = "wider_window"
    SENSITIVE_DATA_FOUND = "sensitive_data_found"
    PROTECTED_IDENTITIES_PRESENT = "protected_identities_present"
    SCOPE_NARROWED = "scope_narrowed"


class Quantity(Value):
    """A number "where possible" (Article 33(3)(a)): exact, about, a range, or open at one end."""

    at_least: NonNegativeInt | None = None
    at_most: NonNegativeInt | None = None
    about: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> "Quantity":
        if self.at_least is None and self.at_most is None:
            raise ValueError("a quantity has at least one end; leave the field out if the number is unknown")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("a quantity counts upwards: at_least is not above at_most")
        return self


def _number_is_a_quantity(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return {"at_least": value, "at_most": value}
    return value


Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""A country by its ISO 3166 code, such as ``FI``."""

Number = Annotated[Quantity, BeforeValidator(_number_is_a_quantity)]
Labels = tuple[str, ...]


class Facts(Value):
    """What is known. A field left out is unknown; a later statement adds to or replaces an earlier one.

    ``told_data`` and ``told_consequences`` say the same as the fields before them, but to the person, as *du*;
    ``told_news`` what has changed since the last letter.
    ``other_countries`` is whether people concerned live abroad; ``cross_border`` whether the processing is so (Article
    4(23)), which is another question.
    """

    breach_types: tuple[BreachType, ...] | None = None
    incident_type: str | None = None
    controller_sector: str | None = None
    data_categories: Labels | None = None
    special_category: bool | None = None
    criminal_data: bool | None = None
    national_id_number: bool | None = None
    financial_data: bool | None = None
    credentials: str | None = None
    data_subject_categories: Labels | None = None
    vulnerable_subjects: bool | None = None
    n_subjects: Number | None = None
    n_subjects_text: PlainText | None = None
    ease_of_identification: Identification | None = None
    encrypted: bool | None = None
    key_safe: bool | None = None
    backup_available: bool | None = None
    restored_in_time: bool | None = None
    restore_time_text: PlainText | None = None
    availability_loss: AvailabilityLoss | None = None
    exfiltration: Exfiltration | None = None
    malicious: bool | None = None
    publicly_exposed: bool | None = None
    recipient_known: bool | None = None
    recipient_count: NonNegativeInt | None = None
    recipient_trusted: bool | None = None
    deletion_or_return_confirmed: bool | None = None
    permanent: bool | None = None
    duration_text: PlainText | None = None
    service_impact: PlainText | None = None

    children: bool | None = None
    protected_identities: bool | None = None
    threat_to_publish: bool | None = None
    own_data_published: bool | None = None
    n_records: Number | None = None
    window_from: date | None = None
    window_until: date | None = None
    began_at: Instant | None = None
    ended_at: Instant | None = None
    ongoing: bool | None = None
    detected_at: Instant | None = None
    cause: Cause | None = None
    processor: PlainText | None = None
    sub_processor: PlainText | None = None
    what_happened: PlainText | None = None
    investigation: PlainText | None = None
    how_discovered: PlainText | None = None
    discovered_by: Discovery | None = None
    systems_involved: PlainText | None = None
    data_described: PlainText | None = None
    told_data: PlainText | None = None
    consequences: tuple[Consequence, ...] | None = None
    consequences_described: PlainText | None = None
    told_consequences: PlainText | None = None
    told_news: PlainText | None = None
    severity: HarmSeverity | None = None
    measures_before: PlainText | None = None
    measures_taken: tuple[PlainText, ...] | None = None
    measures_proposed: tuple[PlainText, ...] | None = None
    advice_to_persons: tuple[PlainText, ...] | None = None
    other_countries: bool | None = None
    cross_border: bool | None = None
    countries: tuple[Country, ...] | None = None
    reported_to_police: bool | None = None
    secrecy: tuple[PlainText, ...] | None = None

    def known(self) -> dict[str, Any]:
        """Return the fields somebody has stated, by name."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}

    def differing(self, other: "Facts") -> tuple[str, ...]:
        """Return the names of the fields that are not the same in ``other``, in the order of the vocabulary."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) != getattr(other, name))

    def learn(self, stated: "Facts", withdrawn: tuple[str, ...] = ()) -> "Facts":
        """Return these facts with ``stated`` laid over them and the fields named in ``withdrawn`` unknown again."""
        kept = {name: value for name, value in self.known().items() if name not in withdrawn}
        return Facts.model_construct(**{**dict.fromkeys(Facts.model_fields), **kept, **stated.known()})
