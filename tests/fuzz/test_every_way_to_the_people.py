"""Whatever becomes of the letters, and whoever says what when: nobody gets two, none goes where it must not, nobody is lost.

Rules drawn by Hypothesis over the real services and a real database; the paper is plain, and the power may go at any change.
"""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import Phase as Part
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from adapters.database.engine import engine, migrate
from models.communication_events import CommunicationStarted
from models.delivery import End, ReturnReason, Settlement
from models.errors import TimglasError
from models.facts import Facts
from models.incident import Incident
from models.instants import local
from models.recipient import Channel, DeliveryState, Dispatch, Guardian, Protection, Recipient, is_known
from models.route import whose
from models.sheet import Batch, Place
from services.people.batches import batch_of, batches_of, file_name, in_no_batch, require_posted
from services.people.communicate import communicate
from services.people.load_recipients import load_recipients
from services.people.lying import unposted
from services.people.post_batch import post_batch
from services.people.print_again import again_of, print_again
from services.people.print_batch import forwarding_of, print_batch
from services.people.return_letters import return_letters
from services.people.returned import reopen_returned
from services.record import read
from tests.fakes import Listed, PowerCut, refused, uncertain
from tests.plain_paper import PlainPress, PlainRoom, Power
from tests.services.office import COMMUNICATION, DELEGATE, OFFICER, Office, at, person
from tests.small_world import PlainPrinter

START, CASE = at("2023-05-15 11.00"), "INC-2023-0001"
PRINTED = (Channel.PAPER, Channel.MAILBOX, Channel.SEALED)


def guardian(number: int, *, email: bool = False, protection: Protection = Protection.NONE) -> Guardian:
    one = person(number, email=email)
    return Guardian(name=one.name, email=one.email, address=one.address, protection=protection)


def child(number: int, *guardians: Guardian, email: bool = False) -> Recipient:
    return person(number, email=email).model_copy(update={"born": date(2015, 1, 1), "guardians": guardians})


MOTHER, FATHER = guardian(21, email=True), guardian(22)
HIDDEN = guardian(31, protection=Protection.SECRECY_MARKED)
PEOPLE = [
    person(1),
    person(2, paper=False),
    person(3, email=False),
    person(4, email=False),
    person(5, email=False).model_copy(update={"number": "191212121212", "mailbox": True}),
    person(6, protection=Protection.SECRECY_MARKED),
    person(7, protection=Protection.UNKNOWN),
    child(8, MOTHER, FATHER),
    child(9, FATHER, email=True),
    child(10),
    person(21, email=False),
    person(22),
]
LATER = [person(11), person(12, email=False), child(13, MOTHER)]
CHILDREN = {one.id for one in (*PEOPLE, *LATER) if one.born}
CHANGES: list[Callable[[Recipient], dict[str, Any]]] = [
    lambda _: {"protection": Protection.PROTECTED_REGISTRATION},
    lambda _: {"protection": Protection.UNKNOWN},
    lambda _: {"deceased": True},
    lambda one: {"email": f"{one.id}@ny.example", "address": person(int(one.id[1:]) + 100).address},
    lambda one: {"guardians": (*one.guardians, HIDDEN)} if one.born else {"protection": Protection.SECRECY_MARKED},
    lambda one: {"guardians": (MOTHER, FATHER)} if one.born else {"protection": Protection.SECRECY_MARKED},
]
CHANGED = st.builds(
    lambda one, nth: one.model_copy(update=CHANGES[nth](one)),
    st.sampled_from([*PEOPLE, *PEOPLE[-5:]]),
    st.integers(0, len(CHANGES) - 1),
)


@cache
def ready() -> Path:
    """An office whose letter is approved, with its list: all that is left is to release it."""
    folder = Path(mkdtemp())
    made = engine(f"sqlite:///{folder / 'timglas.sqlite'}")
    migrate(made)
    made.dispose()
    assert Office(folder).ready_to_write(PEOPLE) == CASE
    return folder


class EveryWayToThePeople(RuleBasedStateMachine):
    """A refusal is an answer, a power cut one that was asked for; any other exception is a fault."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp()) / "office"
        shutil.copytree(ready(), self.folder)
        self.office, self.power = Office(self.folder), Power()
        world, part = self.office.world, self.power.part
        self.office.world = self.world = replace(
            world,
            timeline=part(world.timeline, "append"),
            recipients=part(world.recipients, "put", "keep", "erase", "clear"),
            outbox=part(world.outbox, "settle", "record", "queue"),
            printed=part(world.printed, "keep", "keep_batch", "rewritten", "post"),
            print_room=part(PlainRoom(), "write", "pack", "clear"),
            press=PlainPress,
            printer=PlainPrinter(),
        )
        self.now, self.goes_at, self.mails = START, 0, 0
        self.acts: list[Callable[[], object]] = []
        self.protected, self.dead = frozenset({"s0006"}), frozenset[str]()
        self.let_in = self.protected, self.dead
        self.posted: set[tuple[str, str, Channel]] = set()

    @property
    def incident(self) -> Incident:
        return self.office.incident(CASE)

    @property
    def when(self) -> str:
        return f"{local(self.now):%Y-%m-%d %H.%M}"

    def later(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def step(self, act: Callable[[], object]) -> None:
        self.acts.append(act)
        self.power.left, self.goes_at = self.goes_at, 0
        self.take(act)

    def take(self, act: Callable[[], object]) -> None:
        with suppress(TimglasError, PowerCut):
            act()
        self.power.left = 0
        new, self.mails = self.office.post.addresses[self.mails :], len(self.office.post.addresses)
        own = {address.partition("@")[0] for address in new} - {"s0021", "s0022"}  # these are guardians, too
        assert not own & self.protected, "a mail to who is known to be protected"

    # the acts

    @initialize(
        answers=st.dictionaries(
            st.sampled_from(["s0001", "s0002", "s0021", "s0022", "s0009"]), st.booleans(), max_size=2
        )
    )
    def begin(self, answers: dict[str, bool]) -> None:
        for name, sure in answers.items():
            self.office.post.answers[f"{name}@post.example"] = refused() if sure else uncertain()
        self.release(new=False)
        self.sweep()

    @rule(at_change=st.integers(1, 6))
    def let_the_power_go(self, at_change: int) -> None:
        self.goes_at = at_change

    @rule(back=st.integers(1, 3))
    def take_the_same_step_again(self, back: int) -> None:
        """Somebody, or the engine after a crash, with the same ``now``."""
        if len(self.acts) >= back:
            self.take(self.acts[-back])

    @rule()
    def sweep(self) -> None:
        now = self.later()
        self.step(lambda: self.swept(now))

    def swept(self, now: datetime) -> None:
        """What a sweep does of it: take in what came back, and send on."""
        if reopen_returned(CASE, now=now, world=self.world).is_sending:
            asyncio.run(communicate(CASE, now=now, world=self.world))

    @rule(
        changed=st.lists(CHANGED, min_size=1, max_size=3),
        new=st.lists(st.sampled_from(LATER), max_size=1),
        anew=st.booleans(),
    )
    def load(self, changed: list[Recipient], new: list[Recipient], *, anew: bool) -> None:
        people, now = list({one.id: one for one in (*changed, *new)}.values()), self.later()

        def act() -> None:
            load_recipients(CASE, listed=Listed(people), replace=anew, by=OFFICER, now=now, world=self.world)
            self.learn(people, *(self.let_in if anew else (self.protected, self.dead)))

        self.step(act)
        self.acts.clear()  # to take in an older list again would be to take in another one

    def learn(self, people: list[Recipient], protected: frozenset[str], dead: frozenset[str]) -> None:
        hidden = {one.name for each in people for one in (each, *each.guardians) if is_known(one.protection)}
        family = (one for one in (*PEOPLE, *people) if one.born)
        kin = {one.id for one in family if hidden & {one.name, *(each.name for each in one.guardians)}}
        self.protected = protected | kin | {one.id for one in people if is_known(one.protection)}
        self.dead = dead | {one.id for one in people if one.deceased}

    @rule(new=st.booleans())
    def release(self, *, new: bool) -> None:
        self.later()

        def act() -> None:
            if new:
                self.office.facts(CASE, Facts(told_news=f"Nytt {self.when}."), when=self.when)
                self.office.drafted(CASE, COMMUNICATION, when=self.when)
            self.office.release(CASE, when=self.when)
            self.let_in = self.protected, self.dead

        self.step(act)

    @rule(channel=st.sampled_from([Channel.PAPER, *PRINTED]))
    def take_out(self, channel: Channel) -> None:
        now = self.later()
        self.step(lambda: self.taken_out(channel, now))

    def taken_out(self, channel: Channel, now: datetime) -> None:
        by, code = OFFICER, None
        if channel is Channel.SEALED:
            by, subject = DELEGATE, forwarding_of(CASE, by=DELEGATE, world=self.world)
            code = self.world.codes.make(subject.digest, by, now)
        known = len(batches_of(self.incident, self.world))
        made = print_batch(CASE, channel=channel, code=code, by=by, now=now, world=self.world)
        if made.number > known:
            self.look_into(made)

    def places(self, batch: Batch) -> tuple[str, list[Place]]:
        release = batch_of(self.incident, batch.number, self.world).release
        ledger = self.world.printed.ledger(release.communication, release.sha256, batch.number)
        return release.sha256, [one for one in ledger if one.first_page]

    def look_into(self, batch: Batch) -> None:
        people = {whose(one.key) for one in self.places(batch)[1]}
        assert not people & self.dead, "a letter to who is known to be dead"
        assert batch.channel is Channel.SEALED or not people & self.protected, "an open letter to who is protected"

    @rule(number=st.integers(1, 4), lost=st.booleans())
    def take_out_again(self, number: int, *, lost: bool) -> None:
        now = self.later()
        if lost:
            self.world.print_room.clear(file_name(CASE, number))
        self.step(lambda: self.taken_out_again(number, now))

    def taken_out_again(self, number: int, now: datetime) -> None:
        subject, held = again_of(CASE, number, by=DELEGATE, world=self.world), self.holds(number)
        code = self.world.codes.make(subject.digest, DELEGATE, now)
        print_again(CASE, batch=number, reasoning="Borta.", code=code, by=DELEGATE, now=now, world=self.world)
        if not held:
            self.look_into(batch_of(self.incident, number, self.world).batch)

    def holds(self, number: int) -> bool:
        return self.world.print_room.holds(file_name(CASE, number))

    @rule(number=st.integers(1, 4))
    def take_to_the_post(self, number: int) -> None:
        now = self.later()
        self.step(lambda: self.taken_to_the_post(number, now))

    def taken_to_the_post(self, number: int, now: datetime) -> None:
        known = self.incident.posted
        if number not in known and not self.holds(number):
            return  # nobody posts what is not there
        try:
            post_batch(CASE, batch=number, posted_at=now, by=OFFICER, now=now, world=self.world)
        finally:
            if number in self.incident.posted.keys() - known.keys():
                batch = batch_of(self.incident, number, self.world).batch
                letter, places = self.places(batch)
                self.posted |= {(letter, one.key, batch.channel) for one in places}

    @rule(batch=st.integers(1, 4), letter=st.integers(1, 5))
    def bring_back(self, batch: int, letter: int) -> None:
        now, said = self.later(), {"marks": f"{batch}-{letter:06}", "reason": ReturnReason.MOVED}
        self.step(lambda: return_letters(CASE, **said, by=OFFICER, now=now, world=self.world))

    @rule(nth=st.integers(0, 99))
    def bounce(self, nth: int) -> None:
        sent = [
            Dispatch(communication=release.communication, recipient=key, letter_sha256=release.sha256)
            for release in self.incident.releases
            for (key, _), state in self.world.outbox.states(release.communication, release.sha256).items()
            if state is DeliveryState.SENT
        ]
        back = [(one, End(DeliveryState.REFUSED, "5.1.1")) for one in sent[nth % max(len(sent), 1) :][:1]]
        self.world.outbox.settle(back, now=self.now)

    @rule(what=st.sampled_from([*Settlement, "halt", "resume"]))
    def decide(self, what: str) -> None:
        self.later()
        acts = {"halt": self.office.halt, "resume": self.office.resume}
        settle = self.office.settled
        act = acts.get(what, lambda case, when: settle(case, Settlement(what), when=when))
        self.step(lambda: act(CASE, when=self.when))

    # the end

    def teardown(self) -> None:
        try:
            self.bring_to_its_end()
            self.everybody_has_an_end()
            for release in self.incident.releases:
                self.nobody_has_two_letters(release)
        finally:
            shutil.rmtree(self.folder.parent)

    def bring_to_its_end(self) -> None:
        self.office.post.answers.clear()
        self.goes_at = length = 0
        while length < (length := self.incident.length):
            self.now += timedelta(hours=8)
            self.decide("resume")
            self.decide(Settlement.ARRIVED)
            self.swept(self.later())
            for channel in PRINTED:
                self.take_out(channel)
            for batch in (one.batch for one in batches_of(self.incident, self.world)):
                if (
                    batch.posted_at is None
                    and batch.number not in self.incident.posted
                    and not self.holds(batch.number)
                ):
                    self.take_out_again(batch.number, lost=True)
                self.take_to_the_post(batch.number)
            self.swept(self.later())
            if self.incident.found is not None:
                self.release(new=False)

    def everybody_has_an_end(self) -> None:
        incident = self.incident
        assert incident.completed is not None, "it never comes to its end"
        assert incident.found is None, "nobody can let in who was found"
        require_posted(incident, self.world)
        assert (incident.unposted, in_no_batch(incident, self.world)) == (0, 0)
        late = self.now + timedelta(days=30)
        assert unposted(read(CASE, self.world.timeline), now=late, world=self.world) is None
        went = sum(one.letters for one in incident.posted.values()) + sum(map(len, incident.left_out.values()))
        assert sum(told.printed or 0 for told in incident.told) == went, "each letter is posted or left out, once"
        payloads = "".join(payload for _, _, payload, _ in self.world.timeline.rows(CASE))
        assert not [word for word in ("s00", "Sökande", "Storgatan", "post.example") if word in payloads]

    def nobody_has_two_letters(self, release: CommunicationStarted) -> None:
        mailed = self.world.outbox.states(release.communication, release.sha256)
        printed = self.world.outbox.states(f"{release.communication}/post", release.sha256)
        left = {(key, channel) for letter, key, channel in self.posted if letter == release.sha256}
        assert {one for one, state in printed.items() if state is DeliveryState.SENT} <= left, "one that never left"
        assert all(printed[one] in (DeliveryState.SENT, DeliveryState.RETURNED) for one in left), "one that left"
        had = [one for states in (mailed, printed) for one, state in states.items() if state is DeliveryState.SENT]
        for who in {whose(key) for key, _ in had}:
            ways = [channel for key, channel in had if whose(key) == who]
            assert len(ways) == 1 or (who in CHILDREN and Channel.SEALED not in ways), "two letters"


TestEveryWayToThePeople = EveryWayToThePeople.TestCase
TestEveryWayToThePeople.settings = settings(
    max_examples=30,
    stateful_step_count=12,
    phases=(Part.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
