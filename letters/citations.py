"""Where a reason for the advice is published, in Swedish: the source and the place, without our gloss on it."""

import re

_ROMAN, _NUMBERS = r"[IVX]+(?:\.[A-Z])?(?:\.\d+)?", r"\d+(?:, \d+)*(?: and \d+)?"
_EXAMPLES = r"[ivx]+(?: and [ivx]+)?"
_PLACES = re.compile(
    rf"(?:sections? (?P<section>{_ROMAN}(?: and {_ROMAN})?))|(?:Annex B, examples? (?P<example>{_EXAMPLES}))"
    rf"|(?:cases? (?P<case>{_NUMBERS}))|(?:paras? (?P<para>[\d-]+))"
)
_WORDS = {"section": "avsnitt", "example": "bilaga B, exempel", "case": "fall", "para": "punkt"}
_ARTICLE = re.compile(r"[Aa]rticle (\d+)(?:\((\d+)\))?(?: and \((\d+)\))?")
_RECITAL = re.compile(r"[Rr]ecital (\d+)")
_GUIDELINES = re.compile(r"Guidelines (\d+/\d{4})")
_NAMED = re.compile(r"(?P<authority>[^()]+ \(\w+\)) on (?P<case>[^:]+)")
_OTHERS = {
    "ENISA 2013": "Enisas metod från 2013",
    "UODO": "beslut av den polska tillsynsmyndigheten UODO",
    "Icelandic": "den isländska tillsynsmyndighetens praxis",
    "the number is ours": "talet är vårt eget",
}


def cited(citation: str) -> str:
    """Return ``citation``, as the law's tables write it, in Swedish: "EDPB:s riktlinjer 9/2022, avsnitt IV.B".

    A source that is not known here is left as it stands, so that it can still be looked up.
    """
    return "; ".join(dict.fromkeys(_one(part) for part in citation.split("; ")))


def provision_of_osl(key: str) -> str:
    """Return where a provision of the secrecy act stands, by our key of it: ``osl.18.8.b`` is "18 kap. 8 b §"."""
    _, chapter, *section = key.split(".")
    return f"{chapter} kap. {' '.join(section)} §" if section else f"{chapter} kap."


def _one(part: str) -> str:
    if guidelines := _GUIDELINES.search(part):
        return ", ".join((f"EDPB:s riktlinjer {guidelines[1]}", *_places(part)))
    articles = [_article(*found.groups()) for found in _ARTICLE.finditer(part)]
    recitals = [f"skäl {found[1]}" for found in _RECITAL.finditer(part)]
    if articles or recitals:
        return f"{' och '.join((*articles, *recitals))} i dataskyddsförordningen"
    if named := _NAMED.match(part):
        return f"{named['authority']} om {named['case']}"
    return next((swedish for name, swedish in _OTHERS.items() if part.startswith(name)), part)


def _places(part: str) -> list[str]:
    return [
        f"{_WORDS[kind]} {where.replace(' and ', ' och ')}"
        for found in _PLACES.finditer(part)
        for kind, where in found.groupdict().items()
        if where
    ]


def _article(number: str, paragraph: str | None, second: str | None) -> str:
    return f"artikel {number}{f'.{paragraph}' if paragraph else ''}{f' och {number}.{second}' if second else ''}"
