"""A notice to the public as static files for any web server: a page, its earlier versions, what changed, text and PDF.

No script, image or outside resource, and the styles lie in the page, so it reads the same without them.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from letters import html, plain
from letters.difference import difference
from letters.language import LANGUAGE, clock_time, say
from models.errors import N_
from models.letter import Letter

TEMPLATES = Path(__file__).parent.parent / "templates"


_TELEPHONE = re.compile(r"(?<![\w/-])(?:0\d{1,3}-\d{2,3}(?:[ \u00a0]\d{2,3})+|114[ \u00a0]14|112)(?![\w-])")
_MAILBOX = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Version(NamedTuple):
    """One published version: its number, its text, its pages on paper, and when it was published."""

    number: int
    letter: Letter
    pdf: bytes
    published_at: datetime


def public_site(
    versions: Sequence[Version], *, organisation: str, withdrawn_at: datetime | None = None
) -> Mapping[str, bytes]:
    """Return the files by name; ``index.html`` is the newest of ``versions``, which come oldest first, at least one."""
    files: dict[str, bytes] = {}
    for one in versions:
        files[f"version-{one.number}.html"] = _notice(one, versions, organisation, withdrawn_at)
        files[f"meddelande-{one.number}.txt"] = plain.text(one.letter).encode()
        files[f"meddelande-{one.number}.pdf"] = one.pdf
    files["index.html"] = files[f"version-{versions[-1].number}.html"]
    if len(versions) > 1:
        files["versioner.html"] = _versions(versions, organisation)
    return files


def _notice(one: Version, versions: Sequence[Version], organisation: str, withdrawn_at: datetime | None) -> bytes:
    return _page(
        "notice.html",
        organisation=organisation,
        title=one.letter.subject,
        body=Markup(_linked("\n".join(map(html.element, one.letter.blocks)))),  # noqa: S704 - letters.html has escaped it
        version=one.number,
        published=clock_time(one.published_at),
        first=clock_time(versions[0].published_at),
        newer=one is not versions[-1],
        several=len(versions) > 1,
        withdrawn=clock_time(withdrawn_at) if withdrawn_at else None,
    )


def _linked(body: str) -> str:
    """Return ``body`` with its telephone numbers and addresses as links: a page is read on a telephone, and no mail."""
    dialled = _TELEPHONE.sub(lambda found: _link(f"tel:{_digits(found[0])}", found[0]), body)
    return _MAILBOX.sub(lambda found: _link(f"mailto:{found[0]}", found[0]), dialled)


def _link(to: str, said: str) -> str:
    return f'<a href="{to}">{said}</a>'


def _digits(number: str) -> str:
    return re.sub(r"[^\d+]", "", number)


def _versions(versions: Sequence[Version], organisation: str) -> bytes:
    before: dict[int, Letter] = {after.number: one.letter for one, after in pairwise(versions)}
    shown = [
        {
            "version": one.number,
            "published": clock_time(one.published_at),
            "difference": difference(before[one.number], one.letter) if one.number in before else None,
        }
        for one in reversed(versions)
    ]
    subject = versions[-1].letter.subject
    return _page(
        "versions.html", organisation=organisation, title=say(N_("What has changed")), subject=subject, versions=shown
    )


def _page(template: str, **context: object) -> bytes:
    return (_environment().get_template(template).render(language=LANGUAGE, **context) + "\n").encode()


@cache
def _environment() -> Environment:
    folder = FileSystemLoader(TEMPLATES / LANGUAGE / "_public")
    return Environment(loader=folder, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
