"""A processor's notice to one controller as a machine reads it: format 1, published as ``docs/notice.v1.schema.json``.

The letter is drawn from the same value, so what people and machines are told cannot differ. A field left out is unknown.
"""

import json
import sys
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PositiveInt, StringConstraints

from models.base import IncidentId, Instant, PlainText, Value
from models.facts import Facts
from models.supply_events import Milestone, NoticeKind, ReplyCode, Tier

OrganisationNumber = Annotated[str, StringConstraints(pattern=r"^\d{6}-\d{4}$")]


FACTS = (
    *("breach_types", "incident_type", "cause", "malicious", "what_happened", "how_discovered"),
    *("began_at", "ended_at", "detected_at", "sub_processor"),
    *("data_categories", "data_described", "special_category", "criminal_data", "national_id_number"),
    *("financial_data", "credentials", "ease_of_identification"),
    *("data_subject_categories", "vulnerable_subjects", "children", "protected_identities"),
    *("n_subjects", "n_subjects_text", "n_records", "window_from", "window_until"),
    *("exfiltration", "publicly_exposed", "threat_to_publish", "own_data_published"),
    *("recipient_known", "recipient_count", "recipient_trusted", "deletion_or_return_confirmed"),
    *("encrypted", "key_safe", "backup_available", "restored_in_time", "restore_time_text", "availability_loss"),
    *("permanent", "duration_text", "service_impact"),
    *("consequences", "consequences_described"),
    *("measures_taken", "measures_proposed", "reported_to_police", "other_countries"),
)
"""The facts of format 1. A fact that is added to the model later is no part of it: another format is another number."""


def _of_this_format(facts: Facts) -> Facts:
    strange = sorted(set(facts.known()) - set(FACTS))
    if strange:
        raise ValueError(f"not in this format: {', '.join(strange)}")
    return facts


StatedFacts = Annotated[Facts, AfterValidator(_of_this_format)]


class Sender(Value):
    """The processor, how people reach it at any hour, and where machines and people answer with the reply code."""

    name: str
    organisation_number: OrganisationNumber
    contact: str
    email: str
    phone: str
    answer_to: str


class Addressee(Value):
    """The one controller the notice is for; in a municipality a board."""

    name: str
    organisation: str
    organisation_number: OrganisationNumber
    customer_number: str = ""


class StatedTime(Value):
    """When something happened in the chain, according to one source; a span where the source is not exact."""

    tier: Tier
    organisation: PlainText
    milestone: Milestone
    not_before: Instant
    not_after: Instant
    source: PlainText


class Notice(Value):
    """What Article 33(2) owes one controller: the shared facts with its own laid over them, and nobody else's.

    ``aware_at`` is when the processor became aware, ``basis`` how it knows what concerns this controller. A withdrawal
    says that none of the controller's data is in it; only then may ``next_update_at`` be missing.
    """

    format: Literal["timglas.notice.v1"] = "timglas.notice.v1"
    reference: IncidentId
    version: PositiveInt
    kind: NoticeKind
    sent_at: Instant
    sender: Sender
    addressee: Addressee
    products: tuple[str, ...] = ()
    sub_processors: tuple[str, ...] = ()
    aware_at: Instant
    times: tuple[StatedTime, ...] = ()
    facts: StatedFacts = Field(default=Facts())
    basis: PlainText | None = None
    answer_by: Instant
    reply_code: ReplyCode
    next_update_at: Instant | None = None

    @property
    def octets(self) -> bytes:
        """The notice as the file that is signed and sent."""
        return (self.model_dump_json(exclude_none=True, indent=1) + "\n").encode()


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the format, for suppliers and controllers that run something else."""
    made = Notice.model_json_schema()
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["$id"] = "https://timglas.example/schemas/notice.v1.schema.json"
    facts = made["$defs"]["Facts"]
    facts["properties"] = {name: facts["properties"][name] for name in FACTS}
    used = json.dumps({**made["$defs"], "": made["properties"]})
    made["$defs"] = {name: each for name, each in made["$defs"].items() if f'#/$defs/{name}"' in used}
    made["properties"]["facts"]["default"] = {}  # all unknown; the model has facts that are no part of this format
    made["required"] = ["format", *made["required"]]
    return made


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=1) + "\n")
