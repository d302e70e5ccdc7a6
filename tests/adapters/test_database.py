import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlmodel import SQLModel, col

import models.tables
from adapters.database.engine import engine as make_engine
from adapters.database.engine import insert, migrate, writing

ROOT = Path(__file__).resolve().parents[2]
VIEW = models.tables.IncidentViewRow


def view(number: int, next_at: datetime | None) -> dict[str, object]:
    return {
        "incident_id": f"INC-2023-{number:04}",
        "family": f"f{number}",
        "party": "p",
        "length": 1,
        "next_at": next_at,
    }


def test_the_migrated_schema_is_the_one_the_rows_describe(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_comparison_would_see_a_column_too_few(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE dispatches DROP COLUMN detail")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    assert [difference[0] for difference in differences] == ["add_column"]


def test_to_migrate_again_changes_nothing_and_says_nothing(
    engine: Engine, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    before = set(inspect(engine).get_table_names())
    with caplog.at_level(logging.WARNING):
        migrate(engine)
    assert set(inspect(engine).get_table_names()) == before
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_processes_that_start_at_once_migrate_once_from_wherever_they_stand(empty_url: str, tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from adapters.database.engine import engine, migrate;"
        "print('ready', flush=True); sys.stdin.readline(); migrate(engine(sys.argv[2]))"
    )
    command = [sys.executable, "-c", program, str(ROOT), empty_url]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, cwd=tmp_path, stdin=pipe, stdout=pipe, stderr=pipe) for _ in range(4)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    assert [process.communicate() for process in processes] == [(b"", b"")] * 4
    made = make_engine(empty_url)
    assert {table.name for table in SQLModel.metadata.sorted_tables} <= set(inspect(made).get_table_names())
    made.dispose()


def test_a_migration_that_fails_leaves_no_table_behind(empty_url: str) -> None:
    made = make_engine(empty_url)
    with writing(made) as connection:
        connection.exec_driver_sql("CREATE TABLE dispatches (other INTEGER)")
    with pytest.raises(DBAPIError, match="dispatches"):
        migrate(made)
    assert inspect(made).get_table_names() == ["dispatches"]
    made.dispose()


@pytest.fixture
def machine_far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "FAR+5")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("machine_far_from_utc")
def test_times_come_back_in_utc_and_are_compared_as_instants(engine: Engine) -> None:
    summer = timezone(timedelta(hours=2))
    noon = datetime(2023, 5, 9, 12, tzinfo=UTC)
    with writing(engine) as connection:
        # 13.59 in Stockholm comes before noon in UTC, though its digits are higher.
        early = datetime(2023, 5, 9, 13, 59, tzinfo=summer)
        late = datetime(2023, 5, 9, 14, 0, 0, 1, tzinfo=summer)
        connection.execute(insert(connection, VIEW), [view(1, early), view(2, late), view(3, None)])
    with engine.connect() as connection:
        due = select(col(VIEW.incident_id), col(VIEW.next_at)).where(col(VIEW.next_at) <= noon)
        rows = connection.execute(due).all()
    assert [row.incident_id for row in rows] == ["INC-2023-0001"]
    assert rows[0].next_at == datetime(2023, 5, 9, 11, 59, tzinfo=UTC)
    assert rows[0].next_at.tzinfo is UTC


def test_ids_are_sorted_by_their_bytes_even_where_words_are_sorted_in_swedish(engine: Engine) -> None:
    columns = inspect(engine).get_columns("recipients") + inspect(engine).get_columns("timeline")
    own = {
        column["name"]: getattr(column["type"], "collation", "") for column in columns if column["name"].endswith("_id")
    }
    expected = "C" if engine.dialect.name == "postgresql" else None  # SQLite knows no other order
    assert own == {"recipient_id": expected, "incident_id": expected}


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2023, 5, 9, 12)  # noqa: DTZ001 - the fault under test
    with pytest.raises(StatementError, match="no instant"), writing(engine) as connection:
        connection.execute(insert(connection, VIEW), view(1, naive))


def test_writers_take_turns_and_none_loses_what_another_wrote(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(insert(connection, VIEW), view(1, None))

    def add_one(_: int) -> None:
        with writing(engine) as connection:
            row = connection.execute(select(col(VIEW.length)).with_for_update()).one()
            connection.exec_driver_sql(f"UPDATE incident_view SET length = {row.length + 1}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_one, range(40)))
    with engine.connect() as connection:
        assert connection.scalar(select(col(VIEW.length))) == 41


def test_an_error_of_the_database_shows_no_values(engine: Engine) -> None:
    rows = [view(1, None), view(1, None) | {"family": "hemlig"}]
    with pytest.raises(IntegrityError, match="hidden") as refusal, writing(engine) as connection:
        connection.execute(insert(connection, VIEW), rows)
    assert "hemlig" not in str(refusal.value)


def test_a_database_that_cannot_be_reached_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(OperationalError):
        migrate(make_engine(f"sqlite:///{tmp_path}/nowhere/timglas.sqlite"))
