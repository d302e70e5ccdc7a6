"""The words of a notice to the public while it stands (Article 34(3)(c)): its log, what was seen of it, its end."""

from typing import Annotated, Literal

from pydantic import PositiveInt, StringConstraints

from models.base import PlainText, Sha256
from models.recorded import Recorded

WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s?#]+$", max_length=500)]
"""Where a page stands; without a query, which may carry what is nobody's business."""


class PublicStatusNoted(Recorded):
    """A dated line for the notice's log. It is read by the public once a version that holds it is approved and out."""

    type: Literal["public_status_noted.v1"] = "public_status_noted.v1"
    text: PlainText


class PublicNoticeCaptured(Recorded):
    """Somebody looked at the page as it stands on the web and kept it, byte by byte.

    ``lacking`` counts the paragraphs of the published version that the page does not show.
    """

    type: Literal["public_notice_captured.v1"] = "public_notice_captured.v1"
    version: PositiveInt
    address: WebAddress
    sha256: Sha256
    lacking: int = 0


class PublicNoticeWithdrawn(Recorded):
    """The notice was taken down. ``occurred_at`` ends the time it stood."""

    type: Literal["public_notice_withdrawn.v1"] = "public_notice_withdrawn.v1"
    reasons: PlainText


Publication = PublicStatusNoted | PublicNoticeCaptured | PublicNoticeWithdrawn
