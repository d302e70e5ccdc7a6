"""Which laws apply to one breach. Purpose decides, not organisation; several at once are normal; unknown is not "no"."""

from collections.abc import Callable
from typing import Literal

from law.statute import ParallelRegime
from law.statute_book import LawInForce
from models.base import Value
from models.errors import N_
from models.regime import Answers

__all__ = ["RULES", "Answers", "Finding", "Question", "Route", "route"]


class Finding(Value):
    """One law: whether it applies, why, the provisions that say so, and the duties it brings."""

    regime: ParallelRegime | Literal["gdpr", "security_protection"]
    applies: bool
    because: str
    cited: tuple[str, ...]
    duties: tuple[str, ...] = ()


class Question(Value):
    """What to ask next: the field of ``Answers`` and the words."""

    answers: str
    text: str


class Route(Value):
    """Every law found to apply or to be set aside, and what is still to ask, most urgent first."""

    findings: tuple[Finding, ...]
    ask: tuple[Question, ...]
    content_may_be_kept: bool

    @property
    def regimes(self) -> tuple[str, ...]:
        """The laws that apply."""
        return tuple(finding.regime for finding in self.findings if finding.applies)

    @property
    def duties(self) -> tuple[str, ...]:
        """The provisions of every duty the applying laws bring."""
        return tuple(provision for finding in self.findings if finding.applies for provision in finding.duties)


def route(answers: Answers, law: LawInForce) -> Route:
    """Return which laws apply. Details of the breach may be kept here only once protective security is answered no."""
    found = (rule(answers, law) for rule in RULES)
    return Route(
        findings=tuple(finding for finding in found if finding is not None),
        ask=tuple(question for question in _QUESTIONS if _matters(question.answers, answers)),
        content_may_be_kept=answers.security_sensitive is False,
    )


def security_protection(answers: Answers, law: LawInForce) -> Finding | None:  # noqa: ARG001 - the rules share a shape
    """A breach reportable under the Protective Security Act goes to the security protection officer, not here."""
    if not answers.security_sensitive:
        return None
    because = N_(
        "The incident is reportable under the Protective Security Act: contact the security protection officer."
    )
    return _applies("security_protection", because, "se.dataskyddslagen.1.4")


def gdpr(answers: Answers, law: LawInForce) -> Finding:
    """The GDPR applies unless protective security or a law-enforcement purpose takes its place; unknown, it applies.

    Before the Criminal Data Act came, nothing could take its place for law enforcement: there is never a gap.
    """
    if answers.security_sensitive:
        because = N_("Articles 33 and 34 do not apply to what is reportable under the Protective Security Act.")
        return _set_aside("gdpr", because, "se.dataskyddslagen.1.4")
    if answers.law_enforcement_purpose and law.duties_under("law_enforcement"):
        because = N_("The data were processed for law enforcement, so the Criminal Data Act applies instead.")
        return _set_aside("gdpr", because, "se.brottsdatalagen.3.9")
    duties = law.duties_under(None)
    if answers.journalistic:
        because = N_("Journalism is exempt from other articles, but not from 33 and 34.")
        return _applies("gdpr", because, "se.dataskyddslagen.1.7", duties=duties)
    if None in (answers.security_sensitive, answers.law_enforcement_purpose):
        because = N_("Nobody has said that another law takes the place of the GDPR, and its clock runs meanwhile.")
        return _applies("gdpr", because, "gdpr.33.1", duties=duties)
    return _applies(
        "gdpr", N_("Personal data are concerned, and no other law takes its place."), "gdpr.33.1", duties=duties
    )


def law_enforcement(answers: Answers, law: LawInForce) -> Finding | None:
    """Processing for law enforcement by a competent authority: the Criminal Data Act, on the authority's other form."""
    duties = law.duties_under("law_enforcement")
    if not answers.law_enforcement_purpose or answers.security_sensitive or not duties:
        return None
    because = N_("A competent authority processed the data for law enforcement.")
    return _applies("law_enforcement", because, "se.brottsdatalagen.3.9", duties=duties)


def electronic_communications(answers: Answers, law: LawInForce) -> Finding | None:
    """A provider of public electronic communications also notifies PTS."""
    if not answers.public_electronic_communications:
        return None
    because = N_("The processing is part of a public electronic communications service.")
    return _applies(
        "electronic_communications", because, "se.lek.8.4", duties=law.duties_under("electronic_communications")
    )


def financial_entities(answers: Answers, law: LawInForce) -> Finding | None:
    """A financial entity also reports a major incident to FI under DORA."""
    if not answers.financial_entity_under_dora:
        return None
    because = N_("The organisation is a financial entity; a major incident is reported under DORA.")
    return _applies("financial_entities", because, "eu.dora.19.4.a", duties=law.duties_under("financial_entities"))


def cybersecurity(answers: Answers, law: LawInForce) -> Finding | None:
    """An operator under the Cybersecurity Act also reports a significant incident, unless DORA or 1 kap. 12 § lifts it.

    A provider of trust services always falls under the Act and has 24 hours, not 72, for its incident notification.
    """
    trust = answers.trust_service_provider
    duties = law.duties_under("cybersecurity")
    if not (answers.operator_under_cybersecurity_act or trust) or not answers.significant_incident or not duties:
        return None
    if answers.financial_entity_under_dora:
        because = N_("A financial entity reports under DORA instead.")
        return _set_aside("cybersecurity", because, "se.cybersakerhetslagen.1.11")
    if (answers.security_sensitive or answers.law_enforcement_purpose) and not trust:
        because = N_("Security-sensitive and law-enforcement activities are exempt from reporting.")
        return _set_aside("cybersecurity", because, "se.cybersakerhetslagen.1.12")
    other = "se.cybersakerhetslagen.2.6" if trust else "se.cybersakerhetslagen.2.6.trust"
    because = N_("The incident is significant, and the organisation is an operator under the Cybersecurity Act.")
    own = tuple(provision for provision in duties if provision != other)
    return _applies("cybersecurity", because, "se.cybersakerhetslagen.2.5", duties=own)


def trust_services(answers: Answers, law: LawInForce) -> Finding | None:
    """A provider of trust services also notifies under eIDAS."""
    if not answers.trust_service_provider:
        return None
    because = N_("The organisation provides trust services.")
    return _applies("trust_services", because, "eu.eidas.19", duties=law.duties_under("trust_services"))


def _applies(regime: str, because: str, *cited: str, duties: tuple[str, ...] = ()) -> Finding:
    return Finding.model_validate(
        {"regime": regime, "applies": True, "because": because, "cited": cited, "duties": duties}
    )


def _set_aside(regime: str, because: str, *cited: str) -> Finding:
    return Finding.model_validate({"regime": regime, "applies": False, "because": because, "cited": cited})


def _matters(name: str, answers: Answers) -> bool:
    """Tell whether the unknown ``name`` can still change the outcome."""
    if getattr(answers, name) is not None:
        return False
    if name == "significant_incident":
        operator = answers.operator_under_cybersecurity_act is not False or answers.trust_service_provider is not False
        return operator and not answers.financial_entity_under_dora
    if name == "operator_under_cybersecurity_act":
        decided = answers.significant_incident is False or answers.trust_service_provider
        return not decided and not answers.financial_entity_under_dora
    return not (name == "law_enforcement_purpose" and answers.security_sensitive)


RULES: tuple[Callable[[Answers, LawInForce], Finding | None], ...] = (
    security_protection,
    gdpr,
    law_enforcement,
    electronic_communications,
    financial_entities,
    cybersecurity,
    trust_services,
)

_QUESTIONS: tuple[Question, ...] = tuple(
    Question(answers=answers, text=text)
    for answers, text in (
        (
            "security_sensitive",
            N_("Does the incident concern security-sensitive activities or classified information?"),
        ),
        (
            "law_enforcement_purpose",
            N_("Did a competent authority process the data in order to prevent, investigate or prosecute crime?"),
        ),
        (
            "public_electronic_communications",
            N_("Is the processing part of a public electronic communications service?"),
        ),
        ("financial_entity_under_dora", N_("Is the organisation a financial entity under DORA?")),
        ("trust_service_provider", N_("Does the organisation provide trust services?")),
        ("operator_under_cybersecurity_act", N_("Is the organisation an operator under the Cybersecurity Act?")),
        ("significant_incident", N_("Is the incident significant: serious disruption or loss, or harm to others?")),
    )
)
"""In the order of urgency. Journalism is not asked about: Articles 33 and 34 apply either way."""
