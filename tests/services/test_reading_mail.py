import asyncio
import os
import time
from datetime import datetime, timedelta

import pytest

from models.errors import TransientPostError, UnreadableFacts
from models.mail import Incoming
from services.ports.world import World
from services.sweep.read_mail import Reader, read_mail
from tests.fakes import PowerCut, later
from tests.services.office import Office, at

NOW = at("2026-11-25 09.00")


def drop(office: Office, text: str) -> None:
    path = office.folder / "inkorg" / f"{text}.eml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"From: nagon@post.example\nSubject: {text}\n\n{text}\n")
    os.utime(path, (time.time() - 60,) * 2)


def takes(word: str, taken: list[str], *, raising: Exception | None = None) -> Reader:
    async def reader(message: Incoming, _now: datetime, _world: World) -> bool:
        if word not in message.text:
            return False
        if raising:
            raise raising
        taken.append(message.text.strip())
        return True

    return reader


def read(office: Office, *readers: Reader, now: datetime = NOW) -> int:
    return asyncio.run(read_mail(now=now, world=office.world, readers=readers))


def asides(office: Office) -> list[str]:
    return [waiting.why for waiting in office.world.mailbox.aside()]


def test_the_first_reader_that_knows_a_message_takes_it_and_nobody_else_sees_it(office: Office) -> None:
    first: list[str] = []
    second: list[str] = []
    for text in ("studs", "kvittens", "studs och kvittens"):
        drop(office, text)
    assert read(office, takes("studs", first), takes("kvittens", second)) == 3
    assert sorted(first) == ["studs", "studs och kvittens"]
    assert second == ["kvittens"]
    assert read(office, takes("studs", first)) == 0
    assert asides(office) == []


def test_what_no_reader_knows_is_put_aside_for_a_person(office: Office) -> None:
    drop(office, "Grattis, du har vunnit")
    assert read(office, takes("studs", [])) == 1
    assert asides(office) == ["not_understood"]


def test_what_a_reader_cannot_make_sense_of_is_put_aside_under_the_name_of_the_refusal(office: Office) -> None:
    drop(office, "kvittens")
    nonsense = UnreadableFacts("No.", why="No.", remedy="No.")
    assert read(office, takes("kvittens", [], raising=nonsense)) == 1
    assert asides(office) == ["UnreadableFacts"]


@pytest.mark.parametrize("fault", [later(), PowerCut()])
def test_what_may_go_better_later_is_tried_again_and_stops_no_other_message(office: Office, fault: Exception) -> None:
    taken: list[str] = []
    drop(office, "studs")
    drop(office, "kvittens")
    with pytest.raises(ExceptionGroup) as told:
        read(office, takes("studs", [], raising=fault), takes("kvittens", taken))
    assert list(told.value.exceptions) == [fault]
    assert taken == ["kvittens"]
    assert read(office, takes("studs", taken), now=NOW + timedelta(minutes=15)) == 1
    assert taken == ["kvittens", "studs"]


def test_a_mailbox_that_cannot_be_reached_is_a_fault_that_passes(office: Office) -> None:
    class Gone:
        def claim(self, now: datetime) -> list[Incoming]:
            raise later()

    with pytest.raises(ExceptionGroup) as told:
        read(office.with_parts(mailbox=Gone()))
    assert told.group_contains(TransientPostError)
