"""Where drafts lie in the archive, apart from everything that is issued."""

from models.base import IncidentId

FOLDER = "utkast/"
FORM, ENGLISH = ".form", ".en"
"""What is kept beside the draft of a sheet: the same in the common European form, and in English."""


def draft_name(letter: str, digest: str, kind: str = "") -> str:
    """Return where the draft of ``letter`` with that digest lies, or what belongs to it."""
    return f"{FOLDER}{letter}-{digest[:12]}{kind}.json"


def preview_name(incident_id: IncidentId) -> str:
    """Return how the files that show the letters of a draft begin, in the print room; they name nobody."""
    return f"{incident_id.lower()}-forhandsvisning"
