"""Which laws the processing may fall under, and what somebody has answered about it."""

from enum import StrEnum

from models.base import Value


class Regime(StrEnum):
    """A law that may apply to a breach; purpose decides, not organisation, and several at once are normal."""

    GDPR = "gdpr"
    SECURITY_PROTECTION = "security_protection"
    LAW_ENFORCEMENT = "law_enforcement"
    ELECTRONIC_COMMUNICATIONS = "electronic_communications"
    FINANCIAL_ENTITIES = "financial_entities"
    CYBERSECURITY = "cybersecurity"
    TRUST_SERVICES = "trust_services"


class Answers(Value):
    """What somebody has answered about the processing. None is "nobody knows yet", and never counts as no."""

    security_sensitive: bool | None = None
    law_enforcement_purpose: bool | None = None
    public_electronic_communications: bool | None = None
    financial_entity_under_dora: bool | None = None
    operator_under_cybersecurity_act: bool | None = None
    significant_incident: bool | None = None
    trust_service_provider: bool | None = None
    journalistic: bool | None = None

    def known(self) -> dict[str, bool]:
        """Return the questions somebody has answered, by name."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


LEADS_TO: dict[Regime, Answers] = {
    Regime.GDPR: Answers(security_sensitive=False, law_enforcement_purpose=False),
    Regime.SECURITY_PROTECTION: Answers(security_sensitive=True),
    Regime.LAW_ENFORCEMENT: Answers(security_sensitive=False, law_enforcement_purpose=True),
    Regime.ELECTRONIC_COMMUNICATIONS: Answers(security_sensitive=False, public_electronic_communications=True),
    Regime.FINANCIAL_ENTITIES: Answers(security_sensitive=False, financial_entity_under_dora=True),
    Regime.CYBERSECURITY: Answers(
        security_sensitive=False, operator_under_cybersecurity_act=True, significant_incident=True
    ),
    Regime.TRUST_SERVICES: Answers(security_sensitive=False, trust_service_provider=True),
}
"""The fewest answers that lead to each law, for whoever names the law instead of answering."""
