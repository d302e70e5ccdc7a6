from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE

import pytest
from pydantic import SecretStr

from adapters.files import master_key, read_policy, read_register
from adapters.settings import Settings
from letters.language import explain
from models.errors import UnknownReference, WrongKey
from models.parties import Role


def test_the_register_that_comes_along_can_be_read() -> None:
    register = read_register(Settings().parties)
    assert [party.id for party in register.controllers] == [
        "kommunstyrelsen",
        "barn-och-utbildningsnamnden",
        "ordningsverket",
    ]
    assert register.party("rekryteringssystem").name == "Rekryteringssystem AB"


def test_every_role_in_the_register_that_comes_along_is_borne_by_somebody_in_it() -> None:
    register = read_register(Settings().parties)
    for party in (*register.controllers, *register.processors):
        for actor in party.roles.values():
            assert register.person(actor).email


def test_the_policy_that_comes_along_can_be_read_and_answers_for_every_duty() -> None:
    policy = read_policy(Settings().policy)
    notification = policy.plan("kommunstyrelsen", "gdpr.33.1")
    assert notification.steps.before == (48, 24, 12, 6, 2)
    assert notification.steps.after == (0, 6)
    assert policy.plan("kommunstyrelsen", "gdpr.33.4").steps.before != notification.steps.before
    assert policy.plan("kommunstyrelsen", "a.duty.of.tomorrow").steps == policy.deadlines["default"]
    assert policy.plan("kommunstyrelsen", "decision").to == (Role.DELEGATE, Role.INCIDENT_MANAGER)
    assert list(notification.steps.call_before) == [Role.STAND_IN, Role.HEAD_OF_ADMINISTRATION, Role.ON_CALL]


@pytest.mark.parametrize(
    "content, names",
    [
        ("controllers: [", "expected"),
        ("controllers: []\n", "people"),
        ("controllers: []\npeople: []\nfriends: []\n", "friends"),
        ("controllers: [{id: Stor Bokstav}]\npeople: []\n", "controllers.0.id"),
        ("", "dictionary"),
    ],
)
def test_a_register_that_cannot_be_read_is_refused_with_the_file_and_the_place(
    tmp_path: Path, content: str, names: str
) -> None:
    file = tmp_path / "parter.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(UnknownReference, match=r"parter\.yaml") as refusal:
        read_register(file)
    assert names in str(refusal.value)
    assert str(tmp_path) not in str(refusal.value)
    assert "parter.yaml" in explain(refusal.value)


def test_a_register_that_is_not_there_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(UnknownReference, match=r"parter\.yaml"):
        read_register(tmp_path / "parter.yaml")


def test_a_refused_register_does_not_repeat_what_stood_in_it(tmp_path: Path) -> None:
    file = tmp_path / "parter.yaml"
    file.write_text("controllers: []\npeople: [{id: 'Hemliga Hanna', name: 7}]\n", encoding="utf-8")
    with pytest.raises(UnknownReference) as refusal:
        read_register(file)
    assert "Hanna" not in str(refusal.value)


def test_the_master_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    home = tmp_path / "hem"
    key = master_key(Settings(home=home))
    assert len(key) == 32
    assert master_key(Settings(home=home)) == key
    assert S_IMODE((home / "master.key").stat().st_mode) == 0o600


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert master_key(Settings(home=tmp_path / "a")) != master_key(Settings(home=tmp_path / "b"))


def test_of_those_who_ask_for_a_new_key_at_the_same_moment_all_get_the_same(tmp_path: Path) -> None:
    for attempt in range(20):
        home = tmp_path / str(attempt)
        with ThreadPoolExecutor(4) as pool:
            keys = set(pool.map(lambda _, home=home: master_key(Settings(home=home)), range(4)))  # type: ignore[misc]
        assert [len(key) for key in keys] == [32]


def test_the_master_key_may_come_from_the_environment_or_a_file_and_then_none_is_made(tmp_path: Path) -> None:
    elsewhere = tmp_path / "hemlig"
    elsewhere.write_text(f"{'ab' * 32}\n", encoding="ascii")
    home = tmp_path / "hem"
    assert master_key(Settings(home=home, master_key=SecretStr("cd" * 32))) == bytes.fromhex("cd" * 32)
    assert master_key(Settings(home=home, master_key_file=elsewhere)) == bytes.fromhex("ab" * 32)
    assert not (home / "master.key").exists()


@pytest.mark.parametrize("wrong", ["", "hemligt", "ab" * 31, f"{'ab' * 32}zz"])
def test_a_master_key_that_is_none_is_refused_and_never_repeated(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(WrongKey) as refusal:
        master_key(Settings(home=tmp_path, master_key=SecretStr(wrong)))
    assert not wrong or wrong not in str(refusal.value)
    with pytest.raises(WrongKey):
        master_key(Settings(home=tmp_path, master_key_file=tmp_path / "finns-inte"))
