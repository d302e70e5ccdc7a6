import asyncio
import random
import time
from pathlib import Path

from models.delivery import End
from models.recipient import DeliveryState
from services.people.communicate import add_up
from services.people.settle_uncertain import uncertain_of
from services.record import read
from tests.faults.sending import LATER, Sending, ended_well, kill, recorder, released

MANY, KILLS, MOST_IN_FLIGHT = 10_000, 50, 200
MOST_A_CHILD = MANY // KILLS - 1
"""However long a child is left alone, there are some for the next."""
_SECONDS_A_MESSAGE = 0.004


def left(sending: Sending) -> int:
    return sending.states()[DeliveryState.WAITING]


def test_ten_thousand_letters_and_fifty_kills_lose_nobody_and_reach_nobody_twice_unseen(
    sqlite_url: str, tmp_path: Path
) -> None:
    chance = random.Random(34)
    with recorder(tmp_path, seconds=_SECONDS_A_MESSAGE) as server:
        sending = released(sqlite_url, tmp_path, MANY, server.port)
        in_flight = 0
        for number in range(KILLS):
            server.take_at_most((number + 1) * MOST_A_CHILD)
            child = sending.start()
            time.sleep(chance.uniform(0.05, 0.3))
            kill(child)
            claimed = sending.states()[DeliveryState.CLAIMED]
            assert claimed - in_flight <= MOST_IN_FLIGHT
            in_flight = claimed
        server.take_at_most(2 * MANY)
        assert ended_well([sending.start()])

        world = sending.world()
        asyncio.run(add_up(sending.case, now=LATER, world=world))
        sent, doubtful = sending.of(DeliveryState.SENT), sending.of(DeliveryState.UNCERTAIN)
        taken = server.taken()
        assert len(sent) + len(doubtful) == MANY, "the sum comes out"
        assert sum(sending.states().values()) == MANY
        assert sent <= set(taken), "whoever is recorded as sent to was sent to"
        assert set(taken) <= sent | doubtful, "whoever was sent to is recorded, or said to be uncertain"
        assert {who for who, times in taken.items() if times > 1} == set(), "nobody was sent to twice"
        assert 0 < len(doubtful) == in_flight <= KILLS * MOST_IN_FLIGHT
        assert read(sending.case, world.timeline).incident.uncertain == len(doubtful), "and a person is told"

        doubts = uncertain_of(read(sending.case, world.timeline).incident, world)
        again = [(doubt.dispatch, End(DeliveryState.WAITING)) for doubt in doubts]
        world.outbox.settle(again, now=LATER)
        sending.send(now=LATER)
        completed = asyncio.run(add_up(sending.case, now=LATER, world=world)).completed
        assert completed is not None
        assert completed.emailed == MANY
        taken = server.taken()
        assert set(taken) == sent | doubtful, "everybody has it in the end"
        assert {who for who, times in taken.items() if times > 1} <= doubtful
