"""Whose act is whose: the officer advises, a delegate decides, and nobody approves their own text."""

from models.base import ActorId
from models.errors import N_, NotEntitled
from models.incident import Incident
from models.parties import Register, Role

DECIDES = (Role.DELEGATE, Role.STAND_IN, Role.INCIDENT_MANAGER)
"""Who may bind the organisation. The officer is not among them (Article 38(6) GDPR: no conflict of interests)."""

PREPARES = (Role.OFFICER, Role.LEGAL, Role.COMMUNICATOR, *DECIDES)
"""Who may state facts, establish awareness and draft."""

FILES = (Role.REGISTRAR, *PREPARES)
"""Who may put on file what came in or what was sent: copies, numbers, the authority's questions."""


def require_role(incident: Incident, *, by: ActorId, among: tuple[Role, ...], register: Register) -> None:
    """Refuse ``by`` unless they bear one of the roles ``among`` in the incident's organisation. Raises NotEntitled."""
    party = register.party(incident.party)
    if any(by in party.who(role) for role in among):
        return
    register.person(by)
    raise NotEntitled(
        N_("{actor} cannot take this step in {incident}."),
        why=N_("The step belongs to: {role}. The data protection officer advises and does not decide."),
        remedy=N_("Ask the person who bears that role, or their stand-in."),
        actor=by,
        incident=incident.id,
        role=tuple(role for role in among if role in party.roles),
    )
