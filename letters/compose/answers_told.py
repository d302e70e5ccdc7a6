"""What forms ask of the communication to the people concerned: done, by notice, planned, not at all and why, undecided."""

from datetime import date

from letters.voice import Voice
from models.breach_events import ExceptionInvoked, Risk
from models.communication_events import CommunicationCompleted
from models.duty import Untold
from models.errors import N_
from models.incident import Incident
from models.instants import local
from models.told import letters_left_at

Told = str | tuple[str, ...] | date | None


def told(incident: Incident, voice: Voice) -> dict[str, Told]:
    """Return the answers about Article 34, by the names that the forms use."""
    done, notices, lifted = _first_told(incident), incident.notices, _lifted(incident)
    everyone_at = next(iter(incident.told_everyone_at), None)
    told_at = everyone_at or letters_left_at(incident) if done else notices[0].occurred_at if notices else None
    return {
        "communicated": "yes" if told_at else _not_told(incident, lifted),
        "told_people_on": local(told_at).date() if told_at else None,
        "told_how": "letters" if done else "notice" if notices else None,
        "told_how_many": _how(incident, voice),
        "told_what": voice.say(N_("See the attached copy of the communication.")) if told_at else None,
        "attached": ("communication",) if told_at else None,
        "will_tell": voice.say(N_("Without undue delay. The day follows in the supplement.")),
        "not_told_reasons": _why_not(incident, lifted, voice),
        "exception": lifted.provision if lifted else None,
        "exception_reasons": voice.own(incident, "exception_reasons", lifted.reasoning if lifted else None),
        **(_left_out(done, incident.untold_people, voice) if done else {}),
    }


def _first_told(incident: Incident) -> CommunicationCompleted | None:
    """Return the first letter to them, once any of it has left: what is only printed has told nobody."""
    return incident.told[0] if incident.told and letters_left_at(incident) else None


def _lifted(incident: Incident) -> ExceptionInvoked | None:
    return next((relied for relied in reversed(incident.exceptions) if relied.provision != "gdpr.34.3.c"), None)


def _not_told(incident: Incident, lifted: ExceptionInvoked | None) -> str | None:
    if lifted:
        return "exception"
    if incident.decision is None:
        return None
    return "planned" if incident.decision.level is Risk.HIGH else "not_high"


def _why_not(incident: Incident, lifted: ExceptionInvoked | None, voice: Voice) -> str | None:
    if lifted:
        return lifted.reasoning
    if incident.decision is None:
        return None
    return f"{voice.say(N_('The risk is not assessed as high.'))} {incident.decision.reasoning}"


def _how(incident: Incident, voice: Voice) -> str | None:
    done = _first_told(incident)
    if done:
        return voice.say(N_("By letter or e-mail to each person, {count} in all."), count=done.reached)
    if incident.notices:
        return voice.say(N_("Through information to the public: {channels}."), channels=incident.notices[0].channels)
    return None


def _left_out(done: CommunicationCompleted, untold: Untold | None, voice: Voice) -> dict[str, Told]:
    counts = {
        N_("{count} could not be reached."): done.by_notice + done.unreachable + done.uncertain,
        N_("Letters written and not posted yet: {count}."): untold.unposted if untold else 0,
    }
    said = " ".join(voice.say(sentence, count=count) for sentence, count in counts.items() if count)
    return {"all_told": "no" if said else "yes", "not_all_told": said or None}
