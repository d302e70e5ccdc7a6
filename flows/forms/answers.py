"""The form of each decision that waits: what is asked in Swedish, prefilled with the advice, and no personnummer."""

from typing import Annotated, Any, ClassVar, Literal, get_args

from prefect.input import RunInput
from pydantic import ConfigDict

from flows.forms.fields import (
    SEPARATOR,
    UNKNOWN,
    Asked,
    Code,
    LettersMeant,
    MaybeText,
    MaybeWhen,
    MaybeYes,
    Text,
    When,
    Who,
    choice,
)
from law.regimes import route
from law.statute_book import LawInForce
from letters.language import capital, named, say
from models.breach_events import ExceptionProvision, Risk
from models.delivery import Settlement
from models.errors import N_
from models.filing_events import Way
from models.parties import Register
from models.regime import Answers
from services.due.question import Kind, Question

SEND = "send"
_ACTS = {
    say(N_("Send the approved letter")): SEND,
    **{capital(named("provision", provision)): provision for provision in get_args(ExceptionProvision)},
}
WhatToDo = Annotated[
    Literal["send"] | ExceptionProvision,
    Asked({"type": "string", "enum": list(_ACTS)}, lambda given: _ACTS.get(given, given)),
]


class Answer(RunInput):
    """What a person answers; whoever it was stands in ``by``. A refusal never repeats what was typed."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", hide_input_in_errors=True)

    by: Who


class RegimeAnswer(Answer):
    """Which laws apply."""

    security_sensitive: MaybeYes = None
    law_enforcement_purpose: MaybeYes = None
    public_electronic_communications: MaybeYes = None
    financial_entity_under_dora: MaybeYes = None
    trust_service_provider: MaybeYes = None
    operator_under_cybersecurity_act: MaybeYes = None
    significant_incident: MaybeYes = None
    reasoning: Text

    @property
    def answers(self) -> Answers:
        """The answers alone."""
        return Answers.model_validate(self.model_dump(exclude={"reasoning", "by"}))


class AwarenessAnswer(Answer):
    """When the organisation became aware."""

    aware_at: When
    evidence: Text
    reasoning: Text
    detected_at: MaybeWhen = None
    gap_reason: MaybeText = None


class RiskAnswer(Answer):
    """The level of risk."""

    level: Annotated[Risk, choice(Risk)]
    reasoning: Text
    officer_advice: MaybeText = None
    could_change: MaybeText = None
    code: Code = None


class ApprovalAnswer(Answer):
    """Approval of the text that stands above the form."""

    code: Code = None


class FilingAnswer(Answer):
    """A filing with the authority: what it said stands in the sheet."""

    filed_at: When
    way: Annotated[Way, choice(Way)]
    delay_reasons: MaybeText = None


class CopyAnswer(Answer):
    """The copy of a filing: a file on this machine, or why there is none."""

    document: MaybeText = None
    because: MaybeText = None


class WithdrawalAnswer(Answer):
    """The filing of a withdrawal."""

    withdrawn_at: When


class AuthorityAnswer(Answer):
    """The answer to a question of the authority; a copy of it may be a file on this machine."""

    answer: Text
    answered_at: When
    document: MaybeText = None


class CommunicationAnswer(Answer):
    """Whether the people concerned are written to."""

    act: WhatToDo
    reasoning: MaybeText = None
    evidence: MaybeText = None
    code: Code = None


class UncertainAnswer(Answer):
    """What becomes of messages that may or may not have arrived."""

    verdict: Annotated[Settlement, choice(Settlement)]
    only: LettersMeant = ()
    reasoning: Text


class ClosingAnswer(Answer):
    """The end of the case."""

    reasoning: Text
    lessons: Text


FORMS: dict[Kind, type[Answer]] = {
    Kind.REGIME: RegimeAnswer,
    Kind.AWARENESS: AwarenessAnswer,
    Kind.RISK: RiskAnswer,
    Kind.APPROVAL: ApprovalAnswer,
    Kind.FILING: FilingAnswer,
    Kind.COPY: CopyAnswer,
    Kind.WITHDRAWAL: WithdrawalAnswer,
    Kind.AUTHORITY: AuthorityAnswer,
    Kind.COMMUNICATION: CommunicationAnswer,
    Kind.UNCERTAIN: UncertainAnswer,
    Kind.CLOSING: ClosingAnswer,
}


def form_of(
    question: Question, *, law: LawInForce, register: Register, party: str, typed: dict[str, Any]
) -> dict[str, Any]:
    """Return the schema of the question's form, prefilled with the advice or with what was ``typed`` last time.

    Only those who may answer are among the choices.
    """
    schema = FORMS[question.kind].model_json_schema()
    titles = {asked.answers: say(asked.text) for asked in route(Answers(), law).ask}
    people = [register.person(actor) for actor in question.whose(register.party(party))]
    choices = [f"{person.id}{SEPARATOR}{person.title}" for person in people]
    filled = {**question.advice, **({"by": choices[0]} if len(choices) == 1 else {}), **typed}
    properties = {name: _field(name, field, titles, choices, filled) for name, field in schema["properties"].items()}
    return {"type": "object", "title": question.name, "properties": properties, "required": schema.get("required", [])}


def _field(
    name: str, field: dict[str, Any], titles: dict[str, str], choices: list[str], filled: dict[str, Any]
) -> dict[str, Any]:
    optional = {"default": UNKNOWN if name in titles else ""} if "default" in field else {}
    default = {"default": filled[name]} if name in filled else optional
    asked = {key: value for key, value in field.items() if key not in ("default", "x-register")}
    help_text = named("help", name)
    described = {"description": help_text} if help_text != name else {}
    people = {"enum": choices} if "x-register" in field else {}
    return {**asked, **people, **default, **described, "title": titles.get(name) or named("form", name)}
