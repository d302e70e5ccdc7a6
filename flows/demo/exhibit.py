"""Show a replay to a newcomer: pages over the archived files, the mail, the boards and the timelines."""

import email.policy
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.case_file import write_folder
from flows.demo.exhibited import documents, proved
from flows.demo.replay import Scene
from letters.breach_register import letters_line
from letters.chronicle import details, heading, when, who
from letters.family_page import family_view
from letters.language import day, duration, label, listed, moment, number
from letters.senders import deadline_called, full_name
from models.base import ENGINE
from models.chain import first_broken
from models.communication_events import CommunicationCompleted
from models.duty import Duty, DutyStatus
from models.errors import N_, TimelineConflict
from models.events import Event
from models.incident import Incident
from models.instants import local, parse_local
from models.parties import Register
from models.record_events import ReminderSent
from models.replay import replay
from services.case.family_board import members
from services.due.board import Row, board
from services.evidence.compile_file import compile_file
from services.evidence.file_documents import FILES
from services.ports.world import World
from services.record import duties_of

TEMPLATES = Path(__file__).parents[2] / "templates" / "sv" / "_demo"

BOARDS = (
    ("2023-04-25 18.00", "Alla tre vet. Tre klockor går, och ingen har beslutat något."),
    ("2023-04-28 12.00", "Kommunstyrelsen och Ordningsverket har anmält. Nämnden har beslutat att låta bli."),
    ("2023-05-09 12.00", "Hotet har kommit. Besluten är öppna igen, och nämnden har fått en ny frist."),
    ("2023-05-24 10.00", "Allt är fullgjort eller avskrivet med skäl."),
)

type_of_cells = dict[str, Any]


def build(out: Path, files: Path, scenes: tuple[Scene, ...], world: World) -> None:
    """Write the pages to ``out`` beside copies of the archived ``files``. Raises TimelineConflict for a broken chain."""
    pages = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True)
    histories = {incident_id: world.timeline.read(incident_id) for incident_id in world.timeline.incidents()}
    cases = []
    for incident_id, history in histories.items():
        _require_whole(incident_id, world)
        packed_too = shutil.ignore_patterns(FILES)
        shutil.copytree(files / incident_id, out / incident_id, dirs_exist_ok=True, ignore=packed_too)
        written = compile_file(incident_id, at=history[-1].recorded_at, world=world)
        write_folder(out / incident_id / FILES, written)
        case = _case(replay(history), history, out / incident_id, world)
        cases.append(case)
        _write(pages, "case.html", out / incident_id / "index.html", case=case)
    _write(
        pages,
        "index.html",
        out / "index.html",
        cases=cases,
        controllers=[case for case in cases if case["owed_as"] == "controller"],
        story=sorted([*_acts(scenes), *_engine(histories, world)], key=lambda line: line["iso"]),
        total_events=number(sum(map(len, histories.values()))),
    )
    families = dict.fromkeys(case["family"] for case in cases)
    views = [family_view(family, members(family, world)) for family in families]
    _write(pages, "family.html", out / "familj.html", views=views)
    boards = [_board(parse_local(at), why, histories.values(), world) for at, why in BOARDS]
    _write(pages, "board.html", out / "tavla.html", boards=boards)


def _write(pages: Environment, template: str, file: Path, **context: object) -> None:
    file.write_text(pages.get_template(template).render(context), encoding="utf-8")


def _require_whole(incident_id: str, world: World) -> None:
    broken = first_broken(world.timeline.rows(incident_id))
    if broken is not None:
        raise TimelineConflict(
            N_("The chain of {incident} is broken at line {line}."),
            why=N_("A line was changed, removed or moved after it was written."),
            remedy=N_("Keep the database as it is and call whoever runs it."),
            incident=incident_id,
            line=broken,
        )


def _case(incident: Incident, history: tuple[Event, ...], folder: Path, world: World) -> type_of_cells:
    mails = list(_mails(folder))
    return {
        "id": incident.id,
        "family": incident.family,
        "party": full_name(world.register.party(incident.party)),
        "owed_as": incident.owed_as,
        "diary_number": incident.diary_number,
        "events": len(history),
        "mails": number(len(mails)),
        "mail_list": _alike(mails),
        "documents": list(documents(folder, world)),
        "proof": proved(folder, mails),
        "timeline": [_line(event, world) for event in history],
        "rows": [_cells(row) for row in _rows([history], history[-1].recorded_at, world)],
        **_clock(incident, history, world),
    }


def _clock(incident: Incident, history: tuple[Event, ...], world: World) -> type_of_cells:
    """Return what the overview says of a controller's clock: the first time limit and the one that came to count."""
    limits = [duty for duty in duties_of(incident, world.book) if duty.provision == "gdpr.33.1"]
    if incident.aware_at is None or not limits or limits[0].due_at is None or not incident.filings:
        return {}
    first = next(
        duty
        for length in range(len(history))
        for duty in duties_of(replay(history[:length]), world.book)
        if duty.provision == "gdpr.33.1" and duty.due_at
    )
    filed = incident.filings[0].occurred_at
    return {
        "aware": moment(incident.aware_at),
        "due": moment(limits[0].due_at),
        "first_due": moment(first.due_at or limits[0].due_at),
        "moved": first.due_at != limits[0].due_at,
        "filed": moment(filed),
        "took": duration(filed - limits[0].since),
        "decisions": [f"{label(made.level)}, {day(made.occurred_at)}" for made in incident.decisions],
        "told": _told(incident),
    }


def _told(incident: Incident) -> str:
    if incident.told:
        return f"{number(incident.told[0].recipients)} personer, {moment(incident.told[0].occurred_at)}"
    if incident.notices:
        channels = listed(incident.notices[0].channels)
        return f"Allmänheten genom {channels}, {moment(incident.notices[0].occurred_at)}"
    return "Nej, risken bedömdes inte som hög"


def _acts(scenes: Iterable[Scene]) -> Iterator[type_of_cells]:
    for scene in scenes:
        if scene.say is not None:
            yield {"iso": local(scene.at).isoformat(), "when": moment(scene.at), "text": scene.say, "engine": False}


def _engine(histories: dict[str, tuple[Event, ...]], world: World) -> Iterator[type_of_cells]:
    for history in histories.values():
        party = full_name(world.register.party(replay(history).party))
        for event in history:
            text = _did(event, party, world.register)
            if text is not None:
                at = event.occurred_at
                yield {"iso": local(at).isoformat(), "when": moment(at), "text": text, "engine": True}


def _did(event: Event, party: str, register: Register) -> str | None:
    match event:
        case ReminderSent():
            whom = "en person" if len(event.to) == 1 else f"{number(len(event.to))} personer"
            return f"Påminner {whom} hos {party}: {deadline_called(event.provision, register)}."
        case CommunicationCompleted():
            return f"{number(event.recipients)} in och {number(event.reckoned)} ut. {letters_line(event)} {party}."
    return None


def _line(event: Event, world: World) -> type_of_cells:
    return {
        "iso": local(event.recorded_at).isoformat(),
        "when": when(event),
        "who": who(event, world.register),
        "what": heading(event),
        "details": list(details(event, world.register)),
        "engine": event.recorded_by == ENGINE,
    }


def _mails(folder: Path) -> Iterator[type_of_cells]:
    for file in sorted((folder / "mejl").glob("*.eml")):
        headers = BytesParser(policy=email.policy.default).parsebytes(file.read_bytes(), headersonly=True)
        at = headers["Date"].datetime
        yield {"when": moment(at), "subject": str(headers["Subject"]), "path": f"mejl/{file.name}"}


def _alike(mails: list[type_of_cells]) -> list[type_of_cells]:
    """One row for the messages with the same subject at the same time, with how many they are."""
    together: dict[tuple[str, str], list[type_of_cells]] = {}
    for mail in mails:
        together.setdefault((mail["when"], mail["subject"]), []).append(mail)
    return [{**same[0], "count": number(len(same))} for same in together.values()]


def _board(at: datetime, why: str, histories: Iterable[tuple[Event, ...]], world: World) -> type_of_cells:
    then = [tuple(event for event in history if event.recorded_at <= at) for history in histories]
    rows = [_cells(row) for row in _rows([history for history in then if history], at, world)]
    return {"when": moment(at), "why": why, "rows": rows}


def _rows(histories: Iterable[tuple[Event, ...]], at: datetime, world: World) -> tuple[Row, ...]:
    return board(map(replay, histories), book=world.book, register=world.register, now=at)


def _cells(row: Row) -> type_of_cells:
    return {
        "id": row.incident.id,
        "party": row.party,
        "what": row.what,
        "status": row.status,
        "due": row.due,
        "left": row.left,
        "ground": row.duty.ground.because if row.duty.ground else "",
        "css": _css(row.duty, overdue=row.overdue),
    }


def _css(duty: Duty, *, overdue: bool) -> str:
    if overdue or duty.late_by:
        return "late"
    if duty.is_open:
        return "wait"
    return "done" if duty.status is DutyStatus.FULFILLED else "soft"
