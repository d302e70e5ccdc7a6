"""What a notice to people lacks, found in its own words: also in one that was written by hand, in another system.

Swedish, and blunt: it looks for the words by which such things are said, and not for those that say that there are none.
It warns; a person reads and decides. What is demanded stands in Article 34(2) with 33(3)(b), (c) and (d); the rest is advice.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import phonenumbers

from models.errors import N_


class Finding(NamedTuple):
    """One thing that is lacking or wrong: which, why it matters, where it is demanded, the words at fault, better ones.

    Without a ``source`` it is advice, not law. What ``stops`` a letter must be mended before anybody approves it.
    ``values`` fill the sentence ``why``.
    """

    key: str
    why: str
    source: str = ""
    words: str = ""
    better: str = ""
    stops: bool = False
    values: tuple[tuple[str, str], ...] = ()


_CONSEQUENCES = re.compile(
    r"kan (?:det )?leda till|konsekvens|(?<!på)följd(?:er|en)\b|påverka(?:r|s)? (?:det )?dig|"
    r"kan (?:komma att )?(?:användas|utnyttjas|missbrukas|spridas)|bedräg|lura dig|identitets?stöld|id-kapning|"
    r"kapa din|nätfiske|skräppost|utpressning|ekonomisk skada|kränk",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"kan du göra|du kan själv|(?:var|vara) (?:extra |särskilt )?(?:vaksam|uppmärksam|försiktig|på din vakt)|"
    r"byt(?:a)? (?:dina |ditt )?lösenord|lämna aldrig|logga (?:inte|aldrig) in|spärra|kontakta din bank|"
    r"tänk på att|råd till dig|vi (?:rekommenderar|råder) dig|polisanmäl det|ring (?:polisen )?(?:på )?114\s?14",
    re.IGNORECASE,
)
_OWN_MEASURES = re.compile(
    r"\b(?:vi|kommunen|regionen|nämnden|myndigheten|styrelsen|förvaltningen) har (?:nu |redan |också |därför |omedelbart )*"
    r"(?:anmält|polisanmält|stängt|spärrat|bytt|begärt|krävt|kontaktat|infört|ändrat|tagit bort|gallrat|stoppat|"
    r"gått igenom|granskat|informerat|startat|inlett|tillsatt|slutat|pausat|sagt upp|säkrat|skickat|vidtagit)|"
    r"anmält (?:händelsen|incidenten|det|detta)? ?till (?:imy|integritetsskydds)",
    re.IGNORECASE,
)
_PROTECTED = re.compile(
    r"skyddade? (?:personuppgifter|identitet|folkbokföring|adress)|sekretessmarker|kvarskrivning", re.IGNORECASE
)
_OFFICER = re.compile(r"dataskyddsombud|kontaktpunkt|dso\b", re.IGNORECASE)
_COMPLAINT = re.compile(r"\bimy\b|integritetsskyddsmyndigheten", re.IGNORECASE)
_TELEPHONE = re.compile(r"(?<![\w-])(?:\+46|0)[\d\u00a0 ()/–-]{6,}\d(?![\w-])")
_GROUPED = re.compile(r"0\d{1,3}-\d{2,3}(?:[ \u00a0]\d{2,3})+|\+46 \d{1,3}(?:[ \u00a0]\d{2,3})+")
_TIME = re.compile(r"(?<![\d.:-])(?:kl(?:ockan|\.)? ?)?(?:[01]?\d|2[0-3]):[0-5]\d(?!\d|:\d)", re.IGNORECASE)


_DENIED = re.compile(r"\b(?:inte|inga|ingen|inget|varken|ej|knappast|utan att)\b(?:\s+[\w-]+){0,4}\s*$", re.IGNORECASE)
"""A word that denies, at most four words before what it denies."""
_CLAUSE = re.compile(r"[.!?:;,–\n]|\bmen\b|\boch\b", re.IGNORECASE)


def findings(text: str) -> tuple[Finding, ...]:
    """Return what the notice ``text`` lacks, what it says too little of, and what is written in the wrong form."""
    return tuple(finding for look in _LOOKS for finding in look(text))


def _says(what: re.Pattern[str], text: str) -> bool:
    """Tell whether the text says so somewhere without denying it: "inga råd" is no advice, and "har inte anmält" no measure."""
    lines = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
    return any(not _DENIED.search(_CLAUSE.split(lines[: match.start()])[-1]) for match in what.finditer(lines))


def _consequences(text: str) -> Iterator[Finding]:
    if not _says(_CONSEQUENCES, text):
        yield Finding(
            "likely_consequences",
            N_("It does not say what the breach may lead to for the people it concerns."),
            "Article 34(2); Article 33(3)",
        )


def _advice(text: str) -> Iterator[Finding]:
    if not _says(_ADVICE, text):
        yield Finding(
            "advice",
            N_("It does not say what people can do themselves to protect themselves."),
            "Article 34(2); recital 86",
        )


def _own_measures(text: str) -> Iterator[Finding]:
    if not _says(_OWN_MEASURES, text):
        yield Finding(
            "own_measures",
            N_("It does not say what the controller itself has done; what the supplier assures is not that."),
            "Article 34(2); Article 33(3)",
        )


def _protected(text: str) -> Iterator[Finding]:
    if not _says(_PROTECTED, text):
        yield Finding(
            "protected_route",
            N_("It does not say how people with protected personal data get help without giving themselves away."),
        )


def _contact(text: str) -> Iterator[Finding]:
    if not _OFFICER.search(text):
        yield Finding(
            "contact_point",
            N_("It names neither the data protection officer nor a contact point by that name."),
            "Article 34(2); Article 33(3)",
        )


def _authority(text: str) -> Iterator[Finding]:
    if not _COMPLAINT.search(text):
        yield Finding(
            "authority",
            N_("It says neither whether the authority has been notified nor that one may complain to it."),
        )


def _telephones(text: str) -> Iterator[Finding]:
    for match in _TELEPHONE.finditer(text):
        written = match.group()
        if not _GROUPED.fullmatch(written) and (right := _as_written_in_swedish(written)):
            why = N_("The telephone number is grouped in another way than people read it.")
            yield Finding("telephone", why, words=written, better=right)


def _as_written_in_swedish(written: str) -> str | None:
    try:
        number = phonenumbers.parse(written, "SE")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def _times(text: str) -> Iterator[Finding]:
    for match in _TIME.finditer(text):
        written = match.group()
        why = N_("The time is not written as people read it in Swedish, with kl. and a full stop.")
        hour, _, minute = re.sub(r"[^\d:]", "", written).partition(":")
        yield Finding("time", why, words=written, better=f"kl. {int(hour)}.{minute}")


_LOOKS: tuple[Callable[[str], Iterator[Finding]], ...] = (
    _consequences,
    _advice,
    _own_measures,
    _protected,
    _contact,
    _authority,
    _telephones,
    _times,
)
