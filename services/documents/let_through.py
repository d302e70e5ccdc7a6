"""Let no letter to the people, and no notice to the public, be approved that does not pass the gate."""

from collections.abc import Iterable

from letters.citations import cited
from letters.completeness import Finding
from letters.gate import gate
from letters.language import say
from models.errors import N_, NotApproved
from models.letter import Letter
from services.documents.drafts import COMMUNICATION, CORRECTION, NOTICE

TO_THE_PEOPLE = frozenset({COMMUNICATION, CORRECTION, NOTICE})
"""The letters that everybody concerned reads."""


def remarks(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return what was found, in Swedish: what is wrong, where it is demanded, the words at fault, and better ones."""
    return tuple(map(_said, findings))


def remarks_before_approval(letter: Letter) -> tuple[str, ...]:
    """Return what somebody should look at in a letter to the people before it is approved; nothing of other letters."""
    return remarks(gate(letter)) if letter.name in TO_THE_PEOPLE else ()


def require_fit(letter: Letter) -> None:
    """Refuse a letter to the people that the gate stops. Raises NotApproved, with every reason."""
    if letter.name not in TO_THE_PEOPLE:
        return
    stopping = [finding for finding in gate(letter) if finding.stops]
    if stopping:
        raise NotApproved(
            N_("{letter} is not fit to be approved."),
            why=N_("This must be mended first: {findings}"),
            remedy=N_("Establish the facts it builds on anew, draft the letter again, and approve that draft."),
            letter=letter.name,
            findings=" ".join(remarks(stopping)),
        )


def _said(finding: Finding) -> str:
    place = f" ({cited(finding.source)})" if finding.source else ""
    words = f" ”{finding.words}”" if finding.words else ""
    instead = say(N_(" Write {better}."), better=finding.better) if finding.better else ""
    return f"{say(finding.why, **dict(finding.values))}{place}{words}{instead}"
