"""The mail with the code that confirms an act."""

from letters.language import label
from letters.render import render
from models.base import IncidentId, Sha256
from models.confirmation import Act
from models.letter import Letter


def confirmation_code(*, reference: IncidentId, act: Act, what: str, code: str, content: Sha256) -> Letter:
    """Return the mail with ``code`` for ``act``; ``what`` says in words what the digest ``content`` stands for."""
    context = {"reference": reference, "act": label(act), "what": what, "code": code, "content": content[:16]}
    return render("confirmation_code", context)
