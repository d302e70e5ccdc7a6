"""The sentences of the register of breaches: what a title may say, how a deadline stands, who was told and how."""

from datetime import datetime

from letters.chronicle import who
from letters.duty_stands import stands_within
from letters.language import capital, day, listed, named, number, say, stamp, word
from letters.senders import deadline_name, full_name
from models.breach_events import RiskDecided
from models.breach_register import Selection, Standing
from models.communication_events import CommunicationCompleted, PublicNoticePublished
from models.duty import Duty, Ground
from models.errors import N_
from models.parties import Register

_TITLES = {
    Standing.SUSPECTED: N_("Suspected personal data breach"),
    Standing.RULED_OUT: N_("Suspected personal data breach, ruled out"),
    Standing.KEPT_ELSEWHERE: N_("Incident that is handled elsewhere"),
}

_ANSWERS = {
    "notified": {True: N_("notified to the authority"), False: N_("not notified to the authority")},
    "late": {True: N_("late"), False: N_("not late")},
    "still_open": {True: N_("still open"), False: N_("no longer open")},
}

WAYS = (
    "emailed",
    "by_mailbox",
    "on_paper",
    "sealed",
    "by_guardians",
    "by_notice",
    "deceased",
    "unreachable",
    "uncertain",
)
"""Where a person of a communication can end, in the order they are told."""


def neutral_title(standing: Standing) -> str:
    """Return a title for diaries and lists. It reveals no person, no weakness and no system (OSL 5 kap. 2 §)."""
    return say(_TITLES.get(standing, N_("Personal data breach")))


def selection_line(selection: Selection, register: Register) -> str:
    """Return which incidents were chosen, as in "2026; kommunstyrelsen; anmäld för sent"; all of them if none were left out."""
    whose = [full_name(register.party(party)) for party in selection.parties]
    chosen = {
        N_("the year {value}"): selection.year and str(selection.year),
        N_("from {value}"): selection.first,
        N_("until {value}"): selection.last,
        N_("organisation: {value}"): listed(whose) if whose else None,
        N_("standing: {value}"): selection.standing,
        N_("cause: {value}"): selection.cause,
    }
    sentences = [say(sentence, value=value) for sentence, value in chosen.items() if value is not None]
    answers = [_ANSWERS[name][getattr(selection, name)] for name in _ANSWERS if getattr(selection, name) is not None]
    return capital("; ".join([*sentences, *map(say, answers)])) or say(N_("Every incident"))


def masked_line(provisions: tuple[str, ...], *, examined: bool) -> str:
    """Return what stands where something is left out, as in "[Maskerat: 18 kap. 8 § 3 OSL]"."""
    marked, proposed = N_("[Masked: {provisions} OSL]"), N_("[Masked, nobody has examined it: {provisions} OSL]")
    return say(marked if examined else proposed, provisions=provisions)


def masking_line() -> str:
    """Return what a register says of its own masks."""
    return say(
        N_(
            "What is marked as secret is replaced by the provision, and so is what a provision may cover and nobody has "
            "examined. Free text that nobody has marked is left as it is: read it before the register is handed out."
        )
    )


def deadline_line(duty: Duty, register: Register, now: datetime) -> str:
    """Return what is or was due and how it stands, as in "Komplettering till IMY (artikel 33.4): gjord 2023-05-16 13.00"."""
    what, status = deadline_name(duty, register), stands_within(duty)
    if duty.is_open and duty.due_at:
        overdue = N_("{what}: {status}, overdue since {when}")
        by = overdue if duty.is_overdue(now) else N_("{what}: {status}, by {when} at the latest")
        return say(by, what=what, status=status, when=stamp(duty.due_at))
    if duty.fulfilled_at and not duty.is_open:
        return f"{what}: {status} {stamp(duty.fulfilled_at)}"
    because = f": {duty.ground.because}" if duty.ground else ""
    return f"{what}: {status}{because}"


def decision_line(made: RiskDecided, register: Register) -> str:
    """Return a decision on the risk with its day, who made it, and the reasons."""
    return f"{stamp(made.occurred_at)}, {who(made, register)}: {word(made.level)}. {made.reasoning}"


def excused_line(ground: Ground) -> str:
    """Return why somebody is not informed, with the provision of an exception before the reasons."""
    if not ground.provision.startswith("gdpr.34.3"):
        return ground.because
    return f"{capital(named('provision', ground.provision))}: {ground.because}"


def letters_line(sent: CommunicationCompleted) -> str:
    """Return how many were written to and how it went, as in "15 maj 2023: 240 personer, varav 203 skickade med e-post"."""
    ways = [f"{number(count)} {named('field', way)}" for way in WAYS if (count := getattr(sent, way))]
    told = N_("{day}: {count} recipients, of whom {ways}.")
    return say(told, day=day(sent.occurred_at), count=sent.recipients, ways=listed(ways))


def notice_line(notice: PublicNoticePublished) -> str:
    """Return when the public was told, and through what."""
    return say(N_("{day}: the public, through {channels}."), day=day(notice.occurred_at), channels=notice.channels)
