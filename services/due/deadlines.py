"""Every deadline of an incident: what the law obliges, and what somebody promised, asked for or waits for. Pure."""

from collections.abc import Callable, Iterator

from law.statute_book import StatuteBook
from models.duty import Duty, DutyStatus
from models.incident import Incident
from services.documents.sheets import promised_particulars
from services.due.promises import awaited_answers, contract_windows, promised_updates
from services.due.question import Kind
from services.due.questions import questions
from services.filing.authority_question import questions_of_the_authority
from services.record import duties_of

kind_of_commitment = Callable[[Incident], Iterator[Duty]]

COMMITMENTS: tuple[kind_of_commitment, ...] = (
    contract_windows,
    promised_updates,
    awaited_answers,
    questions_of_the_authority,
    promised_particulars,
)
"""What is due without being law, one function a kind, such as a promised update: each yields a ``Duty`` under a name
of ``letters.vocabulary.COMMITMENTS``, told apart by ``about``, settled ones too. Its reminders stand in the policy
under the same name. The plan, the board, the markers and the case's page take them in by themselves.
"""


def commitments_of(incident: Incident) -> tuple[Duty, ...]:
    """Return what is due without being law; nothing of a case whose content is kept out."""
    if incident.is_classified:
        return ()
    return tuple(duty for found in COMMITMENTS for duty in found(incident))


def deadlines_of(incident: Incident, book: StatuteBook) -> tuple[Duty, ...]:
    """Return the duties under the law, in its order, then what is due without being law."""
    return (*duties_of(incident, book), *commitments_of(incident), *_approvals(incident, book))


def _approvals(incident: Incident, book: StatuteBook) -> Iterator[Duty]:
    """A text that waits for whoever may approve it; other decisions the duties under the law remind of themselves."""
    for question in questions(incident, book=book):
        if question.kind is Kind.APPROVAL and question.letter is not None:
            yield Duty(
                provision="decision",
                about=question.letter,
                owed_to="controller",
                status=DutyStatus.OWED,
                since=incident.drafts[question.letter].recorded_at,
            )
