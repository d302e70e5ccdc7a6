"""Look at everything that must work for people to be told in time. Every finding says how it is, also when it is well."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from letters.language import clock_time, counted, duration, listed, number, say
from models.errors import N_, PostError
from models.health import Beat, Check, Finding, State
from models.parties import Register
from models.recipient import DeliveryState
from models.reminder import LedgerRow
from services.confirm import CODE
from services.evidence.anchor_chain import ANCHOR, anchor_lost_at
from services.filing.hand_to_registrar import DIARY, stuck_at_registrar
from services.ports.world import World
from services.record import read
from services.sweep.sweep import CLOCK_MAY_DIFFER, SWEEP, TAKEN_OVER
from services.watch.findings import alarm, well
from services.watch.letters import letters_that_lie

SILENT = timedelta(minutes=5)
"""For how long a sweep each minute may be unheard of before somebody is told."""

WATCH, WATCH_SILENT = "watch", timedelta(minutes=20)
"""The watch beats too, so that the sweep's side can tell when it has gone silent."""

_IN_FLIGHT = timedelta(minutes=10)
_PUT_OFF = timedelta(minutes=30)
_REMEMBERED = timedelta(hours=24)
_REFUSED_FOR = timedelta(days=7)
"""How long a mailbox that takes nothing is told of, if no mail to it has arrived since."""

_LEAST_MEGABYTES = 500


async def health(*, now: datetime, world: World) -> tuple[Finding, ...]:
    """Return what was found of each thing. Raises nothing for what it finds, only for what it cannot look at."""
    fault = world.vitals.database_fault()
    if fault is not None:
        return (_database(fault), _disk(world))
    swept, watched = world.heartbeat.last(SWEEP), world.heartbeat.last(WATCH)
    return (
        _sweep(swept, world.heartbeat.last(TAKEN_OVER), now),
        _clock(swept, now),
        _cases(now, world),
        *_reminders(now, world),
        _refused(world.ledger.refused(now - _REFUSED_FOR), world.register),
        _mail(now, world),
        *letters_that_lie(now, world),
        await _mail_server(world),
        _mailbox(world),
        _registrar(world),
        _anchors(now, world),
        _database(None),
        _disk(world),
        _watch(watched, now),
    )


def is_awake(beat: Beat | None, now: datetime) -> bool:
    """Tell whether the sweep has ended lately, or is still at it."""
    return beat is not None and now - (beat.ended_at or beat.started_at) <= SILENT


def _sweep(beat: Beat | None, taken_over: Beat | None, now: datetime) -> Finding:
    again = N_("Start Timglas, or look in its log. Until then, run timglas sweep every few minutes.")
    if beat is None:
        return alarm(Check.SWEEP, say(N_("No sweep has ever run, so nobody is reminded.")), again)
    if not is_awake(beat, now):
        silent = now - (beat.ended_at or beat.started_at)
        instead = f" {say(N_('The watch reminds people meanwhile.'))}" if is_awake(taken_over, now) else ""
        return alarm(Check.SWEEP, say(N_("No sweep has finished for {time}."), time=silent) + instead, again)
    if beat.faults:
        said = counted(
            "{number} case could not be taken care of.", "{number} cases could not be taken care of.", beat.faults
        )
        remedy = N_("Run timglas sweep: it says which, and why.")
        return alarm(Check.SWEEP, said.format(number=number(beat.faults)), remedy)
    return well(Check.SWEEP, say(N_("The last sweep was at {when}."), when=clock_time(beat.started_at)))


def _clock(beat: Beat | None, now: datetime) -> Finding:
    if beat is not None and beat.started_at > now + CLOCK_MAY_DIFFER:
        said = say(N_("The clock stands before the last sweep, at {when}."), when=clock_time(beat.started_at))
        return alarm(Check.CLOCK, said, N_("Set the clock of the machine, and let it follow a time server."))
    if beat is not None and beat.clock_back_at and now - beat.clock_back_at < _REMEMBERED:
        said = say(N_("The clock was set back at {when}."), when=clock_time(beat.clock_back_at))
        remedy = N_("Reminders may have come too early; they come again in time. Let the clock follow a time server.")
        return alarm(Check.CLOCK, said, remedy)
    return well(Check.CLOCK, say(N_("The clock agrees with the last sweep.")))


def _cases(now: datetime, world: World) -> Finding:
    due_at = world.timeline.next_at()
    if due_at is not None and now - due_at > SILENT:
        said = say(N_("A case has been due for {time} and was not taken care of."), time=now - due_at)
        return alarm(Check.CASES, said, N_("Run timglas sweep: it says which, and why."))
    late, all_ = world.overview.count(due_by=now), world.overview.count()
    said = say(N_("{all} open deadlines, {late} of them run out."), all=all_, late=late)
    return Finding(check=Check.CASES, state=State.NOTE if late else State.WELL, said=said)


def _reminders(now: datetime, world: World) -> Iterator[Finding]:
    rows = world.ledger.unsettled()
    put_off = [row for row in rows if row.state is DeliveryState.DEFERRED and now - row.claimed_at > _PUT_OFF]
    waiting = counted(
        "{number} reminder waits for the mail server.", "{number} reminders wait for the mail server.", len(put_off)
    )
    yield (
        alarm(
            Check.REMINDERS,
            waiting.format(number=number(len(put_off))),
            N_("Look at the mail server. Call those concerned if it is urgent."),
        )
        if put_off
        else well(Check.REMINDERS, say(N_("No reminder waits for the mail server.")))
    )
    yield _uncertain(
        [row for row in rows if row.state is not DeliveryState.DEFERRED and now - row.claimed_at > _IN_FLIGHT]
    )


def _refused(rows: Sequence[LedgerRow], register: Register) -> Finding:
    if not rows:
        return well(Check.REFUSED, say(N_("No reminder was refused.")))
    people = dict.fromkeys(row.entry.person for row in rows)
    said = counted(
        "{number} reminder did not reach {people}, in {cases}.",
        "{number} reminders did not reach {people}, in {cases}.",
        len(rows),
    )
    cases = ", ".join(dict.fromkeys(row.entry.incident for row in rows))
    remedy = N_("Ring them, and check their addresses in the register. The next in line has been reminded instead.")
    who = listed([register.person(person).name for person in people])
    return alarm(Check.REFUSED, said.format(number=number(len(rows)), people=who, cases=cases), remedy)


def _uncertain(lost: list[LedgerRow]) -> Finding:
    if not lost:
        return well(Check.UNCERTAIN, say(N_("No reminder is uncertain.")))
    said = counted(
        "Nobody knows whether {number} reminder arrived, in {cases}.",
        "Nobody knows whether {number} reminders arrived, in {cases}.",
        len(lost),
    )
    cases = ", ".join(dict.fromkeys(row.entry.incident for row in lost))
    remedy = N_("Ask whoever should have them. Then run timglas reminders with the case.")
    return alarm(Check.UNCERTAIN, said.format(number=number(len(lost)), cases=cases), remedy)


def _mail(now: datetime, world: World) -> Finding:
    lying = world.vitals.mail_lying_since(now - _PUT_OFF, but=(DIARY, ANCHOR, CODE))
    if not lying:
        return well(Check.MAIL, say(N_("No letter lies still.")))
    said = counted(
        "{number} letter or code has lain still for half an hour.",
        "{number} letters or codes have lain still for half an hour.",
        lying,
    )
    remedy = N_("Look at the mail server. What is uncertain is settled by a person.")
    return alarm(Check.MAIL, said.format(number=number(lying)), remedy)


async def _mail_server(world: World) -> Finding:
    try:
        async with world.post.connect():
            return well(Check.MAIL_SERVER, say(N_("The mail server answers.")))
    except PostError as fault:
        said = say(N_("The mail server does not answer ({fault})."), fault=str(fault.values.get("fault", "")))
        return alarm(Check.MAIL_SERVER, said, N_("Check the mail server and the settings."))


def _mailbox(world: World) -> Finding:
    count = len(world.mailbox.aside())
    if not count:
        return well(Check.MAILBOX, say(N_("No mail waits to be read by a person.")))
    said = counted(
        "{number} message waits to be read by a person.", "{number} messages wait to be read by a person.", count
    )
    return Finding(check=Check.MAILBOX, state=State.NOTE, said=said.format(number=number(count)))


def _registrar(world: World) -> Finding:
    incidents = [communication.partition("/")[0] for communication in world.outbox.stuck(DIARY)]
    stuck = {one: len(stuck_at_registrar(read(one, world.timeline), world)) for one in incidents}
    count = sum(stuck.values())
    if not count:
        return well(Check.REGISTRAR, say(N_("No document is stuck on its way to the registrar.")))
    said = counted(
        "{number} document did not reach the registrar, or nobody knows whether it did: {cases}.",
        "{number} documents did not reach the registrar, or nobody knows whether they did: {cases}.",
        count,
    )
    cases = ", ".join(one for one, waiting in stuck.items() if waiting)
    remedy = N_("Hand them over by hand, and write that down: the form Lämnat till registratorn, or timglas handed.")
    return alarm(Check.REGISTRAR, said.format(number=number(count), cases=cases), remedy)


def _anchors(now: datetime, world: World) -> Finding:
    cases = [read(one.partition("/")[0], world.timeline) for one in world.outbox.stuck(ANCHOR)]
    lost = {one.incident.id: anchor_lost_at(one, now=now, world=world) for one in cases}
    told = [f"{case} ({clock_time(at)})" for case, at in lost.items() if at is not None and now - at < _REFUSED_FOR]
    if not told:
        return well(Check.ANCHOR, say(N_("The registrar's mailbox has got the checksum of every case.")))
    said = say(
        N_("The registrar's mailbox refused the checksum, or nobody knows whether it came: {cases}."),
        cases=", ".join(told),
    )
    remedy = N_(
        "Ask the registrar, and correct the address in the register: then it is sent again within a quarter of an hour. "
        "Without it nobody outside can show that the case was not rewritten."
    )
    return alarm(Check.ANCHOR, said, remedy)


def _database(fault: str | None) -> Finding:
    if fault is not None:
        said = say(N_("The database cannot be written ({fault})."), fault=fault)
        return alarm(Check.DATABASE, said, N_("Look at the disk and the database server before anything else."))
    return well(Check.DATABASE, say(N_("The database can be read and written.")))


def _disk(world: World) -> Finding:
    free = world.vitals.free_megabytes()
    if free < _LEAST_MEGABYTES:
        said = say(N_("Only {free} megabytes are free where Timglas keeps its data."), free=free)
        return alarm(Check.DISK, said, N_("Make room on the disk: without it nothing can be recorded."))
    return well(Check.DISK, say(N_("{free} megabytes are free."), free=free))


def _watch(beat: Beat | None, now: datetime) -> Finding:
    if beat is None:
        return Finding(check=Check.WATCH, state=State.NOTE, said=say(N_("No independent watch has ever run.")))
    silent = now - beat.started_at
    if silent > WATCH_SILENT:
        said = say(N_("The independent watch has been silent for {time}."), time=duration(silent))
        return alarm(Check.WATCH, said, N_("Start its timer again; see deployments/README.md."))
    return well(Check.WATCH, say(N_("The independent watch is awake.")))
