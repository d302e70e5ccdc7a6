"""A page as it stands on the web, fetched byte by byte."""

import httpx

from models.errors import N_, TransientPostError, UnreadableFile

_LARGEST = 5_000_000
_PATIENCE_SECONDS = 20.0


class HttpWeb:
    """The web as anybody sees it: no cookies, no script run, redirects followed."""

    def page(self, address: str) -> bytes:
        """Return what is served at ``address``. Raises TransientPostError if nothing is, UnreadableFile if it is no page."""
        try:
            with httpx.stream("GET", address, follow_redirects=True, timeout=_PATIENCE_SECONDS) as answer:
                answer.raise_for_status()
                content = b"".join(_bounded(answer))
        except httpx.HTTPError as fault:
            raise TransientPostError(
                N_("The page cannot be fetched ({fault})."),
                why=N_("Either it is not there, or the web server does not answer."),
                remedy=N_("Open it in a browser. Is it there? Try again, or save it as a file and hand that in."),
                fault=type(fault).__name__,
            ) from fault
        return content


def _bounded(answer: httpx.Response) -> list[bytes]:
    parts, length = [], 0
    for part in answer.iter_bytes():
        parts.append(part)
        length += len(part)
        if length > _LARGEST:
            raise UnreadableFile(
                N_("The page is larger than {size} MB."),
                why=N_("A notice is text; what is that large is something else."),
                remedy=N_("Check the address."),
                size=_LARGEST // 10**6,
            )
    return parts
