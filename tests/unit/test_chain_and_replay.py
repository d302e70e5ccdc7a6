import json
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from law.clock import limit
from law.duties import duties
from law.obligations import obligations
from law.statute_book import StatuteBook
from models.breach_events import (
    AwarenessCorrected,
    AwarenessEstablished,
    FactsEstablished,
    Risk,
    RiskDecided,
    StatedDuty,
    StatedReason,
)
from models.chain import GENESIS, first_broken, link
from models.delivery import ReturnReason
from models.duty import DutyStatus, Period
from models.events import Event, from_json, to_json
from models.facts import Facts, Quantity, Trigger
from models.filing_events import MissingItem, NotificationSubmitted, Phase, SecrecyMark, Way
from models.incident import Incident
from models.instants import local, parse_local
from models.parties import Role
from models.policy import Plan, Steps
from models.record_events import KeptDocument
from models.recorded import Recorded
from models.regime import Answers, Regime
from models.reminder import PlannedDeadline
from models.replay import evolve, replay
from models.supply_events import Answered, Milestone, NoticeKind, Tier

BOOK = StatuteBook.load()
EVENTS: tuple[type[Recorded], ...] = get_args(get_args(Event)[0])
MOVING = (AwarenessEstablished, AwarenessCorrected, FactsEstablished, RiskDecided, NotificationSubmitted)
DRAWN: tuple[type[Recorded], ...] = (*EVENTS, *MOVING, *MOVING, *MOVING)
"""What moves the clock is drawn more often than the rest."""

TEXT = st.sampled_from(["A letter went astray.", "Ett brev kom fel – åäö.", "The supplier called: 8 400 people."])
INSTANTS = st.datetimes(datetime(2018, 5, 26), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ACTORS = st.sampled_from(["officer", "delegate", "timglas"])
PARTIES = st.sampled_from(["socialnamnden", "kumla", "visma"])
SHA = st.sampled_from(["0" * 64, "a" * 64])
COUNT = st.integers(0, 10_000)
DOCUMENT = st.builds(KeptDocument, name=st.just("anmalan/1-initial.pdf"), sha256=SHA)
FACTS = st.builds(
    Facts,
    what_happened=st.none() | TEXT,
    consequences_described=st.none() | TEXT,
    measures_taken=st.none() | st.tuples(TEXT),
    n_subjects=st.none() | st.builds(Quantity, at_least=COUNT),
    malicious=st.none() | st.booleans(),
    began_at=st.none() | INSTANTS,
)
PLANNED = st.builds(
    PlannedDeadline,
    deadline=st.sampled_from(["gdpr.33.1", "gdpr.34.1"]),
    at=INSTANTS,
    since=INSTANTS,
    due_at=st.none() | INSTANTS,
    plan=st.none() | st.just(Plan(steps=Steps(before=(24,), then_every=24), to=(Role.OFFICER,))),
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "occurred_at": INSTANTS,
    "recorded_at": INSTANTS,
    "recorded_by": ACTORS,
    "incident_id": st.just("INC-2026-0042"),
    "party": PARTIES,
    "controller": PARTIES,
    "concerned": st.lists(PARTIES, unique=True).map(tuple),
    "owed_as": st.sampled_from(["controller", "processor"]),
    "family": st.just("family-1"),
    "aware_at": INSTANTS,
    "NoticeReceived.aware_at": st.none() | INSTANTS,
    "TierTimeStated.sender": st.none() | TEXT,
    "supersedes": st.integers(1, 9),
    "answers": st.builds(Answers, **dict.fromkeys(Answers.model_fields, st.sampled_from([None, True, False]))),
    "regimes": st.lists(st.sampled_from(Regime), unique=True, max_size=3).map(tuple),
    "classified_at": st.none() | INSTANTS,
    "detected_at": st.none() | INSTANTS,
    "gap_reason": st.none() | TEXT,
    "long_gap": st.booleans(),
    "evidence": TEXT,
    "communicate_by": st.dates(),
    "planned": st.lists(PLANNED, max_size=2).map(tuple),
    "deadlines": st.sampled_from([("gdpr.33.1",), ("gdpr.33.1", "decision/brev")]),
    "until": INSTANTS,
    "condition_met": st.none(),
    "warnings": st.just(()),
    "facts": FACTS,
    "stated": FACTS,
    "for_family": st.booleans(),
    "trigger": st.none() | st.sampled_from(Trigger),
    "withdrawn": st.lists(st.sampled_from(sorted(Facts.model_fields)), max_size=2).map(tuple),
    "level": st.sampled_from(Risk),
    "because": TEXT,
    "unknown": st.just(("exfiltration",)),
    "officer_advice": st.none() | TEXT,
    "could_change": st.none() | TEXT,
    "RiskAssessed.because": st.tuples(st.builds(StatedReason, text=TEXT, citation=TEXT)),
    "law_of": st.dates(),
    "duties": st.tuples(
        st.builds(
            StatedDuty, provision=st.just("gdpr.33.1"), status=st.sampled_from(DutyStatus), due_at=st.none() | INSTANTS
        )
    ),
    "provision": st.sampled_from(["gdpr.34.3.a", "gdpr.34.3.b", "gdpr.34.3.c"]),
    "ParallelReportSubmitted.provision": st.sampled_from(["se.brottsdatalagen.3.9", "se.cybersakerhetslagen.2.6"]),
    "ParallelDutyLifted.provision": st.sampled_from(["se.cybersakerhetslagen.2.9", "eu.dora.19.4.a"]),
    "letter": st.sampled_from(["data_subject_communication", "public_communication"]),
    "sha256": SHA,
    "head": SHA,
    "manifest": SHA,
    "phase": st.sampled_from(Phase),
    "complete": st.booleans(),
    "diary_number": st.just("IMY-2026-7801"),
    "communication": st.just("letters-1"),
    "recipients": COUNT,
    "round": st.integers(1, 3),
    "found": COUNT,
    "written_to": COUNT,
    "batch": st.integers(1, 3),
    "channel": st.sampled_from(["paper", "sealed", "mailbox"]),
    "letters": st.integers(1, 9),
    "pages": COUNT,
    "rows": COUNT,
    "refused": COUNT,
    "checked_on": st.none() | st.dates(),
    "version": st.integers(1, 5),
    "channels": st.just(("Web",)),
    "steps": st.just(("gdpr.33.1 2023-04-28T11:05Z -24 h",)),
    "to": st.just(("officer",)),
    "windows": st.dictionaries(PARTIES, st.just(Period(amount=24, unit="hours")), max_size=2),
    "tier": st.sampled_from(Tier),
    "milestone": st.sampled_from(Milestone),
    "not_before": st.just(datetime(2023, 4, 23, tzinfo=UTC)),
    "not_after": st.just(datetime(2023, 4, 24, tzinfo=UTC)),
    "unaffected": st.booleans(),
    "products": st.just(("payroll",)),
    "notice_within": st.none() | st.just(Period(amount=24, unit="hours")),
    "notices": st.integers(1, 250),
    "answer_by": INSTANTS,
    "next_update_at": st.none() | INSTANTS,
    "kind": st.sampled_from(NoticeKind),
    "contact": st.integers(1, 3),
    "signed_sha256": st.none() | SHA,
    "how": st.sampled_from(Answered),
    "reference": st.just("INC-2026-0007"),
    "signed_by": st.none() | st.just("key"),
    "sent_at": st.none() | INSTANTS,
    "counted": st.just(("n_subjects",)),
    "items": st.tuples(st.builds(MissingItem, key=st.just("records"), because=TEXT, follows_on=st.none() | st.dates())),
    "promised": st.just(())
    | st.tuples(st.builds(MissingItem, key=st.just("records"), because=TEXT, follows_on=st.dates())),
    "documents": st.tuples(DOCUMENT),
    "document": DOCUMENT,
    "filing": st.integers(1, 5),
    "way": st.sampled_from(Way),
    "bundled_in": st.none() | st.just("INC-2026-0041"),
    "lead": st.just("INC-2026-0041"),
    "incidents": st.just(("INC-2026-0041", "INC-2026-0042")),
    "AuthorityQuestionReceived.question": TEXT,
    "question": st.integers(1, 9),
    "AuthorityQuestionReceived.answer_by": st.dates(),
    "marks": st.tuples(st.builds(SecrecyMark, field=TEXT, provisions=st.sampled_from([(), ("osl.18.8",)]))),
    "english": st.just({"what_happened": "A letter went astray."}),
    "length": st.integers(1, 9),
    "statement": DOCUMENT,
    "stamp": DOCUMENT,
    "ChainAnchored.to": st.just("registrar"),
    "HandedToRegistrar.to": st.just("registrar"),
    "line": st.integers(1, 9),
    "printed": st.none() | COUNT,
    "numbers": st.tuples(st.integers(1, 10_000)),
    "left_out": st.lists(st.integers(1, 10_000), max_size=2).map(tuple),
    "LettersReturned.reason": st.sampled_from(ReturnReason),
    "messages": st.integers(1, 10_000),
    "CommunicationCompleted.sha256": st.none() | SHA,
    "DeliveriesReturned.recipients": st.integers(1, 10_000),
    "address": st.just("https://www.exempelkommun.example/nyheter/1"),
    "lacking": COUNT,
    "arrived": COUNT,
    "sent_again": COUNT,
}
ENDS = (
    *("emailed", "by_mailbox", "on_paper", "sealed", "by_guardians"),
    *("deceased", "by_notice", "unreachable", "uncertain"),
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Draw one event of any kind, with every field it has."""
    kind = draw(st.sampled_from(DRAWN))
    fields: dict[str, Any] = {}
    for name in kind.model_fields:
        if name == "type" or name in ENDS:
            continue
        fields[name] = draw(FIELDS.get(f"{kind.__name__}.{name}", FIELDS.get(name, TEXT)))
    if "emailed" in kind.model_fields:
        fields |= dict.fromkeys(ENDS, 0) | {"emailed": fields["recipients"]}
    return from_json(to_json(kind.model_validate(fields)))  # type: ignore[arg-type]


TIMELINES = st.lists(events(), max_size=12)


@given(TIMELINES)
def test_every_prefix_of_every_timeline_is_an_incident(timeline: list[Event]) -> None:
    incident = Incident()
    for length, event in enumerate(timeline, start=1):
        incident = evolve(incident, event)
        assert incident == replay(timeline[:length])
        assert incident.length == length


@given(TIMELINES)
def test_the_law_has_an_answer_for_every_timeline(timeline: list[Event]) -> None:
    incident = replay(timeline)
    breach = incident.breach
    if breach is not None:
        law = BOOK.on(local(breach.aware_at).date())
        found = obligations(incident, law)
        assert len({duty.provision for duty in found}) == len(found)
        assert all(duty.ground for duty in found if str(duty.status) in ("not_required", "excused"))
        assert found or incident.is_classified
        assert {duty.provision for duty in duties(breach, law)} - {d.provision for d in found} == (
            {d.provision for d in duties(breach, law) if d.is_open and d.status is not DutyStatus.ORDERED}
            if incident.is_classified
            else set()
        )


@given(TIMELINES)
def test_every_time_limit_shows_how_it_was_reckoned_unless_an_authority_set_it(timeline: list[Event]) -> None:
    incident = replay(timeline)
    known_at = incident.aware_at or (incident.report.occurred_at if incident.report else None)
    if known_at is not None:
        for duty in obligations(incident, BOOK.on(local(known_at).date())):
            if duty.counted is not None:
                assert limit(duty.counted.start, duty.counted.period) == duty.due_at
            elif duty.due_at is not None:
                assert incident.order is not None
                assert incident.order.communicate_by == local(duty.due_at).date()


@given(TIMELINES)
def test_a_timeline_read_back_tells_the_same_story(timeline: list[Event]) -> None:
    stored = [to_json(event) for event in timeline]
    assert replay(map(from_json, stored)) == replay(timeline)
    assert [to_json(from_json(payload)) for payload in stored] == stored


@given(TIMELINES)
def test_no_later_word_makes_a_filing_timelier_than_it_was_when_it_was_made(timeline: list[Event]) -> None:
    filed = next((n for n, event in enumerate(timeline, start=1) if isinstance(event, NotificationSubmitted)), None)
    then = replay(timeline[:filed]).breach
    now = replay(timeline).breach
    if filed is not None and then is not None and now is not None:
        assert now.clock_at <= then.clock_at


def test_every_word_of_the_vocabulary_is_a_versioned_fact() -> None:
    words = [kind.model_fields["type"].default for kind in EVENTS]
    assert len(set(words)) == len(words)
    assert all(word.endswith(".v1") for word in words)


def test_a_word_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValidationError):
        from_json('{"type": "status_changed.v1", "status": "closed"}')


@pytest.mark.parametrize("reasoning", ["", "   "])
def test_a_decision_without_reasons_cannot_be_recorded(reasoning: str) -> None:
    at = parse_local("2026-02-10 10.12")
    with pytest.raises(ValidationError):
        RiskDecided(level=Risk.UNLIKELY, reasoning=reasoning, occurred_at=at, recorded_at=at, recorded_by="delegate")


def test_a_refusal_does_not_repeat_the_personal_identity_number_it_refuses() -> None:
    at = parse_local("2026-02-10 10.12")
    with pytest.raises(ValidationError, match="personal identity number") as refusal:
        RiskDecided(
            level="high", reasoning="About 811218-9876.", occurred_at=at, recorded_at=at, recorded_by="delegate"
        )
    assert "811218" not in str(refusal.value)


def chained(payloads: list[str], incident_id: str = "INC-2026-0042") -> list[tuple[str, int, str, str]]:
    rows, previous = [], GENESIS
    for sequence, payload in enumerate(payloads, start=1):
        previous = link(previous, incident_id, sequence, payload)
        rows.append((incident_id, sequence, payload, previous))
    return rows


PAYLOADS = st.lists(events().map(to_json), min_size=2, max_size=8)


@given(PAYLOADS)
def test_an_untouched_chain_is_whole(payloads: list[str]) -> None:
    assert first_broken(chained(payloads)) is None


@given(PAYLOADS, st.data())
def test_one_changed_byte_is_found_at_its_row(payloads: list[str], data: st.DataObject) -> None:
    rows = chained(payloads)
    place = data.draw(st.integers(0, len(rows) - 1))
    incident_id, sequence, payload, stored = rows[place]
    at = data.draw(st.integers(0, len(payload) - 1))
    changed = payload[:at] + chr(ord(payload[at]) ^ 1) + payload[at + 1 :]
    rows[place] = (incident_id, sequence, changed, stored)
    assert first_broken(rows) == place + 1


@given(PAYLOADS, st.data())
def test_a_removed_row_is_found_unless_it_was_the_last(payloads: list[str], data: st.DataObject) -> None:
    rows = chained(payloads)
    place = data.draw(st.integers(0, len(rows) - 2))
    del rows[place]
    assert first_broken(rows) == place + 1


@given(PAYLOADS)
def test_a_cut_tail_is_whole_in_itself_so_the_last_hash_must_be_kept_elsewhere(payloads: list[str]) -> None:
    rows = chained(payloads)
    assert first_broken(rows[:-1]) is None
    assert rows[-2][3] != rows[-1][3]


@given(PAYLOADS, st.data())
def test_two_rows_in_the_wrong_order_are_found(payloads: list[str], data: st.DataObject) -> None:
    rows = chained(payloads)
    place = data.draw(st.integers(0, len(rows) - 2))
    rows[place], rows[place + 1] = rows[place + 1], rows[place]
    assert first_broken(rows) == place + 1


@given(PAYLOADS)
def test_a_row_moved_from_another_incident_is_found(payloads: list[str]) -> None:
    ours, theirs = chained(payloads), chained(payloads, "INC-2026-0043")
    assert first_broken([ours[0], theirs[1], *ours[2:]]) == 2


def test_what_is_stored_leaves_out_the_unknown() -> None:
    at = parse_local("2026-02-10 10.12")
    decided = RiskDecided(
        level="high", reasoning="Health data.", occurred_at=at, recorded_at=at, recorded_by="delegate"
    )
    assert sorted(json.loads(to_json(decided))) == [
        "level",
        "occurred_at",
        "reasoning",
        "recorded_at",
        "recorded_by",
        "type",
    ]


def test_before_the_first_word_nothing_is_owed() -> None:
    assert obligations(Incident(), BOOK.on(local(parse_local("2026-02-10")).date())) == ()
