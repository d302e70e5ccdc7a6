"""What somebody should look at in a notice to the public before it is approved: what it lacks, and whose words it is."""

from letters import plain
from letters.completeness import findings
from letters.language import say
from letters.similarity import LIMIT, copied
from models.errors import N_
from models.incident import Incident
from models.letter import Letter
from models.mail import text_of
from services.documents.drafts import NOTICE
from services.documents.let_through import remarks, remarks_before_approval
from services.ports.world import World
from services.supply.receive_notice import FOLDER


def remarks_on(text: str, sources: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return what is remarkable in the notice ``text``, in Swedish, given what its ``sources`` (suppliers' texts) say."""
    return (*_copied(text, sources), *remarks(findings(text)))


def remarks_on_draft(letter: Letter, incident: Incident, world: World) -> tuple[str, ...]:
    """Return what to look at in a draft before it is approved: what the gate finds, and in a notice whose words it is."""
    copied_words = _copied(plain.text(letter), supplier_texts(incident, world)) if letter.name == NOTICE else ()
    return (*copied_words, *remarks_before_approval(letter))


def _copied(text: str, sources: tuple[str, ...]) -> tuple[str, ...]:
    share = max((copied(text, source) for source in sources), default=0.0)
    if share <= LIMIT:
        return ()
    said = N_("{share} percent of the words are the supplier's own. Say it in your words, and say what you know.")
    return (say(said, share=round(100 * share)),)


def supplier_texts(incident: Incident, world: World) -> tuple[str, ...]:
    """Return how every notice that a processor sent in ``incident`` reads, also those that a person passed on."""
    kept = [name for name in world.archive.names(incident.id) if name.startswith(f"{FOLDER}/")]
    return tuple(_text(name, world.archive.read(incident.id, name)) for name in kept if name.endswith((".txt", ".eml")))


def _text(name: str, content: bytes) -> str:
    if name.endswith(".txt"):
        return content.decode()
    return text_of(content)
