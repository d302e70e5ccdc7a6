"""The last look at a letter to the people before anybody may approve it: what stops it, and what to look at once more.

Each text is looked at, the letter and every variant. What stops it must be mended first; the rest is advice, and says
why. Swedish, and by the words themselves, like ``letters.completeness``.
"""

import re
from collections.abc import Callable, Iterator
from itertools import chain

from letters import plain
from letters.completeness import Finding
from letters.language import number
from letters.readability import lix, long_words, sentences
from letters.render import letter_card
from models.base import holds_personal_identity_number
from models.errors import N_
from models.letter import Audience, Heading, Letter, Link

HARD = 40.0
"""LIX above which a letter is not let through: from there on it reads like a newspaper, and officials' prose is near."""
HEAVY = 35.0
"""LIX above which it is let through with a warning."""

_BUREAUCRATIC, _LONG_ENOUGH = 55.0, 15
"""LIX from which a paragraph of so many words is officials' prose, whatever stands around it."""

_ARTICLE = "Article 34(2)"
_CLEAR = "Article 34(2); Article 12(1)"
_FEWEST_WORDS = 3
_WITHOUT_DOTS = 25
"""So many Swedish words in a row without å, ä or ö are one text in some hundreds; a lost character set is likelier."""

_PLACEHOLDER = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\$\{.*?\}|[{}]|@@\w*|\[[^\]\n]{0,60}\]|<[^>\n]{1,60}>|\bX{3,}\b|_{3,}|\.{4,}|…{2,}|"
    r"\b(?:TODO|FIXME|TBD|lorem ipsum|None|undefined|NaN|fyll i (?:här|senare)|infoga (?:här|namn|datum|text))\b"
)
_BROKEN = re.compile(
    r"\ufffd|\w\?\w|Ã[\u0080-\u00bf¥¤¶…„–]|Â[\u00a0-\u00bf]|â€|&#?\w{2,8};|[åäöÅÄÖ]\u0301|&[aoAO](?:ring|uml)"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b[\w.+-]+@[\w.-]+\w", re.IGNORECASE)
_BARE = r"(?<![@\w.-])(?:[\w-]+\.)+(?:se|nu|com|net|org|eu|info|io|app|dev|ly|me|link|online|example)\b(?!@)"
"""An address without a scheme: most mail programs make a link of it none the less."""
_CLICKED = re.compile(r"\b[a-z][a-z0-9+.-]*://\S*\w", re.IGNORECASE)
_CLICK = re.compile(r"\b(?:klicka|tryck på länk\w*|följ länk\w*|öppna länk\w*)", re.IGNORECASE)
_LOGIN = re.compile(
    r"logga[ -]?(?:dig )?in|inlogg|log-?in|sign-?in|bank-?id|minasidor|mina-sidor|/auth|/konto", re.IGNORECASE
)
_DENIED = re.compile(r"\b(?:aldrig|inte|ingen|inga|inget)\b", re.IGNORECASE)
_SITE = re.compile(rf"\b(?:https?://|www\.)\S*\w|{_BARE}(?:/\S*\w)?", re.IGNORECASE)
_KINDS = re.compile(
    r"\b(?:hälsa\w*|sjukdom\w*|sjukvård\w*|patient\w*|journal\w*|psykiatri\w*|etnisk\w*|politisk\w*|religiös\w*|religion\w*|"
    r"fackför\w+|fackliga?|sexual\w*|sexuell\w*|biometrisk\w*|genetisk\w*|brott\w*|socialtjänst\w*|socialbidrag\w*)\b",
    re.IGNORECASE,
)
"""Words that name a kind of data under Article 9 or 10: no harm inside the letter, too much in what anybody sees."""
_SPELT_OUT = re.compile(
    r"\b(?:hiv\w*|aids|cancer\w*|tumör\w*|depression\w*|ångest\w*|bipolär\w*|schizofren\w*|psykos\w*|adhd|autism\w*|"
    r"självmord\w*|självskade\w*|demens\w*|epilepsi\w*|diabetes\w*|abort(?:er|en)?|könssjukdom\w*|klamydia|"
    r"missbruk(?:are|et|s\w+)?|alkoholis\w*|narkoman\w*|homosexuell\w*|bisexuell\w*|transperson\w*|könsdysfori\w*|"
    r"muslim\w*|judisk\w*|kristna|romsk\w*|våldtäkt\w*|misshandel\w*|fängelsestraff\w*)\b",
    re.IGNORECASE,
)
"""Words that say which: more than the letter needs, and whoever opens it by mistake learns it."""

_ENGLISH = re.compile(
    r"\b(?:the|and|of|was|were|been|be|not|has|have|had|with|from|this|that|these|your|you|we|our|their|they|which|who|are|"
    r"will|can|may|any|all|as|is|it|on|or|to|by|no)\b",
    re.IGNORECASE,
)
"""The small words of English. A few are Swedish words too, so only many of them together tell."""
_MANY, _SHARE = 4, 0.3


def gate(letter: Letter) -> tuple[Finding, ...]:
    """Return what is found in a letter to the people, or a notice to the public, and in each of its variants, once.

    One that ``stops`` must be mended before the letter is approved. Without any, nothing stands in its way.
    """
    texts = (letter.to(audience) for audience in (Audience.PERSON, *(one.audience for one in letter.variants)))
    found = chain.from_iterable(look(text) for text in texts for look in _LOOKS)
    return tuple({(one.key, one.why, one.words): one for one in found}.values())


def _particulars(letter: Letter) -> Iterator[Finding]:
    said = _by_heading(letter)
    for particular, headings in letter_card(letter.name, letter.language).stands_under.items():
        for begins in headings:
            told = " ".join(text for heading, text in said if heading.startswith(begins))
            if len(re.findall(r"\w+", told)) < _FEWEST_WORDS:
                why = N_("The letter says nothing where it should say this.")
                yield Finding(particular, why, _ARTICLE, words=begins, stops=True)
            elif particular == "contact_point" and not re.search(r"\d{3}|@", told):
                why = N_("The letter gives neither a telephone number nor an address to ask at.")
                yield Finding(particular, why, _ARTICLE, words=begins, stops=True)


def _by_heading(letter: Letter) -> list[tuple[str, str]]:
    """Return each heading of the letter and what stands below it."""
    heading, said = "", list[tuple[str, str]]()
    for block in letter.blocks:
        if isinstance(block, Heading):
            heading = block.text
        else:
            bare = letter.model_copy(update={"subject": "", "blocks": (block,), "variants": ()})
            said.append((heading, plain.text(bare).strip().strip("- ")))
    return said


def _readable(letter: Letter) -> Iterator[Finding]:
    text = plain.text(letter)
    index = lix(text)
    if index <= HEAVY:
        return
    stops = index > HARD
    too_hard = N_(
        "The letter is too hard to read: its LIX is {lix}, and at most {most} is let through. Split the heaviest "
        "sentence, and find easier words for these: {long}."
    )
    heavy = N_(
        "The letter is a little heavy: its LIX is {lix}, and up to {light} is easy. Split the heaviest sentence, and find "
        "easier words for these: {long}."
    )
    heaviest = max(sentences(text), key=lambda sentence: len(long_words(sentence)))
    values = {
        "lix": number(round(index, 1)),
        "most": number(HARD),
        "light": number(HEAVY),
        "long": ", ".join(long_words(heaviest)) or "–",
    }
    why = too_hard if stops else heavy
    yield Finding("plain_language", why, _CLEAR, words=heaviest, stops=stops, values=tuple(values.items()))


def _heavy_paragraphs(letter: Letter) -> Iterator[Finding]:
    """The rest of the letter is easy, and hides a paragraph that is not."""
    for line in plain.text(letter).splitlines():
        if len(line.split()) >= _LONG_ENOUGH and lix(line) > _BUREAUCRATIC:
            why = N_("This paragraph is harder than the rest: its LIX is {lix}. Easier words for these help: {long}.")
            values = (("lix", number(round(lix(line), 1))), ("long", ", ".join(long_words(line))))
            yield Finding("heavy_paragraph", why, _CLEAR, words=" ".join(line.split()[:8]), values=values)


def _placeholders(letter: Letter) -> Iterator[Finding]:
    for match in _PLACEHOLDER.finditer(plain.text(letter)):
        yield Finding("placeholder", N_("Something was left to fill in."), words=match.group(), stops=True)


def _letters_of_swedish(letter: Letter) -> Iterator[Finding]:
    text = plain.text(letter)
    for match in _BROKEN.finditer(_ADDRESS.sub(" ", text)):
        before = match.string[max(0, match.start() - 12) : match.start()].rpartition("\n")[2]
        after = match.string[match.end() : match.end() + 12].partition("\n")[0]
        why = N_("A letter of the alphabet was lost on the way here, or came out as something else.")
        yield Finding("broken_sign", why, words=f"{before}{match.group()}{after}".strip(), stops=True)
    for line in text.splitlines():
        if len(line.split()) >= _WITHOUT_DOTS and not re.search(r"[åäöÅÄÖ]", line):
            why = N_("So long a text without å, ä or ö is rare in Swedish. Were they lost?")
            yield Finding("no_dots", why, words=" ".join(line.split()[:8]))


def _english(letter: Letter) -> Iterator[Finding]:
    """A fact that somebody took over from a supplier's notice as it was."""
    for sentence in sentences(plain.text(letter)):
        small = len(_ENGLISH.findall(sentence))
        if small >= _MANY and small > _SHARE * len(sentence.split()):
            why = N_("This seems to be English. Write it in Swedish, as you would say it to the person.")
            yield Finding("english", why, _CLEAR, words=" ".join(sentence.split()[:8]))


def _identity_numbers(letter: Letter) -> Iterator[Finding]:
    if holds_personal_identity_number(plain.text(letter)):
        yield Finding("identity_number", N_("A whole personal identity number stands in the letter."), stops=True)


def _sensitive(letter: Letter) -> Iterator[Finding]:
    in_public = "gdpr.34.3.c" in letter_card(letter.name, letter.language).fulfils
    if (match := _KINDS.search(letter.subject) or _SPELT_OUT.search(letter.subject)) and not in_public:
        why = N_("The subject can be read on a locked screen and over a shoulder, and names a sensitive kind of data.")
        yield Finding("sensitive_subject", why, "Article 5(1)(c)", words=match.group(), stops=True)
    for match in _SPELT_OUT.finditer(plain.text(letter)):
        why = N_(
            "The letter spells out something sensitive. The kind of data is enough, and who wants to know can call."
        )
        yield Finding("sensitive", why, "Article 5(1)(c)", words=match.group().lower(), stops=True)


def _links(letter: Letter) -> Iterator[Finding]:
    for block in letter.blocks:
        if isinstance(block, Link):
            why = N_("A letter to the people has nothing to click: who wants to deceive them imitates it.")
            yield Finding("link", why, words=block.href, stops=True)
    for sentence in sentences(plain.text(letter)):
        site, denied = _SITE.search(sentence), _DENIED.search(_SITE.sub(" ", sentence))
        if site and _CLICK.search(sentence) and not denied:
            why = N_("A letter to the people has nothing to click: who wants to deceive them imitates it.")
            yield Finding("link", why, words=site.group(), stops=True)
        elif site and _LOGIN.search(sentence) and not denied:
            why = N_("The letter asks people to log in at an address. Every deceiver's letter does.")
            yield Finding("login", why, words=site.group(), stops=True)
        elif clicked := _CLICKED.search(sentence):
            why = N_("Many mail programs make this a link to click. Write the name of the website instead.")
            yield Finding("link", why, words=clicked.group())


_LOOKS: tuple[Callable[[Letter], Iterator[Finding]], ...] = (
    _particulars,
    _readable,
    _heavy_paragraphs,
    _placeholders,
    _letters_of_swedish,
    _english,
    _identity_numbers,
    _sensitive,
    _links,
)
