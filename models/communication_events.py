"""The words of telling the people concerned: listed, released, sent, come back, made public (Article 34)."""

from datetime import date
from typing import Literal

from pydantic import NonNegativeInt, PositiveInt, model_validator

from models.base import PlainText, Sha256
from models.delivery import ReturnReason
from models.recorded import Recorded


class RecipientsLoaded(Recorded):
    """A list of people was taken in: of its ``rows`` some were ``refused``; so many ``recipients`` are there now.

    Once letters are released they are laid aside, under an id of their own, for the release that lets them in; so many of
    them were ``written_to`` already.
    ``checked_on`` is the day on which somebody compared the list with the population register, so that who is not marked
    there has no protected data; None if nobody says so.
    """

    type: Literal["recipients_loaded.v1"] = "recipients_loaded.v1"
    communication: str
    rows: NonNegativeInt
    refused: NonNegativeInt
    recipients: NonNegativeInt
    written_to: NonNegativeInt = 0
    checked_on: date | None = None


class CommunicationStarted(Recorded):
    """The letters to people concerned were released. Counts only; who they are stands in the erasable tables.

    A later letter to the same people, with what is new or a correction, is another start of the same communication.
    So is the same letter to people who were ``found`` since: that many of the recipients have not had it. ``round``
    numbers the starts that let such people in.
    """

    type: Literal["communication_started.v1"] = "communication_started.v1"
    communication: str
    recipients: NonNegativeInt
    sha256: Sha256
    letter: str = "data_subject_communication"
    round: PositiveInt = 1
    found: NonNegativeInt = 0

    @property
    def lets_in(self) -> bool:
        """Whether it goes to those who were found since, too: a correction goes only to who has something to correct."""
        return self.letter != "data_subject_correction"


class CommunicationCompleted(Recorded):
    """Everyone ended in exactly one place; the counts add up to the recipients, or the event is refused.

    ``by_guardians`` are minors whose guardians were written to; ``by_notice`` only the public notice can reach; nobody
    writes to the ``deceased``. ``printed`` counts letters and not people: all that do not go by e-mail, those to
    guardians too; None where nobody counted them. ``sha256`` is that of the letter; None in what was written before it
    stood here. ``found``: so many of those on a list that waits for its release have no letter.
    """

    type: Literal["communication_completed.v1"] = "communication_completed.v1"
    communication: str
    recipients: NonNegativeInt
    emailed: NonNegativeInt
    by_mailbox: NonNegativeInt = 0
    on_paper: NonNegativeInt
    sealed: NonNegativeInt
    by_guardians: NonNegativeInt = 0
    deceased: NonNegativeInt = 0
    by_notice: NonNegativeInt = 0
    unreachable: NonNegativeInt
    uncertain: NonNegativeInt
    printed: NonNegativeInt | None = None
    sha256: Sha256 | None = None
    found: NonNegativeInt = 0

    @property
    def reached(self) -> int:
        """How many were written to, themselves or through their guardians."""
        return self.emailed + self.by_mailbox + self.on_paper + self.sealed + self.by_guardians

    @property
    def reckoned(self) -> int:
        """How many found an end, whichever it was."""
        return self.reached + self.deceased + self.by_notice + self.unreachable + self.uncertain

    @model_validator(mode="after")
    def _counts_add_up(self) -> "CommunicationCompleted":
        if self.reckoned != self.recipients:
            raise ValueError(f"{self.recipients} recipients went in but {self.reckoned} came out")
        return self


class LettersPosted(Recorded):
    """A person posted the letters of a batch, or handed them over to be forwarded; ``sha256`` is that of its print file."""

    type: Literal["letters_posted.v1"] = "letters_posted.v1"
    communication: str
    batch: PositiveInt
    channel: Literal["paper", "sealed", "mailbox"]
    letters: PositiveInt
    pages: NonNegativeInt
    sha256: Sha256


class PrintFileLost(Recorded):
    """A print file was lost before its letters were posted; it is written once more, the same letters and no others.

    ``left_out`` are those, by their numbers in the batch, that may not go this way any more.
    """

    type: Literal["print_file_lost.v1"] = "print_file_lost.v1"
    communication: str
    batch: PositiveInt
    reasoning: PlainText
    left_out: tuple[PositiveInt, ...] = ()


class LettersLeftOut(Recorded):
    """Letters that were written may not go that way any more, and stand in no file; ``left_out`` are their numbers in it."""

    type: Literal["letters_left_out.v1"] = "letters_left_out.v1"
    communication: str
    batch: PositiveInt
    left_out: tuple[PositiveInt, ...]


class LettersReturned(Recorded):
    """The post brought letters of a batch back; ``numbers`` are theirs in the batch, as at the foot of their pages."""

    type: Literal["letters_returned.v1"] = "letters_returned.v1"
    communication: str
    batch: PositiveInt
    numbers: tuple[PositiveInt, ...]
    reason: ReturnReason


class DeliveriesUncertain(Recorded):
    """Nobody knows whether so many messages arrived: a person decides what becomes of them."""

    type: Literal["deliveries_uncertain.v1"] = "deliveries_uncertain.v1"
    communication: str
    messages: NonNegativeInt


class UncertaintySettled(Recorded):
    """A person decided about messages that may have arrived: so many count as arrived, so many are sent once more."""

    type: Literal["uncertainty_settled.v1"] = "uncertainty_settled.v1"
    communication: str
    arrived: NonNegativeInt
    sent_again: NonNegativeInt
    reasoning: PlainText


class DeliveriesReturned(Recorded):
    """Messages came back after everyone had one: so many people must be reached by another way."""

    type: Literal["deliveries_returned.v1"] = "deliveries_returned.v1"
    communication: str
    recipients: PositiveInt


class CommunicationHalted(Recorded):
    """No more letters go out until somebody lets them; what was handed over cannot be taken back."""

    type: Literal["communication_halted.v1"] = "communication_halted.v1"
    communication: str
    reasoning: PlainText


class CommunicationResumed(Recorded):
    """The letters go out again."""

    type: Literal["communication_resumed.v1"] = "communication_resumed.v1"
    communication: str


class PublicNoticePublished(Recorded):
    """The public was told (Article 34(3)(c)); a new version is a new event."""

    type: Literal["public_notice_published.v1"] = "public_notice_published.v1"
    version: PositiveInt
    sha256: Sha256
    channels: tuple[PlainText, ...]
