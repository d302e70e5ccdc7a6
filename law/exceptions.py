"""What the facts must show before an exception of Article 34(3) may be relied on. Unknown is not yes."""

from models.facts import AvailabilityLoss, Facts

_HARMLESS = (AvailabilityLoss.NONE, AvailabilityLoss.TEMPORARY_MINOR)


def shortfall(provision: str, facts: Facts) -> tuple[str, ...]:
    """Return the facts that do not show what ``provision`` demands, by name; none if it may be relied on.

    (a) wants the data unintelligible with the key safe, and nobody harmed by being without them: encryption cures no
    loss of availability (Guidelines 9/2022, II.D). (b) rests on evidence, not on facts of ours, and (c) lifts nothing.
    """
    if provision != "gdpr.34.3.a":
        return ()
    shown = {
        "encrypted": facts.encrypted is True,
        "key_safe": facts.key_safe is True,
        "availability_loss": _nobody_went_without(facts),
    }
    return tuple(name for name, holds in shown.items() if not holds)


def _nobody_went_without(facts: Facts) -> bool:
    lasting = facts.availability_loss is AvailabilityLoss.PERMANENT or facts.permanent is True
    restored = facts.backup_available is True and facts.restored_in_time is True
    return not lasting and (facts.availability_loss in _HARMLESS or restored)
