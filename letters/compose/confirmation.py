"""The mail with the code that confirms an act."""

from letters.language import label
from letters.render import render
from models.confirmation import Subject
from models.letter import Letter


def confirmation_code(*, subject: Subject, code: str) -> Letter:
    """Return the mail with ``code``, which says in words what it would confirm."""
    context = {
        "reference": subject.incident_id,
        "act": label(subject.act),
        "what": subject.said,
        "code": code,
        "content": subject.content[:16],
    }
    return render("confirmation_code", context)
