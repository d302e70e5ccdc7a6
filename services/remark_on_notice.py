"""What somebody should look at in a notice to the public before it is approved: what it lacks, and whose words it is."""

from letters.citations import cited
from letters.completeness import findings
from letters.language import say
from letters.similarity import LIMIT, copied
from models.errors import N_
from models.incident import Incident
from models.mail import text_of
from services.ports import World
from services.receive_notice import FOLDER


def remarks_on(text: str, sources: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return what is remarkable in the notice ``text``, in Swedish, given what its ``sources`` (suppliers' texts) say."""
    shares = [copied(text, source) for source in sources]
    said = [
        say(
            N_("{share} percent of the words are the supplier's own. Say it in your words, and say what you know."),
            share=round(100 * share),
        )
        for share in (max(shares, default=0.0),)
        if share > LIMIT
    ]
    return (*said, *(_said(one.why, one.source, one.words, one.better) for one in findings(text)))


def supplier_texts(incident: Incident, world: World) -> tuple[str, ...]:
    """Return how every notice that a processor sent in ``incident`` reads, also those that a person passed on."""
    kept = [name for name in world.archive.names(incident.id) if name.startswith(f"{FOLDER}/")]
    return tuple(_text(name, world.archive.read(incident.id, name)) for name in kept if name.endswith((".txt", ".eml")))


def _text(name: str, content: bytes) -> str:
    if name.endswith(".txt"):
        return content.decode()
    return text_of(content)


def _said(why: str, source: str, words: str, better: str) -> str:
    place = f" ({cited(source)})" if source else ""
    said = f" ”{words}”" if words else ""
    instead = say(N_(" Write {better}."), better=better) if better else ""
    return f"{say(why)}{place}{said}{instead}"
