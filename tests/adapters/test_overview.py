from datetime import timedelta

import pytest
from sqlalchemy import Engine

from adapters.database.heartbeat import SqlHeartbeat
from adapters.database.overview import SqlOverview
from adapters.database.timeline import SqlTimeline
from models.breach_events import BreachReported
from models.duty import Duty, DutyStatus
from models.health import Beat
from models.instants import parse_local as at
from models.overview import Look, OpenDeadline

NOW = at("2026-02-11 10.00")


@pytest.fixture
def overview(engine: Engine) -> SqlOverview:
    return SqlOverview(engine)


def deadline(number: int, *, hours: int | None, party: str = "namnden", provision: str = "gdpr.33.1") -> OpenDeadline:
    due_at = NOW + timedelta(hours=hours) if hours is not None else None
    duty = Duty(provision=provision, owed_to="authority", status=DutyStatus.OWED, since=NOW, due_at=due_at)
    return OpenDeadline(incident=f"INC-2026-{number:04}", party=party, duty=duty, version=number)


def opened(engine: Engine, *numbers: int) -> SqlTimeline:
    timeline = SqlTimeline(engine)
    for number in numbers:
        report = BreachReported(
            incident_id=f"INC-2026-{number:04}",
            party="namnden",
            owed_as="controller",
            family=f"f{number}",
            summary="Något hände.",
            source="Någon",
            occurred_at=NOW,
            recorded_at=NOW,
            recorded_by="sara",
        )
        timeline.append(report.incident_id, expected=0, events=[report])
    return timeline


def test_the_most_urgent_comes_first_and_what_has_no_number_last(overview: SqlOverview) -> None:
    late, soon, sometime = deadline(1, hours=-2), deadline(2, hours=4), deadline(3, hours=None)
    overview.keep((one.incident, (one,)) for one in (sometime, soon, late))
    assert overview.urgent(9) == (late, soon, sometime)
    assert overview.urgent(1) == (late,)
    assert (overview.count(), overview.count(due_by=NOW)) == (3, 1)


def test_a_party_sees_its_own(overview: SqlOverview) -> None:
    ours, theirs = deadline(1, hours=4), deadline(2, hours=2, party="verket")
    overview.keep((one.incident, (one,)) for one in (ours, theirs))
    assert overview.urgent(9, "namnden") == (ours,)


def test_what_a_case_had_open_before_is_replaced(overview: SqlOverview) -> None:
    one = deadline(1, hours=4)
    overview.keep([(one.incident, (one, deadline(1, hours=9, provision="gdpr.33.4")))])
    overview.keep([(one.incident, (one,))])
    assert overview.urgent(9) == (one,)
    overview.keep([(one.incident, ())])
    assert overview.urgent(9) == ()


def test_a_case_is_to_be_shown_until_it_is_shown_as_it_stands(engine: Engine, overview: SqlOverview) -> None:
    opened(engine, 1, 2)
    assert overview.unshown(9) == ("INC-2026-0001", "INC-2026-0002")
    overview.shown([("INC-2026-0001", 1), ("INC-2026-0002", 0)])
    assert overview.unshown(9) == ("INC-2026-0002",)
    overview.show_again()
    assert overview.unshown(1) == ("INC-2026-0001",)


def test_when_the_clock_is_set_back_everything_is_due_and_a_closed_case_is_not(engine: Engine) -> None:
    timeline = opened(engine, 1, 2)
    timeline.look_again([Look("INC-2026-0001", 1, NOW + timedelta(days=2)), Look("INC-2026-0002", 1, None)])
    assert timeline.due(NOW) == ()
    timeline.look_at_all(NOW)
    assert timeline.due(NOW) == ("INC-2026-0001",)


def test_the_last_beat_is_kept_and_so_is_when_the_clock_was_set_back(engine: Engine) -> None:
    heart = SqlHeartbeat(engine)
    assert heart.last("sweep") is None
    heart.beat(Beat(name="sweep", started_at=NOW, clock_back_at=NOW))
    later = Beat(name="sweep", started_at=NOW + timedelta(minutes=1), ended_at=NOW + timedelta(minutes=1), due=3)
    heart.beat(later)
    assert heart.last("sweep") == later.model_copy(update={"clock_back_at": NOW})
