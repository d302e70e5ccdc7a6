"""Answer the desk's own pages and programs, and no page of anybody else's.

Without a password the desk trusts whoever is at the machine, and that is also every web page open in its browser. A
page elsewhere may neither read a case nor hand in a form: Prefect lets any page do both. Browsers say which page asks
(``Origin``), and by what name the desk was asked for (``Host``): a name that somebody else's domain gives to this
machine makes their page look like ours.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from letters.language import say
from models.errors import N_

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_AGAINST_POLICY = 1008
"""Why a socket is closed (RFC 6455, 7.4.1)."""


class OwnPages:
    """``app`` for its own pages: those at ``address``, and those at the name it was asked for by.

    With ``names``, that name must be one of them.
    """

    def __init__(self, app: ASGIApp, address: str, names: Collection[str] | None) -> None:
        self._app, self._place = app, urlsplit(address).netloc
        self._names = None if names is None else {*names, urlsplit(address).hostname}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request or a socket on, or refuse it."""
        if scope["type"] == "lifespan" or self._is_ours(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(_AGAINST_POLICY)(scope, receive, send)
        else:
            said = say(N_("Timglas answers its own pages only. Open it at the address it said when it was started."))
            await PlainTextResponse(said, 403)(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        host, origin = headers.get("host", ""), headers.get("origin")
        if self._names is not None and urlsplit(f"//{host}").hostname not in self._names:
            return False
        return origin is None or urlsplit(origin).netloc in (host, self._place)
