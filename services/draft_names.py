"""Where drafts lie in the archive, apart from everything that is issued."""

FOLDER = "utkast/"
FORM, ENGLISH = ".form", ".en"
"""What is kept beside the draft of a sheet: the same in the common European form, and in English."""


def draft_name(letter: str, digest: str, kind: str = "") -> str:
    """Return where the draft of ``letter`` with that digest lies, or what belongs to it."""
    return f"{FOLDER}{letter}-{digest[:12]}{kind}.json"
