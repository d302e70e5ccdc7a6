"""Send the draft to oneself, each variant as it will arrive. A specimen names no person concerned."""

from datetime import datetime

from letters.compose import letterhead
from letters.language import say
from letters.personal import letter_to
from models.base import ActorId, IncidentId
from models.errors import N_
from models.letter import Audience
from models.mail import Attachment
from models.recipient import Channel, Dispatch
from models.route import Envelope
from services.documents.drafts import COMMUNICATION
from services.people.preview import Specimen, last_draft, mail_in
from services.ports.world import World
from services.post.post import Outgoing, deliver, require_sent
from services.record import read
from services.roles import PREPARES, require_role


async def send_specimens(
    incident_id: IncidentId, *, letter: str = COMMUNICATION, by: ActorId, now: datetime, world: World
) -> int:
    """Mail each variant of the draft to whoever asks, with the letter on paper attached, and return how many those are.

    Raises NotApproved without a draft, a PostError if one of them did not go.
    """
    incident = read(incident_id, world.timeline).incident
    require_role(incident, by=by, among=PREPARES, register=world.register)
    text = last_draft(incident, letter, world)
    audiences = (Audience.PERSON, *(one.audience for one in text.variants))
    communication = f"{incident_id}/prov/{now.isoformat()}"
    head = letterhead(world.register.controller(incident.party), recipient=(), date=now, reference=incident_id, kind="")
    outgoing = []
    for audience in audiences:
        envelope = _envelope(audience, world.register.person(by).email)
        specimen = Specimen("prov", envelope, letter_to(envelope, text))
        pdf = world.printer.pdf(specimen.letter, head)
        attached = Attachment(name=f"{audience}.pdf", media_type="application/pdf", content=pdf)
        mail = mail_in(specimen, incident, now, world)
        subject = say(N_("Specimen to {audience}: {subject}"), audience=audience, subject=mail.subject)
        dispatch = Dispatch(
            communication=communication, recipient=f"{by}.{audience}", letter_sha256=incident.drafts[letter].sha256
        )
        outgoing.append(Outgoing(dispatch, mail.model_copy(update={"subject": subject, "attachments": (attached,)})))
    await deliver(outgoing, now=now, world=world)
    require_sent(communication, world.outbox)
    return len(outgoing)


def _envelope(audience: Audience, email: str) -> Envelope:
    """Return an envelope to nobody who is concerned; the child that a guardian's letter is about is invented."""
    channel = Channel.SEALED if audience is Audience.PROTECTED else Channel.EMAIL
    child = say(N_("a child nobody has")) if audience is Audience.GUARDIAN else None
    return Envelope(key="prov", channel=channel, name="", email=email, for_child=child)
