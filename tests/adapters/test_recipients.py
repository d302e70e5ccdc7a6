from collections.abc import Callable, Iterator
from itertools import islice

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import Engine, text

from adapters.database.engine import writing
from adapters.database.keys import Keyring
from adapters.database.recipients import SealedRecipients
from models.errors import UnknownReference, WrongKey
from models.parties import PostalAddress
from models.recipient import Protection, Recipient

MASTER = bytes(range(32))
COMMUNICATION = "INC-2023-0001-1"
ASTRID = Recipient(
    id="r1",
    name="Astrid Kvistlund-Öberg",
    email="astrid.kvistlund@exempel.se",
    address=PostalAddress(street="Gråsparvsgränd 17", postcode="12345", city="Ängelholm"),
    protection=Protection.SECRECY_MARKED,
)


@pytest.fixture
def recipients(engine: Engine) -> SealedRecipients:
    return SealedRecipients(engine, Keyring(engine, MASTER))


def people(count: int) -> Iterator[Recipient]:
    return (Recipient(id=f"r{number:05}", name=f"Person {number}") for number in range(count))


def test_recipients_are_read_back_whole(recipients: SealedRecipients) -> None:
    assert recipients.keep(COMMUNICATION, [ASTRID]) == 1
    assert list(recipients.read(COMMUNICATION)) == [ASTRID]


def test_recipients_come_in_the_order_of_their_ids_across_batches(recipients: SealedRecipients) -> None:
    backwards = reversed(list(people(2500)))
    assert recipients.keep(COMMUNICATION, backwards) == 2500
    assert [recipient.id for recipient in recipients.read(COMMUNICATION)] == [f"r{number:05}" for number in range(2500)]


def test_the_order_is_that_of_the_bytes_in_every_database(recipients: SealedRecipients) -> None:
    ids = ["ö", "å", "z", "a", "B", "-1", "10", "9"]
    recipients.keep(COMMUNICATION, [Recipient(id=recipient_id, name="x") for recipient_id in ids])
    assert [recipient.id for recipient in recipients.read(COMMUNICATION)] == sorted(ids)


def test_to_keep_again_updates_and_counts_each_person_once(recipients: SealedRecipients) -> None:
    recipients.keep(COMMUNICATION, [ASTRID])
    other = Recipient(id="r1", name="Astrid Öberg", email="ny@exempel.se")
    assert recipients.keep(COMMUNICATION, [other, other, Recipient(id="r2", name="Bo")]) == 2
    first, second = recipients.read(COMMUNICATION)
    assert (first.name, first.email, first.address) == ("Astrid Öberg", "ny@exempel.se", ASTRID.address)
    assert first.protection is Protection.SECRECY_MARKED, "a list that says nothing of it takes no protection away"
    assert second.name == "Bo"


def test_the_same_list_again_leaves_every_byte_and_another_has_another_fingerprint(
    recipients: SealedRecipients,
) -> None:
    recipients.keep(COMMUNICATION, people(2500))
    first = recipients.fingerprint(COMMUNICATION)
    recipients.keep(COMMUNICATION, people(2500))
    assert recipients.fingerprint(COMMUNICATION) == first
    recipients.keep(COMMUNICATION, [Recipient(id="r00007", name="Person 7", deceased=True)])
    assert recipients.fingerprint(COMMUNICATION) != first


def test_protection_is_learnt_from_any_list_and_unlearnt_from_none(recipients: SealedRecipients) -> None:
    def after(*said: Protection) -> Protection:
        for one in said:
            recipients.keep(COMMUNICATION, [Recipient(id="-".join(said), name="x", protection=one)])
        return next(one.protection for one in recipients.read(COMMUNICATION) if one.id == "-".join(said))

    assert after(Protection.UNKNOWN, Protection.NONE) is Protection.NONE
    assert after(Protection.NONE, Protection.UNKNOWN) is Protection.UNKNOWN
    assert after(Protection.SECRECY_MARKED, Protection.NONE) is Protection.SECRECY_MARKED
    assert after(Protection.NONE, Protection.PROTECTED_REGISTRATION) is Protection.PROTECTED_REGISTRATION


def test_an_id_made_of_an_identity_is_always_the_same_here_and_another_elsewhere(recipients: SealedRecipients) -> None:
    name, elsewhere = recipients.namer(COMMUNICATION), recipients.namer("INC-2023-0002-1")
    assert name("198112289874") == recipients.namer(COMMUNICATION)("198112289874")
    assert len({name("198112289874"), name("198112289875"), elsewhere("198112289874")}) == 3
    assert "8112" not in name("198112289874")


def test_an_import_that_broke_is_simply_run_again(recipients: SealedRecipients) -> None:
    def breaking() -> Iterator[Recipient]:
        yield from islice(people(2500), 1500)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        recipients.keep(COMMUNICATION, breaking())
    assert recipients.keep(COMMUNICATION, people(2500)) == 2500
    assert sum(1 for _ in recipients.read(COMMUNICATION)) == 2500


def test_communications_do_not_see_each_other(recipients: SealedRecipients) -> None:
    recipients.keep(COMMUNICATION, [ASTRID])
    recipients.keep("INC-2023-0002-1", [ASTRID.model_copy(update={"email": None})])
    recipients.erase("INC-2023-0002-1")
    assert list(recipients.read(COMMUNICATION)) == [ASTRID]


def test_protected_text_is_not_in_the_database_bytes(
    engine: Engine, recipients: SealedRecipients, database_bytes: Callable[[], bytes]
) -> None:
    recipients.keep(COMMUNICATION, [ASTRID])
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO communication_keys VALUES ('planterad', :key)"), {"key": b"Kontrollord"})
    on_disk = database_bytes()
    assert b"Kontrollord" in on_disk
    assert COMMUNICATION.encode() in on_disk
    for secret in ("Astrid", "Kvistlund", "astrid.kvistlund", "exempel.se", "Gråsparvsgränd", "12345", "secrecy"):
        assert secret.encode() not in on_disk


def test_erased_recipients_cannot_be_read_and_nobody_can_open_the_rows(
    engine: Engine, recipients: SealedRecipients
) -> None:
    recipients.keep(COMMUNICATION, people(3))
    assert recipients.erase(COMMUNICATION) == 3
    with pytest.raises(UnknownReference, match="erased"):
        recipients.read(COMMUNICATION)
    # Somebody who still has the master key makes a new communication key: the sealed rows do not open with it.
    recipients.keep("INC-2023-0002-1", [])
    with writing(engine) as connection:
        connection.execute(
            text(f"INSERT INTO communication_keys SELECT '{COMMUNICATION}', wrapped_key FROM communication_keys")
        )
    with pytest.raises(WrongKey):
        list(recipients.read(COMMUNICATION))


def test_a_fresh_key_for_the_same_communication_does_not_open_the_old_rows(
    engine: Engine, recipients: SealedRecipients
) -> None:
    recipients.keep(COMMUNICATION, [ASTRID])
    recipients.erase(COMMUNICATION)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE elsewhere AS SELECT * FROM recipients"))
        connection.execute(text("DELETE FROM recipients"))
    recipients.keep(COMMUNICATION, [])
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO recipients SELECT * FROM elsewhere"))
    with pytest.raises(InvalidTag):
        list(recipients.read(COMMUNICATION))


def test_the_destroyed_key_is_gone_from_the_database_bytes_too(
    engine: Engine, recipients: SealedRecipients, database_bytes: Callable[[], bytes]
) -> None:
    recipients.keep(COMMUNICATION, [ASTRID])
    with engine.connect() as connection:
        key = bytes(connection.execute(text("SELECT wrapped_key FROM communication_keys")).scalar_one())
    assert key in database_bytes()
    recipients.erase(COMMUNICATION)
    assert key not in database_bytes()


def test_to_erase_again_tells_the_same_count(recipients: SealedRecipients) -> None:
    recipients.keep(COMMUNICATION, people(3))
    assert [recipients.erase(COMMUNICATION), recipients.erase(COMMUNICATION)] == [3, 3]


def test_nothing_is_added_to_an_erased_communication(recipients: SealedRecipients) -> None:
    recipients.keep(COMMUNICATION, people(3))
    recipients.erase(COMMUNICATION)
    with pytest.raises(UnknownReference):
        recipients.keep(COMMUNICATION, [ASTRID])
    assert recipients.count(COMMUNICATION) == 3


def test_an_erasure_in_the_middle_of_a_reading_ends_it(recipients: SealedRecipients) -> None:
    recipients.keep(COMMUNICATION, people(1500))
    reading = recipients.read(COMMUNICATION)
    next(reading)
    recipients.erase(COMMUNICATION)
    with pytest.raises(UnknownReference):
        list(reading)


def test_an_erasure_in_the_middle_of_an_import_ends_it(recipients: SealedRecipients) -> None:
    def interrupted() -> Iterator[Recipient]:
        yield from islice(people(2000), 1000)
        yield ASTRID
        recipients.erase(COMMUNICATION)

    with pytest.raises(UnknownReference):
        recipients.keep(COMMUNICATION, interrupted())
    assert recipients.count(COMMUNICATION) == 1000


def test_what_was_never_kept_is_unknown(recipients: SealedRecipients) -> None:
    with pytest.raises(UnknownReference):
        recipients.read(COMMUNICATION)
    with pytest.raises(UnknownReference):
        recipients.erase(COMMUNICATION)
    assert recipients.count(COMMUNICATION) == 0


@pytest.mark.parametrize(
    "swap",
    [
        "UPDATE recipients SET recipient_id = 'r9' WHERE recipient_id = 'r00001'",
        "UPDATE recipients SET sealed = (SELECT sealed FROM recipients r WHERE r.recipient_id = 'r00000')",
        "UPDATE communication_keys SET wrapped_key = (SELECT wrapped_key FROM communication_keys ORDER BY communication DESC LIMIT 1)",
    ],
)
def test_a_row_or_a_key_moved_elsewhere_does_not_open(engine: Engine, recipients: SealedRecipients, swap: str) -> None:
    recipients.keep(COMMUNICATION, people(2))
    recipients.keep("INC-2023-0002-1", [])
    with writing(engine) as connection:
        connection.execute(text(swap))
    with pytest.raises((InvalidTag, WrongKey)):
        list(recipients.read(COMMUNICATION))


def test_another_master_key_opens_nothing(engine: Engine, recipients: SealedRecipients) -> None:
    recipients.keep(COMMUNICATION, [ASTRID])
    with pytest.raises(WrongKey, match="another master key"):
        SealedRecipients(engine, Keyring(engine, bytes(32))).read(COMMUNICATION)


@pytest.mark.parametrize("length", [0, 16, 31])
def test_a_master_key_of_another_length_is_refused(engine: Engine, length: int) -> None:
    with pytest.raises(ValueError, match="32"):
        Keyring(engine, bytes(length))
