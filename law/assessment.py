"""From facts to advice: is a risk to people unlikely, likely, or high? A person decides; this shows its work."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from law.assessment_rules import BRANCHES
from law.questions import DOUBTS, EXCUSES, FAVOURABLE, SETTLED, TOGETHER, answers
from law.reason import Finding, Reason, rank
from law.severity import Severity, score
from models.base import Value
from models.breach_events import Risk
from models.errors import N_, UnreadableFacts
from models.facts import Exfiltration, Facts


class Assessment(Value):
    """The advice, what carried it, which unknown facts matter for it, and which news would change it."""

    risk: Risk
    notify_authority: bool
    communicate: bool
    because: tuple[Reason, ...]
    unknown: tuple[str, ...]
    could_change: tuple[str, ...]
    severity: Severity


def assess(facts: Facts) -> Assessment:
    """Return the advice on ``facts`` (Articles 33(1) and 34(1)): the worst of the branches, unknown on the worse side.

    The exceptions of Article 34(3) are not weighed here: they lift a duty, not a risk.
    """
    findings = _findings(facts)
    risk = _worst(findings)
    return Assessment(
        risk=risk,
        notify_authority=risk is not Risk.UNLIKELY,
        communicate=risk is Risk.HIGH,
        because=tuple(reason for finding in findings if finding.level is risk for reason in finding.reasons),
        unknown=tuple(_unknown_that_matter(facts)),
        could_change=tuple(_news(facts, risk)),
        severity=score(facts),
    )


def read_facts(stated: Mapping[str, Any]) -> Facts:
    """Return the facts in ``stated``; the word "unknown" is an answer everywhere. Raises UnreadableFacts by name."""
    known = {name: None if value == "unknown" and name != "exfiltration" else value for name, value in stated.items()}
    try:
        return Facts.model_validate(known)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise UnreadableFacts(
            N_("The fact '{name}' cannot be read: {fault}."),
            why=N_("A fact that is not understood would be left out of the advice in silence."),
            remedy=N_("Correct the name or the value, or leave the fact out if it is not known."),
            name=".".join(str(step) for step in first["loc"]),
            fault=first["msg"],
        ) from fault


def to_report(assessment: Assessment) -> dict[str, Any]:
    """Return the advice ready for JSON: risk, the two duties, why, what is unknown and matters, and the score."""
    report = assessment.model_dump(mode="json", exclude={"could_change"})
    return {**report, "because": [f"{reason.text} [{reason.citation}]" for reason in assessment.because]}


def level(facts: Facts) -> Risk:
    """Return the level alone: the worst of the branches."""
    return _worst(_findings(facts))


def _findings(facts: Facts) -> list[Finding]:
    findings = _by_branch(facts)
    return findings if _worst(findings) is not Risk.UNLIKELY else [*findings, *_doubts(facts)]


def _by_branch(facts: Facts) -> list[Finding]:
    return [finding for branch in BRANCHES if (finding := branch(facts))]


def _doubts(facts: Facts) -> Iterator[Finding]:
    """Harm is not shown to be unlikely while questions are open whose bad answers would make it a risk (recital 85).

    Each is tried alone; if none lifts the level so, they are tried together.
    """
    unknown = [name for name in DOUBTS if _is_unknown(facts, name)]
    alone = [name for name in unknown if _would_be_a_risk(facts, [name])]
    for name in alone:
        yield _doubt(f"unknown_{name}", DOUBTS[name])
    if not alone and _would_be_a_risk(facts, unknown):
        yield _doubt("unknown_together", TOGETHER)


def _doubt(principle: str, text: str) -> Finding:
    reason = Reason(principle=principle, text=text, citation="Article 33(1) and recital 85 GDPR")
    return Finding(level=Risk.RISK, reasons=(reason,))


def _would_be_a_risk(facts: Facts, names: list[str]) -> bool:
    return _worst(_by_branch(facts.model_copy(update=dict.fromkeys(names, True)))) is not Risk.UNLIKELY


def _worst(findings: list[Finding]) -> Risk:
    return max((finding.level for finding in findings), key=rank, default=Risk.RISK)


def _unknown_that_matter(facts: Facts) -> Iterator[str]:
    """An unknown fact matters if some answer moves the level: as things stand, or once other doubts are dispelled."""
    grounds = (facts, *_dispelled(facts))
    for name in FAVOURABLE:
        if _is_unknown(facts, name) and any(_moves(ground, name) for ground in grounds):
            yield name


def _dispelled(facts: Facts) -> Iterator[Facts]:
    """Answer the unknown kindly: all of it, then but for one way of speaking the risk away, then but for one doubt."""
    kind = {name: answer for name, answer in FAVOURABLE.items() if _is_unknown(facts, name)}
    yield facts.model_copy(update=kind)
    for excuse in EXCUSES:
        closed = frozenset().union(*EXCUSES) - excuse
        yield facts.model_copy(update={name: answer for name, answer in kind.items() if name not in closed})
    for doubt in DOUBTS.keys() & kind.keys():
        yield facts.model_copy(update={**kind, doubt: True})


def _moves(facts: Facts, name: str) -> bool:
    return any(level(_with(facts, name, answer)) is not level(facts) for answer in answers(name))


def _news(facts: Facts, now: Risk) -> Iterator[str]:
    """Say which single answer would change the level; what cannot change once known is left out."""
    for name in FAVOURABLE:
        if name not in SETTLED or _is_unknown(facts, name):
            for answer in answers(name):
                if (then := level(_with(facts, name, answer))) is not now:
                    yield f"{name}={_plain(answer)}: {then}"


def _plain(answer: object) -> str:
    return str(answer).lower() if isinstance(answer, bool) else str(answer)


def _with(facts: Facts, name: str, answer: object) -> Facts:
    return facts.model_copy(update={name: answer})


def _is_unknown(facts: Facts, name: str) -> bool:
    return getattr(facts, name) in (None, (), Exfiltration.UNKNOWN)
