"""The watch on the watch: look at everything, raise the alarm by mail, and if wanted remind people while nobody else does.

It needs neither Prefect nor, to raise the alarm, the database: what it cannot look at is what it tells of.
"""

import platform
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from adapters.alarm_file import AlarmFile
from adapters.files import read_register
from adapters.mail.smtp import SmtpPost
from adapters.settings import Settings
from flows.bootstrap import wire
from flows.watch.prefect_health import Api, prefect_findings
from letters import compose, html, plain
from letters.language import explain
from models.errors import TimglasError
from models.health import Beat, Check, Finding, State
from models.letter import Letter
from models.mail import Mail
from models.recipient import DeliveryState
from services.ports.world import World
from services.sweep.sweep import SWEEP, TAKEN_OVER
from services.sweep.sweep import sweep as sweep_due
from services.watch.health import WATCH, health, is_awake
from services.watch.watch import cannot_start, to_tell, whom_to_tell

NEAREST = 5
"""How many time limits an alarm names: enough to know whom to ring at night."""


class Watched(NamedTuple):
    """What was found, how many were told of it, and what kept others from being told."""

    findings: tuple[Finding, ...]
    told: int = 0
    untold: str | None = None

    @property
    def alarming(self) -> bool:
        """Whether anything may keep people from being told in time."""
        return any(one.state is State.ALARM for one in self.findings)


async def look(api: Api, *, now: datetime) -> tuple[tuple[Finding, ...], World | None]:
    """Return everything that was found, and the world it was found in; None if Timglas cannot even start."""
    try:
        world = wire()
        return (*await health(now=now, world=world), *prefect_findings(api, now=now, world=world)), world
    except TimglasError as refusal:
        return (cannot_start(explain(refusal), ""),), None
    except Exception as fault:  # noqa: BLE001 - whatever keeps Timglas from starting is what the watch tells of
        return (cannot_start(f"Timglas kan inte starta ({type(fault).__name__}).", "Läs loggen på datorn."),), None


async def watch(api: Api, *, now: datetime, take_over: bool, settings: Settings, independent: bool = True) -> Watched:
    """Look, tell those who must know, and sweep if ``take_over`` and nobody else has lately. Never raises for a dead part.

    Only an ``independent`` one, which a timer of the machine runs, leaves a heartbeat: one that Prefect calls dies with it.
    """
    memory = AlarmFile(settings.home)
    known = memory.read()
    findings, world = await _seen(api, now)
    if world is not None:
        if take_over and not is_awake(world.heartbeat.last(SWEEP), now):
            await sweep_due(now=now, world=world, name=TAKEN_OVER)
        if independent:
            world.heartbeat.beat(Beat(name=WATCH, started_at=now, ended_at=now))
    with memory.alone():
        last = memory.read()
        if last != known:  # somebody has been told meanwhile of what came after this look
            findings, world = await _seen(api, now)
        machine, nearest = platform.node() or "okänd", _nearest(findings, world)
        letter, remember = to_tell(findings, last, now=now, machine=machine, nearest=nearest)
        if letter is None:
            return Watched(findings)
        told, untold = await _mail(letter, now, settings)
        if untold is None:
            memory.write(remember)
    return Watched(findings, told, untold)


async def _seen(api: Api, now: datetime) -> tuple[tuple[Finding, ...], World | None]:
    """Look, but not whether the watch is awake: it is now, whatever it was before."""
    found, world = await look(api, now=now)
    return tuple(one for one in found if one.check is not Check.WATCH), world


def _nearest(findings: tuple[Finding, ...], world: World | None) -> tuple[str, ...]:
    """Return the time limits that run out first, in words; none where the database is what is broken."""
    broken = any(one.check is Check.DATABASE and one.state is State.ALARM for one in findings)
    if world is None or broken:
        return ()
    try:
        return compose.limits_in_words(world.overview.limits(NEAREST), world.register)
    except Exception:  # noqa: BLE001 - an alarm without this help is better than none
        return ()


async def look_again(*, now: datetime) -> None:
    """Look once more if people were told of something: a sweep that works is the first to know that it is over.

    Nobody else may come to tell: Prefect's automation calls only while no sweep is done.
    """
    settings = Settings()
    if AlarmFile(settings.home).stands:
        password = settings.ui_password.get_secret_value() if settings.ui_password else None
        await watch(Api(password=password), now=now, take_over=False, settings=settings, independent=False)


async def _mail(letter: Letter, now: datetime, settings: Settings) -> tuple[int, str | None]:
    """Mail ``letter`` to everybody who must know; return how many got it, and what kept the others from it."""
    told, untold = 0, None
    try:
        addresses = settings.alarm_addresses or whom_to_tell(read_register(Path(settings.parties)))
        async with SmtpPost(settings).connect() as connection:
            for address in addresses:
                (end,) = await connection.send([_message(letter, address, now, settings)])
                if end.state is DeliveryState.SENT:
                    told += 1
                else:
                    untold = f"E-postservern svarade {end.detail or 'inte'}."
    except TimglasError as fault:
        untold = explain(fault)
    return told, untold if told or untold else "Ingen adress att larma finns i registret eller i TIMGLAS_ALARM_TO."


def _message(letter: Letter, address: str, now: datetime, settings: Settings) -> Mail:
    return Mail(
        message_id=f"<vakt.{uuid4().hex}@{settings.mail_domain}>",
        sent_at=now,
        incident=None,
        sender_name="Timglas vakt",
        sender=f"timglas@{settings.mail_domain}",
        reply_to=f"timglas@{settings.mail_domain}",
        to=address,
        subject=letter.subject,
        text=plain.text(letter),
        html=html.html(letter),
    )
