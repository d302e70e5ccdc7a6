"""Replay a story through the real flows, with the clock as an argument: what people did, and every sweep between."""

import email.policy
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import yaml

from flows.acts import archive, authority, decisions, incident, outgoing, paper, reminders, sending, supply
from flows.bootstrap import wire
from flows.steps import CODE_SENT
from flows.sweep import sweep
from models.base import Value
from models.instants import parse_local
from models.replay import replay

_FLOWS: dict[str, Any] = {
    "open_incident": incident.open_incident,
    "establish_awareness": incident.establish_awareness,
    "correct_awareness": incident.correct_awareness,
    "determine_regime": incident.determine_regime,
    "establish_facts": incident.establish_facts,
    "correct_facts": incident.correct_facts,
    "decide_risk": decisions.decide_risk,
    "invoke_exception": decisions.invoke_exception,
    "rule_out_breach": decisions.rule_out_breach,
    "lift_parallel_duty": decisions.lift_parallel_duty,
    "draft_letter": decisions.draft_letter,
    "approve_letter": decisions.approve_letter,
    "close_incident": decisions.close_incident,
    "reopen_incident": decisions.reopen_incident,
    "explain_missing": authority.explain_missing,
    "explain_delay": authority.explain_delay,
    "bundle_notifications": authority.bundle_notifications,
    "mark_secrecy": authority.mark_secrecy,
    "translate_texts": authority.translate_texts,
    "file_notification": authority.file_notification,
    "keep_copy": authority.keep_copy,
    "hand_to_registrar": authority.hand_to_registrar,
    "attempt_filing": authority.attempt_filing,
    "register_diary_number": authority.register_diary_number,
    "withdraw_notification": authority.withdraw_notification,
    "receive_order": authority.receive_order,
    "receive_question": authority.receive_question,
    "answer_question": authority.answer_question,
    "submit_parallel_report": outgoing.submit_parallel_report,
    "communicate": outgoing.communicate,
    "halt_letters": sending.halt_letters,
    "resume_letters": sending.resume_letters,
    "settle_letters": sending.settle_letters,
    "preview_letters": paper.preview_letters,
    "take_out_letters": paper.take_out_letters,
    "write_print_file_again": paper.write_print_file_again,
    "post_letters": paper.post_letters,
    "return_letters": paper.return_letters_to_sender,
    "publish_notice": outgoing.publish_notice,
    "note_status": outgoing.note_status,
    "capture_notice": outgoing.capture_notice,
    "withdraw_notice": outgoing.withdraw_notice,
    "load_slices": supply.load_slices,
    "state_tier_time": supply.state_tier_time,
    "prepare_notices": supply.prepare_notices,
    "send_notices": supply.send_notices,
    "record_answer": supply.record_answer,
    "receive_notice": supply.receive_notice,
    "load_recipients": archive.load_recipients,
    "archive_incident": archive.archive_incident,
    "answer_reminder": reminders.answer_reminder,
}


_TIMES = ("_at", "_by", "_before", "_after")
_CODE = re.compile(r"Din kod är (\d{6})")


class Scene(Value):
    """One act of one person: ``at`` in Swedish local time, ``do`` the flow, ``case`` the story's name of the incident."""

    at: datetime
    do: str
    case: str
    by: str
    say: str | None = None
    given: dict[str, Any] = {}


def read_story(file: Path) -> tuple[Scene, ...]:
    """Read the scenes of a story, in the order they happen."""
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    return tuple(
        Scene(
            at=parse_local(scene["at"]),
            given=_instants(scene.get("with", {}), file.parent),
            **{key: value for key, value in scene.items() if key not in ("at", "with")},
        )
        for scene in told
    )


async def play(scenes: Iterable[Scene], cases: dict[str, str], mail: Path, shown: Callable[[Scene], None]) -> None:
    """Play ``scenes`` in order, sweeping at every instant at which something is due; ``cases`` collects the incidents.

    A sweep comes before the clock moves on, so that what a scene changed is acted on at that scene's own time. Where an
    act takes a code, the person reads it in the mail that lies below ``mail`` and does the same again.
    """
    for scene in scenes:
        await _sweep_until(scene.at)
        shown(scene)
        given = _given(scene, cases)
        state = await _FLOWS[scene.do](**given, return_state=True)
        if state.name == CODE_SENT:
            state = await _FLOWS[scene.do](**given, code=_code(mail / cases[scene.case]), return_state=True)
        if scene.do == "open_incident" or not state.is_completed():
            (cases[scene.case],) = await state.aresult()
    await _sweep_until(None)


def name_of(scene: Scene) -> str:
    """Return what the flow of ``scene`` is called in the Prefect UI."""
    return str(_FLOWS[scene.do].name)


async def _sweep_until(instant: datetime | None) -> None:
    """Sweep at each due instant before ``instant``; with None, only at what is due as the story ends."""
    world = wire()
    last: datetime | None = None
    while (due := world.timeline.next_at()) is not None and (due < instant if instant else last is None):
        await sweep(now=due)
        last = due


def _given(scene: Scene, cases: dict[str, str]) -> dict[str, Any]:
    given = {**scene.given, "by": scene.by, "now": scene.at}
    if scene.do != "open_incident":
        given["incident_id"] = cases[scene.case]
    if scene.do == "approve_letter":
        given["sha256"] = replay(wire().timeline.read(cases[scene.case])).drafts[given["letter"]].sha256
    return given


def _code(case: Path) -> str:
    """Return the code in the newest mail of the case that holds one."""
    for file in sorted((case / "mejl").glob("*.eml"), key=lambda file: file.stem[-4:], reverse=True):
        body = BytesParser(policy=email.policy.default).parsebytes(file.read_bytes()).get_body(("plain",))
        found = _CODE.search(body.get_content()) if body else None
        if found:
            return found[1]
    raise FileNotFoundError("no mail with a code")


def _instants(given: Any, folder: Path) -> Any:
    """Read the local times (keys that end in ``_TIMES``) and the file names of a story."""
    if not isinstance(given, dict):
        return given
    return {
        key: parse_local(value)
        if key.endswith(_TIMES) and isinstance(value, str)
        else folder / value
        if key == "file"
        else str(folder / value)
        if key == "document"
        else _instants(value, folder)
        for key, value in given.items()
    }
