"""The bar of a sending: it moves while the letters are written, and ends where the run ends."""

import asyncio
from uuid import UUID, uuid4

import pytest

from flows.acts import progress
from models.errors import TransientPostError
from models.facts import Facts
from models.recipient import Recipient
from services.people import print_letters
from services.people.communicate import add_up, communicate
from tests.fakes import PowerCut
from tests.services.office import COMMUNICATION, Office, at, person

NOW = at("2023-05-15 11.05")

Shown = list[tuple[float, str]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What Prefect would show, in its order; the bar is due each millisecond."""
    bars, bar = Shown(), uuid4()

    async def create(share: float, *, key: str, description: str) -> UUID:
        assert not bars, "a run has one bar"
        assert key == "utskick-inc-2023-0001"
        bars.append((share, description))
        return bar

    async def update(artifact: UUID, share: float, *, description: str) -> None:
        assert artifact == bar
        bars.append((share, description))

    monkeypatch.setattr(progress, "acreate_progress_artifact", create)
    monkeypatch.setattr(progress, "aupdate_progress_artifact", update)
    monkeypatch.setattr(progress, "_EVERY_SECONDS", 0.001)
    return bars


async def waited(shown: Shown) -> None:
    """Wait as long as a sending takes that has a bar."""
    for _ in range(10_000):
        if shown:
            return
        await asyncio.sleep(0.001)


def released(office: Office, people: list[Recipient]) -> str:
    case = office.ready_to_write(people)
    office.release(case, when="2023-05-15 11.00")
    return case


def test_it_moves_while_letters_are_written_on_paper_and_ends_full(
    office: Office, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_letters, "_AT_A_TIME", 20)
    case = released(office, [person(number, email=False) for number in range(1, 1201)])

    async def write() -> None:
        async with progress.Progress(case, office.world):
            await add_up(case, now=NOW, world=office.world)

    asyncio.run(write())
    shares = [share for share, _ in shown]
    assert len(set(shares)) >= 3
    assert shares == sorted(shares)
    assert any(0 < share < 100 for share in shares), "it was shown beside the work"
    assert shown[-1] == (100.0, "1\u00a0200 brev på papper är skrivna.")


def test_e_mail_and_paper_are_told_apart(office: Office, shown: Shown) -> None:
    case = released(office, [person(1), person(2), person(3, email=False)])

    async def send() -> None:
        async with progress.Progress(case, office.world):
            await waited(shown)
            await communicate(case, now=NOW, world=office.world)

    asyncio.run(send())
    assert shown[-1] == (100.0, "2 av 2 mejl är klara. 1 brev på papper är skrivna.")


def test_of_a_later_letter_only_its_own_messages_are_counted(office: Office, shown: Shown) -> None:
    case = released(office, [person(1), person(2)])
    office.send(case, when="2023-05-15 11.05")
    office.facts(case, Facts(told_news="Angriparna har lagt ut uppgifterna."), when="2023-05-16 09.00")
    office.drafted(case, COMMUNICATION, when="2023-05-16 10.00")
    office.release(case, when="2023-05-16 10.30")
    office.post.unreachable = True

    async def send() -> None:
        async with progress.Progress(case, office.world):
            await waited(shown)
            with pytest.raises(TransientPostError):
                await communicate(case, now=at("2023-05-16 11.00"), world=office.world)

    asyncio.run(send())
    assert shown[-1] == (0.0, "0 av 2 mejl är klara.")


def test_a_run_that_fails_shows_no_more(office: Office, shown: Shown) -> None:
    case = released(office, [person(1)])

    async def fail() -> None:
        async with progress.Progress(case, office.world):
            raise PowerCut

    with pytest.raises(PowerCut):
        asyncio.run(fail())
    assert shown == []


def test_a_sending_that_is_over_sooner_than_a_bar_is_due_shows_none(
    office: Office, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_EVERY_SECONDS", 3600.0)
    case = released(office, [person(1)])

    async def send() -> None:
        async with progress.Progress(case, office.world):
            await communicate(case, now=NOW, world=office.world)

    asyncio.run(send())
    assert office.incident(case).completed is not None
    assert shown == []
