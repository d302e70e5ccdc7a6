"""Every refusal of ours, split by what the caller can do about it.

TimglasError
├── StatuteError          the law data does not answer            → fix law/statutes
├── UnknownReference      no such incident, controller or person  → look it up
├── UnreadableTime        no such instant, or two of them         → write it another way
├── StepOutOfOrder        something must come first               → take the named step
├── NotEntitled           this act is another person's            → ask that person
├── MissingParticular     the letter would be incomplete          → establish the fact
├── Misprint              a printed letter says something else    → stop, and find the fault
├── UnreadableFacts       a stated fact is none                   → name or value it rightly
├── UnreadableFile        a file does not hold what it should     → mend the file
├── WrongKey              another master key sealed this          → start with the right one
├── NotApproved           the text differs from what was approved → have it approved
├── NotConfirmed          no code confirms this                   → ask for a new one
├── TimelineConflict      somebody else wrote first               → read again, and try again
└── PostError
    ├── TransientPostError   the server asks for patience         → the flow tries again
    ├── RefusedPostError     it never will                        → a person is told
    └── UncertainPostError   it may have been delivered           → a person decides; never blindly again

A refusal is a letter to a colleague: what, why, what to do now. The English sentences are the message ids of the
catalogue; ``letters.language.explain`` says them in Swedish.
"""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark ``message`` for the catalogue without translating it here."""
    return message


class TimglasError(Exception):
    """A refusal with its reason and its remedy. ``values`` fill the sentences; they hold ids, never a person's data."""

    def __init__(self, what: str, *, why: str, remedy: str, **values: object) -> None:
        self.what, self.why, self.remedy, self.values = what, why, remedy, values
        said = {
            name: ", ".join(map(str, value)) if isinstance(value, tuple) else value for name, value in values.items()
        }
        super().__init__(" ".join(part.format(**said) for part in (what, why, remedy)))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.why, self.remedy, self.values)


def _rebuild(kind: type[TimglasError], what: str, why: str, remedy: str, values: dict[str, object]) -> TimglasError:
    return kind(what, why=why, remedy=remedy, **values)


class StatuteError(TimglasError):
    """The law data does not answer, or cannot be read."""


class UnknownReference(TimglasError):
    """There is no such incident, controller, person or letter."""


class UnreadableTime(TimglasError):
    """The text is no time, a local time that does not exist, or one that exists twice."""


class StepOutOfOrder(TimglasError):
    """Something else must be recorded first, or it is too late for this step."""


class NotEntitled(TimglasError):
    """The act belongs to another role: the officer advises, a delegate decides."""


class MissingParticular(TimglasError):
    """The letter would lack something the law demands."""


class Misprint(TimglasError):
    """What was printed, read back, is not what should stand there."""


class UnreadableFacts(TimglasError):
    """The facts handed in hold a name nobody knows, or a value that cannot be one."""


class UnreadableFile(TimglasError):
    """A file handed in does not hold what it should, or is damaged."""


class WrongKey(TimglasError):
    """What is sealed does not open with the key at hand."""


class NotApproved(TimglasError):
    """What would be sent or issued is not what was approved."""


class NotConfirmed(TimglasError):
    """The code was wrong, used, expired or meant for something else."""


class TimelineConflict(TimglasError):
    """Somebody else wrote to this timeline first; nothing of ours was kept."""


class PostError(TimglasError):
    """A message was not delivered, or nobody knows."""


class TransientPostError(PostError):
    """Try again later: nothing was delivered."""


class RefusedPostError(PostError):
    """Never delivered by this way."""


class UncertainPostError(PostError):
    """The connection was lost after the message was handed over; it may have arrived."""
