"""The questions whose answers can move the assessment: the kindest answer to each, and the others worth trying."""

from models.errors import N_
from models.facts import AvailabilityLoss, BreachType, Exfiltration, Identification, Quantity

FAVOURABLE: dict[str, object] = {
    "breach_types": (BreachType.CONFIDENTIALITY,),
    "data_categories": ("name",),
    "special_category": False,
    "criminal_data": False,
    "national_id_number": False,
    "financial_data": False,
    "credentials": "none",
    "vulnerable_subjects": False,
    "protected_identities": False,
    "n_subjects": Quantity(at_least=1, at_most=1),
    "ease_of_identification": Identification.LIMITED,
    "encrypted": True,
    "key_safe": True,
    "backup_available": True,
    "restored_in_time": True,
    "availability_loss": AvailabilityLoss.NONE,
    "exfiltration": Exfiltration.NONE_CONFIRMED,
    "malicious": False,
    "publicly_exposed": False,
    "recipient_known": True,
    "recipient_count": 1,
    "recipient_trusted": True,
    "deletion_or_return_confirmed": True,
    "permanent": False,
}
"""Every fact the rules look at that somebody can be asked about, with the answer that speaks most against a risk."""

EXCUSES: tuple[frozenset[str], ...] = (
    frozenset({"encrypted", "key_safe"}),
    frozenset({"exfiltration"}),
    frozenset({"recipient_known", "recipient_count", "recipient_trusted", "deletion_or_return_confirmed"}),
)
"""Facts that can each, without the others, speak the whole risk away; so each is worth asking about by itself."""

DOUBTS: dict[str, str] = {
    "special_category": N_("It is not known whether sensitive data are among the data; if they are, there is a risk."),
    "vulnerable_subjects": N_("It is not known whether vulnerable people are concerned; if they are, there is a risk."),
    "national_id_number": N_(
        "It is not known whether identity numbers are among the data; if they are, there is a risk."
    ),
}
"""Unknown facts that by themselves forbid the advice of no notice, where the bad answer (yes) would lift it."""

TOGETHER = N_("Several questions about the data and the people are open; with bad answers to them, there is a risk.")
"""Why unknown facts that are harmless one at a time forbid the advice of no notice."""

_OTHERS: dict[str, tuple[object, ...]] = {
    "breach_types": (tuple(BreachType),),
    "data_categories": (("health",),),
    "credentials": ("plaintext",),
    "n_subjects": (Quantity(at_least=1_000_000, at_most=1_000_000),),
    "ease_of_identification": (Identification.NEGLIGIBLE, Identification.MAXIMUM),
    "availability_loss": (AvailabilityLoss.TEMPORARY_SERIOUS, AvailabilityLoss.PERMANENT),
    "exfiltration": (Exfiltration.CONFIRMED,),
    "recipient_count": (1_000,),
}

SETTLED = frozenset(
    name
    for name in FAVOURABLE
    if name
    not in {
        "key_safe",
        "backup_available",
        "restored_in_time",
        "availability_loss",
        "exfiltration",
        "publicly_exposed",
        "recipient_trusted",
        "deletion_or_return_confirmed",
        "permanent",
    }
)
"""Facts that do not change once they are known; the rest may turn out otherwise later."""


def answers(name: str) -> tuple[object, ...]:
    """Return the answers to the question ``name`` that are worth trying, the kindest first."""
    kind = FAVOURABLE[name]
    return (kind, not kind) if isinstance(kind, bool) else (kind, *_OTHERS[name])
