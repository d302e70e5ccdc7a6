import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from models.parties import PostalAddress
from models.recipient import Channel, Protection, Recipient
from tests.services.office import Office

ADDRESS = PostalAddress(street="Storgatan 1", postcode="99140", city="Provköping")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    """An installation where a letter to the people concerned is approved."""
    folder = tmp_path_factory.mktemp("ready") / "home"
    folder.mkdir()
    shutil.copy(migrated, folder / "timglas.sqlite")
    office = Office(folder)
    office.ready_to_write([])
    office.world.timeline._engine.dispose()  # type: ignore[attr-defined]
    return folder


@some.composite
def people(draw: some.DrawFn) -> list[Recipient]:
    ids = draw(
        some.lists(some.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True), min_size=1, max_size=8, unique=True)
    )
    return [
        Recipient(
            id=one,
            name=draw(some.text("Aaåäöéñü -'", min_size=1, max_size=12)),
            email=draw(some.sampled_from((None, f"{one}@post.example"))),
            address=draw(some.sampled_from((None, ADDRESS))),
            protection=draw(some.sampled_from(Protection)),
        )
        for one in ids
    ]


@given(people())
@settings(max_examples=30)
def test_nobody_with_a_protected_identity_is_ever_written_to_openly_whatever_else_is_known(
    ready: Path, listed: list[Recipient]
) -> None:
    with tempfile.TemporaryDirectory() as room:
        office = Office(Path(shutil.copytree(ready, Path(room) / "home")))
        (case,) = office.world.timeline.incidents()
        office.load(case, listed)
        office.release(case, when="2023-05-15 10.00")
        incident = office.send(case, when="2023-05-15 10.05")
        printed = set(office.papers(case))
        sealed = set(office.papers(case, Channel.SEALED))
        office.world.timeline._engine.dispose()  # type: ignore[attr-defined]

    protected = {one.id for one in listed if one.protection is not Protection.NONE}
    open_ones = [one for one in listed if one.protection is Protection.NONE]
    mailed = {address.partition("@")[0] for address in office.post.addresses}
    assert sealed == protected
    assert mailed == {one.id for one in open_ones if one.email}
    assert printed == {one.id for one in open_ones if not one.email and one.address}
    assert incident.completed is not None
    assert incident.completed.recipients == len(listed)
