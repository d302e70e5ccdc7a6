"""Take in a processor's notice: it opens the controller's case or goes on with it, and the first arrival counts."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from letters import compose, plain
from letters.language import clock_time, say
from models.base import ENGINE, ActorId, IncidentId, Sha256
from models.breach_events import FactsEstablished
from models.errors import N_, StepOutOfOrder
from models.events import Event
from models.facts import Facts, Trigger
from models.incident import Incident
from models.notice import Notice, StatedTime
from models.supply_events import NoticeKind, NoticeReceived, TierTimeStated
from services.case.report_breach import report_breach
from services.ports.world import World
from services.record import read, read_open, require_past, write_down
from services.supply.read_notice import Genuine, read_notice

FOLDER = "fran-bitrade"

_TRIGGERS = {
    NoticeKind.NARROWED: Trigger.SCOPE_NARROWED,
    NoticeKind.WIDENED: Trigger.WIDER_WINDOW,
    NoticeKind.WITHDRAWN: Trigger.OWN_DATA_NOT_FOUND,
}


_TOLD = {*StatedTime.model_fields, "sender"}


class Received(NamedTuple):
    """What became of a notice: the case, and whether it was opened, went on, or had the notice already."""

    incident: IncidentId
    became: Literal["opened", "updated", "known"]
    notice: Notice
    sha256: Sha256


def receive_notice(
    content: bytes,
    signature: str,
    *,
    arrived_at: datetime,
    into: IncidentId | None = None,
    by: ActorId = ENGINE,
    now: datetime,
    world: World,
) -> Received:
    """Take in the notice in ``content``, which arrived at ``arrived_at``, whoever read it when.

    It goes into the case ``into``, or into the one that earlier notices of the same happening opened, or opens one. The
    same notice again changes nothing, unless it turns out to have arrived earlier. Raises what ``read_notice`` refuses,
    and StepOutOfOrder for another text under a version that is here already.
    """
    require_past(arrived_at, now)
    genuine = read_notice(content, signature, register=world.register, signer=world.signer)
    incident_id, opened = _case(genuine, arrived_at, into, by, now, world)
    case = read_open(incident_id, world.timeline)
    digest = hashlib.sha256(content).hexdigest()
    earlier = [*case.incident.supply.arrivals(genuine.processor.name, genuine.notice.reference)]
    if _is_known(digest, arrived_at, genuine.notice, earlier):
        return Received(incident_id, "known", genuine.notice, digest)
    _keep(incident_id, genuine, content, signature, world)
    stamp = {"occurred_at": arrived_at, "recorded_at": now, "recorded_by": by}
    write_down(case, *_events(genuine, digest, case.incident, earlier, stamp), world=world)
    return Received(incident_id, "opened" if opened else "updated", genuine.notice, digest)


def _case(  # noqa: PLR0917 - private, and read once
    genuine: Genuine, arrived_at: datetime, into: IncidentId | None, by: ActorId, now: datetime, world: World
) -> tuple[IncidentId, bool]:
    """Return the case the notice belongs to, and whether it was opened for it."""
    family = f"{genuine.processor.id}/{genuine.notice.reference}"
    known = into or world.timeline.find(family, genuine.controller.id) or _holding(genuine, world)
    if known is not None:
        _require_party(known, genuine, world)
        return known, False
    name, reference = genuine.processor.name, genuine.notice.reference
    opened = report_breach(
        genuine.controller.id,
        family=family,
        summary=say(N_("{sender} reports a personal data breach, {reference}."), sender=name, reference=reference),
        source=say(N_("Notice under Article 33(2) from {sender}"), sender=name),
        reported_at=arrived_at,
        by=by,
        now=now,
        world=world,
    )
    return opened, True


def _holding(genuine: Genuine, world: World) -> IncidentId | None:
    """Return the case into which somebody put an earlier notice of the same happening."""
    for incident_id in reversed(world.timeline.of_party(genuine.controller.id)):
        supply = read(incident_id, world.timeline).incident.supply
        if any(supply.arrivals(genuine.processor.name, genuine.notice.reference)):
            return incident_id
    return None


def _require_party(incident_id: IncidentId, genuine: Genuine, world: World) -> None:
    if read(incident_id, world.timeline).incident.party != genuine.controller.id:
        raise StepOutOfOrder(
            N_("{incident} is not the case of {party}, whom the notice is for."),
            why=N_("Each controller has a case and a clock of its own."),
            remedy=N_("Choose a case of that controller, or none: then Timglas finds or opens it."),
            incident=incident_id,
            party=genuine.controller.id,
        )


def _is_known(digest: Sha256, arrived_at: datetime, notice: Notice, earlier: Sequence[NoticeReceived]) -> bool:
    same = [one for one in earlier if one.sha256 == digest]
    if not same and any(one.version == notice.version for one in earlier):
        raise StepOutOfOrder(
            N_("Version {version} of {reference} is here already, with other content."),
            why=N_("A version is sent once; another text is another version."),
            remedy=N_("Call the sender and ask which of the two holds."),
            version=str(notice.version),
            reference=notice.reference,
        )
    return any(one.occurred_at <= arrived_at for one in same)


def _events(
    genuine: Genuine,
    digest: Sha256,
    incident: Incident,
    earlier: Sequence[NoticeReceived],
    stamp: dict[str, object],
) -> list[Event]:
    notice = genuine.notice
    news = _news(notice, incident, earlier)
    received = NoticeReceived.model_validate(
        {
            **stamp,
            "sender": genuine.processor.name,
            "reference": notice.reference,
            "version": notice.version,
            "kind": notice.kind,
            "sha256": digest,
            "signed_by": genuine.key,
            "sent_at": notice.sent_at,
            "aware_at": notice.aware_at,
            "next_update_at": notice.next_update_at,
            "facts": notice.facts,
            "counted": tuple(news.known()),
        }
    )
    told: list[Event] = [received, *_times(genuine, incident, stamp)]
    trigger = _trigger(notice, incident, earlier)
    if not news.known() and trigger is None:
        return told
    source = say(
        N_("Notice version {version} from {sender}, sent {when}"),
        version=str(notice.version),
        sender=genuine.processor.name,
        when=clock_time(notice.sent_at),
    )
    return [*told, FactsEstablished.model_validate({**stamp, "facts": news, "source": source, "trigger": trigger})]


def _times(genuine: Genuine, incident: Incident, stamp: dict[str, object]) -> Iterator[TierTimeStated]:
    """Yield each time in the chain that the notice states and this sender has not stated here before.

    One that differs from another is written beside it, whoever is right.
    """
    known = {one.model_dump_json(include=_TOLD) for one in incident.supply.times}
    for stated in genuine.notice.times:
        own = stated.model_dump() | {"sender": genuine.processor.name}
        event = TierTimeStated.model_validate({**stamp, **own})
        if event.model_dump_json(include=_TOLD) not in known:
            yield event


def _news(notice: Notice, incident: Incident, earlier: Sequence[NoticeReceived]) -> Facts:
    """Return what becomes ours: what nobody here has stated, and what we have from the same sender alone.

    What we have stated ourselves stands; the two are shown side by side (``models.disputed``). A notice that an
    earlier version overtook on the way adds only what is still unknown.
    """
    newest = max(earlier, key=lambda one: one.version, default=None)
    theirs = newest.facts if newest is not None and newest.version <= notice.version else Facts()
    ours = incident.facts
    chain = Facts(processor=notice.sender.name)
    stated = chain.learn(notice.facts)
    kept = {name for name, value in ours.known().items() if value != getattr(theirs, name)}
    return stated.learn(
        Facts(), tuple(name for name in stated.known() if name in kept or getattr(ours, name) == getattr(stated, name))
    )


def _trigger(notice: Notice, incident: Incident, earlier: Sequence[NoticeReceived]) -> Trigger | None:
    """Return what in the notice demands a new decision; a first one comes before any decision."""
    told = notice.facts
    if any(one.version >= notice.version for one in earlier):
        return None
    if told.own_data_published and not incident.facts.own_data_published:
        return Trigger.OWN_DATA_FOUND
    if told.threat_to_publish and not incident.facts.threat_to_publish:
        return Trigger.THREAT_TO_PUBLISH
    return _TRIGGERS.get(notice.kind)


def _keep(incident_id: IncidentId, genuine: Genuine, content: bytes, signature: str, world: World) -> None:
    """Keep the file, its signature and how it reads, as evidence of what one was told."""
    name = f"{FOLDER}/{genuine.processor.id}-{genuine.notice.reference.lower()}-{genuine.notice.version}"
    letter = compose.controller_notice_from_processor(genuine.notice)
    world.archive.keep(incident_id, f"{name}.json", content)
    world.archive.keep(incident_id, f"{name}.sig", f"{signature.strip()}\n".encode())
    world.archive.keep(incident_id, f"{name}.txt", plain.text(letter).encode())
