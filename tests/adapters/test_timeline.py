from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from adapters.database.engine import engine as make_engine
from adapters.database.engine import writing
from adapters.database.timeline import AT_A_TIME, SqlTimeline
from models.base import ENGINE
from models.breach_events import (
    AwarenessCorrected,
    AwarenessEstablished,
    BreachReported,
    FactsEstablished,
    Risk,
    RiskDecided,
)
from models.chain import GENESIS, first_broken
from models.communication_events import CommunicationStarted, DeliveriesReturned
from models.errors import TimelineConflict, UnknownReference
from models.events import Event
from models.facts import Facts
from models.filing_events import LetterDrafted
from models.overview import Look
from models.record_events import IncidentClosed
from models.recorded import Recorded
from models.replay import replay

MONDAY = datetime(2023, 5, 8, 14, 10, tzinfo=UTC)
CASE = "INC-2023-0001"


@pytest.fixture
def timeline(engine: Engine) -> SqlTimeline:
    return SqlTimeline(engine)


def at(hours: float) -> dict[str, object]:
    moment = MONDAY + timedelta(hours=hours)
    return {"occurred_at": moment, "recorded_at": moment, "recorded_by": "anna.berg"}


def reported(
    incident_id: str = CASE, *, family: str = "rekrytering-2023", party: str = "bun", hours: float = 0
) -> Event:
    return BreachReported(
        incident_id=incident_id,
        party=party,
        owed_as="controller",
        family=family,
        summary="Rekryteringssystemet ligger nere.",
        source="leverantörens anmälan",
        **at(hours),
    )


def aware(hours: float = 1) -> Event:
    return AwarenessEstablished(aware_at=MONDAY, evidence="anmälan", reasoning="rimlig visshet", **at(hours))


def drafted(hours: float) -> Event:
    return LetterDrafted(letter="notice", sha256="ab" * 32, **at(hours) | {"recorded_by": ENGINE})


def story() -> list[Event]:
    return [
        reported(),
        aware(),
        FactsEstablished(facts=Facts(), source="driftloggen", **at(2)),
        drafted(2),
        RiskDecided(level=Risk.UNLIKELY, reasoning="Inget tyder på läcka.", **at(3)),
        AwarenessCorrected(aware_at=MONDAY - timedelta(hours=1), supersedes=2, because="fel", evidence="logg", **at(4)),
    ]


def execute(engine: Engine, statement: str, **values: object) -> None:
    with writing(engine) as connection:
        connection.execute(text(statement), values)


def views(engine: Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT * FROM incident_view ORDER BY incident_id"))]


def test_what_is_appended_is_read_back_word_for_word(timeline: SqlTimeline) -> None:
    first, *rest = story()
    timeline.append(CASE, expected=0, events=[first])
    timeline.append(CASE, expected=1, events=rest)
    assert timeline.read(CASE) == (first, *rest)


def test_to_append_nothing_writes_nothing(timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=[])
    assert timeline.rows(CASE) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE timeline SET payload = '{}'",
        "UPDATE timeline SET hash = hash WHERE sequence = 2",
        "DELETE FROM timeline",
    ],
)
def test_update_and_delete_on_the_timeline_fail(engine: Engine, timeline: SqlTimeline, statement: str) -> None:
    timeline.append(CASE, expected=0, events=story())
    stored = timeline.rows(CASE)
    with pytest.raises(IntegrityError, match="append-only"):
        execute(engine, statement)
    assert timeline.rows(CASE) == stored


def test_no_other_door_leads_to_a_change(engine: Engine, timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=story())
    stored = timeline.rows(CASE)
    columns = "incident_id, sequence, type, payload, occurred_at, recorded_at, recorded_by, previous_hash, hash"
    same = columns.replace("payload", "'{}'")
    door = {
        "sqlite": f"INSERT OR REPLACE INTO timeline ({columns}) SELECT {same} FROM timeline",
        "postgresql": "TRUNCATE timeline",
    }
    with pytest.raises(IntegrityError, match="append-only"):
        execute(engine, door[engine.dialect.name])
    assert timeline.rows(CASE) == stored


def test_a_second_writer_with_the_same_expected_length_is_refused_and_leaves_nothing(
    engine: Engine, timeline: SqlTimeline
) -> None:
    timeline.append(CASE, expected=0, events=story()[:3])
    stored, seen = timeline.rows(CASE), views(engine)
    with pytest.raises(TimelineConflict, match="try again"):
        timeline.append(CASE, expected=2, events=[drafted(3), drafted(4)])
    assert timeline.rows(CASE) == stored
    assert views(engine) == seen


def test_a_writer_ahead_of_the_timeline_is_refused(timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=[reported()])
    with pytest.raises(TimelineConflict):
        timeline.append(CASE, expected=2, events=[aware()])
    assert len(timeline.rows(CASE)) == 1


def test_of_writers_at_the_same_moment_one_wins_and_the_others_are_told(timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=[reported()])
    together = Barrier(4)

    def write(writer: int) -> bool:
        together.wait()
        try:
            timeline.append(CASE, expected=1, events=[aware(writer), drafted(writer)])
        except TimelineConflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(write, range(4)))
    assert won.count(True) == 1
    assert timeline.read(CASE) == (reported(), aware(won.index(True)), drafted(won.index(True)))


def test_the_second_half_of_an_append_takes_the_first_with_it(engine: Engine, timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=[reported()])
    execute(engine, "DROP TABLE incident_view")
    with pytest.raises(DBAPIError, match="incident_view"):
        timeline.append(CASE, expected=1, events=[aware()])
    assert len(timeline.rows(CASE)) == 1


def test_two_intakes_of_the_same_notice_cannot_open_two_incidents(timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=[reported()])
    with pytest.raises(TimelineConflict):
        timeline.append("INC-2023-0002", expected=0, events=[reported("INC-2023-0002")])
    assert timeline.rows("INC-2023-0002") == []
    assert timeline.incidents() == (CASE,)


@pytest.mark.parametrize("first", [aware(), reported("INC-2023-0009")])
def test_a_timeline_begins_with_the_report_of_its_own_breach(timeline: SqlTimeline, first: Event) -> None:
    with pytest.raises(UnknownReference, match=CASE):
        timeline.append(CASE, expected=0, events=[first])
    assert timeline.rows(CASE) == []


def test_the_chain_verifies_across_appends_and_starts_at_the_genesis(engine: Engine, timeline: SqlTimeline) -> None:
    for expected, recorded in enumerate(story()):
        timeline.append(CASE, expected=expected, events=[recorded])
    rows = timeline.rows(CASE)
    assert first_broken(rows) is None
    with engine.connect() as connection:
        previous = connection.execute(text("SELECT previous_hash FROM timeline ORDER BY sequence")).scalars().all()
    assert previous == [GENESIS, *(digest for _, _, _, digest in rows[:-1])]


@pytest.mark.parametrize("place", [1, 4, 6])
def test_one_changed_payload_byte_is_found(engine: Engine, timeline: SqlTimeline, place: int) -> None:
    timeline.append(CASE, expected=0, events=story())
    for opening in {
        "sqlite": ["DROP TRIGGER timeline_refuses_UPDATE"],
        "postgresql": ["ALTER TABLE timeline DISABLE TRIGGER USER"],
    }[engine.dialect.name]:
        execute(engine, opening)
    swap = "UPDATE timeline SET payload = replace(payload, '2023-05-08', '2023-05-07') WHERE sequence = :place"
    execute(engine, swap, place=place)
    assert first_broken(timeline.rows(CASE)) == place


def test_replaying_every_prefix_of_a_stored_timeline_gives_an_incident_of_that_length(timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=story())
    events = timeline.read(CASE)
    for length in range(len(events) + 1):
        assert replay(events[:length]).length == length


def test_every_stored_column_says_what_the_payload_says(engine: Engine, timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=story())
    columns = "SELECT type, recorded_by FROM timeline ORDER BY sequence"
    with engine.connect() as connection:
        stored = [tuple(row) for row in connection.execute(text(columns))]
    assert stored == [(event.type, event.recorded_by) for event in story() if isinstance(event, Recorded)]


def test_an_unknown_incident_has_no_timeline(timeline: SqlTimeline) -> None:
    with pytest.raises(UnknownReference, match="INC-2023-0404"):
        timeline.read("INC-2023-0404")
    assert timeline.rows("INC-2023-0404") == []


def test_the_next_reference_follows_the_highest_of_the_year(timeline: SqlTimeline) -> None:
    assert timeline.next_id(2023) == "INC-2023-0001"
    for number, party in (("0007", "bun"), ("9999", "soc"), ("10000", "kul")):
        incident_id = f"INC-2023-{number}"
        timeline.append(incident_id, expected=0, events=[reported(incident_id, party=party)])
    assert timeline.next_id(2023) == "INC-2023-10001"
    assert timeline.next_id(2024) == "INC-2024-0001"
    assert timeline.next_id(2022) == "INC-2022-0001"


def test_incidents_and_families_come_oldest_first_and_are_found_by_party(timeline: SqlTimeline) -> None:
    for incident_id, family, party in (
        ("INC-2023-10000", "f", "kul"),
        ("INC-2023-9999", "f", "soc"),
        ("INC-2024-0001", "f", "bun"),
        ("INC-2022-0003", "g", "soc"),
    ):
        timeline.append(incident_id, expected=0, events=[reported(incident_id, family=family, party=party)])
    assert timeline.incidents() == ("INC-2022-0003", "INC-2023-9999", "INC-2023-10000", "INC-2024-0001")
    assert timeline.family("f") == ("INC-2023-9999", "INC-2023-10000", "INC-2024-0001")
    assert timeline.family("h") == ()
    assert timeline.find("f", "soc") == "INC-2023-9999"
    assert timeline.find("g", "soc") == "INC-2022-0003"
    assert timeline.find("g", "kul") is None


def test_all_timelines_come_oldest_first_and_no_more_than_a_few_at_a_time(timeline: SqlTimeline) -> None:
    assert [*timeline.histories()] == []
    ids = [f"INC-2026-{number:04}" for number in (9998, 9999, *range(10_000, 10_000 + AT_A_TIME))]
    for incident_id in reversed(ids):
        timeline.append(incident_id, expected=0, events=[reported(incident_id, family=incident_id), aware()])
    read = timeline.histories()
    assert [next(read)[0].incident_id for _ in range(3)] == ids[:3]  # type: ignore[union-attr]
    late = aware(2)
    timeline.append(ids[-1], expected=2, events=[late])
    rest = [*read]
    assert [history[0].incident_id for history in rest] == ids[3:]  # type: ignore[union-attr]
    assert rest[-1][-1] == late, "what is written meanwhile is read where it is not read yet"
    assert rest[0] == timeline.read(ids[3])


def test_whoever_was_written_to_is_due_from_that_instant(timeline: SqlTimeline) -> None:
    assert timeline.next_at() is None
    timeline.append(CASE, expected=0, events=[reported()])
    assert timeline.due(MONDAY - timedelta(microseconds=1)) == ()
    assert timeline.due(MONDAY) == (CASE,)
    assert timeline.next_at() == MONDAY


def test_a_sweep_looks_again_when_the_next_step_is_due_and_not_before(timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=[reported()])
    thursday = MONDAY + timedelta(hours=72)
    timeline.look_again([Look(CASE, 1, thursday)])
    assert timeline.next_at() == thursday
    assert timeline.due(thursday - timedelta(seconds=1)) == ()
    assert timeline.due(thursday) == (CASE,)
    timeline.look_again([Look(CASE, 1, None)])
    assert timeline.next_at() is None
    assert timeline.due(thursday + timedelta(days=365)) == ()


def test_a_sweep_that_read_before_the_last_event_cannot_put_the_incident_to_sleep(timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=[reported()])
    timeline.append(CASE, expected=1, events=[aware()])
    timeline.look_again([Look(CASE, 1, None)])
    assert timeline.due(MONDAY + timedelta(hours=1)) == (CASE,)


def test_what_is_due_longest_comes_first(timeline: SqlTimeline) -> None:
    for number, hours in ((1, 5), (2, 3), (3, 9)):
        incident_id = f"INC-2023-000{number}"
        timeline.append(incident_id, expected=0, events=[reported(incident_id, party=f"p{number}", hours=hours)])
    assert timeline.due(MONDAY + timedelta(hours=5)) == ("INC-2023-0002", "INC-2023-0001")


def test_the_cases_whose_letters_are_released_are_known_until_they_are_closed_and_again_when_letters_come_back(
    timeline: SqlTimeline,
) -> None:
    own = {"communication": f"{CASE}/gdpr.34.1", "recipients": 1}
    started = CommunicationStarted(sha256="ab" * 32, **own, **at(2))
    closed = IncidentClosed(reasoning="Allt är gjort.", lessons="Inga.", **at(3))
    for number, events in (
        (2, [aware()]),
        (10000, [started]),
        (9999, [started, closed]),
        (1, [started, closed, DeliveriesReturned(**own, **at(4))]),
    ):
        incident_id = f"INC-2023-{number:04}"
        timeline.append(incident_id, expected=0, events=[reported(incident_id, party=f"p{number}"), *events])
    assert timeline.released() == (CASE, "INC-2023-10000")
    timeline.append(CASE, expected=4, events=[closed])
    assert timeline.released() == ("INC-2023-10000",)


def test_the_projection_rebuilt_from_the_timelines_alone_is_equal(engine: Engine, timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=story()[:2])
    timeline.append(CASE, expected=2, events=story()[2:])
    timeline.append("INC-2023-0002", expected=0, events=[reported("INC-2023-0002", party="soc")])
    kept = views(engine)
    assert len(kept) == 2
    execute(engine, "DELETE FROM incident_view")
    timeline.rebuild_views()
    assert views(engine) == kept
    execute(engine, "UPDATE incident_view SET family = 'fel', length = 99")
    timeline.look_again([Look(CASE, 99, None)])
    timeline.rebuild_views()
    assert views(engine) == kept


def test_after_a_rebuild_every_incident_is_due_for_a_sweep(timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=[reported()])
    timeline.look_again([Look(CASE, 1, None)])
    timeline.rebuild_views()
    assert timeline.due(MONDAY) == (CASE,)


def test_to_rebuild_without_incidents_is_nothing_to_do(engine: Engine, timeline: SqlTimeline) -> None:
    timeline.rebuild_views()
    assert views(engine) == []


def test_writers_during_a_rebuild_are_all_in_the_projection(engine: Engine, timeline: SqlTimeline) -> None:
    timeline.append(CASE, expected=0, events=[reported()])

    def work(turn: int) -> None:
        if turn % 3 == 0:
            timeline.rebuild_views()
        else:
            party = f"INC-2023-{turn + 100:04}"
            timeline.append(party, expected=0, events=[reported(party, party=f"p{turn}"), drafted(turn)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(24)))
    kept = views(engine)
    assert len(kept) == 17
    timeline.rebuild_views()
    assert views(engine) == kept


def test_a_locked_database_is_not_passed_over(engine: Engine) -> None:
    impatient = make_engine(str(engine.url.render_as_string(hide_password=False)))
    if engine.dialect.name == "sqlite":
        event.listen(impatient, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 1"))
    else:
        event.listen(impatient, "begin", lambda connection: connection.exec_driver_sql("SET lock_timeout = 10"))
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE timeline")
        with pytest.raises(OperationalError, match="lock"):
            SqlTimeline(impatient).append(CASE, expected=0, events=[reported()])
    impatient.dispose()
