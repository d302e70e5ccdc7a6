"""Hold the reminder policy against what there is to remind of and whom: a misspelt name would remind nobody in silence."""

from law.statute_book import StatuteBook
from letters.vocabulary import COMMITMENTS
from models.errors import N_, UnknownReference
from models.parties import Register
from models.policy import DEFAULT, ReminderPolicy


def require_known(policy: ReminderPolicy, *, book: StatuteBook, register: Register) -> None:
    """Refuse a policy that names a kind of deadline or a party there is none of. Raises UnknownReference."""
    kinds = {DEFAULT, *COMMITMENTS, *book.statutes}
    named = [policy.deadlines, *(habits.deadlines for habits in policy.parties.values())]
    strange = sorted({kind for deadlines in named for kind in deadlines} - kinds)
    if strange:
        raise UnknownReference(
            N_("The reminder policy names {kind}, which is no kind of deadline."),
            why=N_("Nobody would be reminded as it says."),
            remedy=N_("Write a provision such as gdpr.33.4, default, or one of: {known}."),
            kind=", ".join(strange),
            known=", ".join(COMMITMENTS),
        )
    parties = {party.id for party in (*register.controllers, *register.processors)}
    unknown = sorted(set(policy.parties) - parties)
    if unknown:
        raise UnknownReference(
            N_("The reminder policy names {party}, which is not in the register."),
            why=N_("Its own habits would be used by nobody."),
            remedy=N_("Check the spelling, or add the party to the register of parties."),
            party=", ".join(unknown),
        )
