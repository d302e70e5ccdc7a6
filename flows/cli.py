"""The command ``timglas``: the same services as the flows, for scripts and for when Prefect is down."""

import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

import typer
from pydantic import ValidationError
from typer.main import get_command

from flows.commands import (
    authority,
    case,
    decide,
    delivery,
    evidence,
    facts,
    family,
    filing,
    inform,
    law,
    notice,
    operate,
    outgoing,
    paper,
    parties,
    preview,
    receive,
    recipients,
    register,
    reminders,
    show,
    standing,
    watch,
    yearly_report,
)
from flows.commands.help import SwedishCommand, SwedishGroup
from flows.commands.refusals import refusal, say_fault
from models.errors import TimglasError

PANELS: dict[str, dict[str, Callable[..., None]]] = {
    "Ärende": {
        "new": case.new,
        "receive": receive.receive,
        "aware": case.aware,
        "correct-awareness": case.correct_aware,
        "rule-out": case.rule_out,
        "regime": decide.regime,
        "facts": facts.facts,
        "correct-facts": facts.correct_facts,
        "close": case.close,
        "reopen": case.reopen,
        "archive": case.archive,
    },
    "Beslut": {
        "decide": decide.decide,
        "except": decide.except_,
        "draft": decide.draft,
        "approve": decide.approve,
        "lift": authority.lift,
    },
    "Anmälan": {
        "missing": filing.missing,
        "delay": filing.delay,
        "bundle": filing.bundle,
        "secrecy": authority.secrecy,
        "english": filing.english,
        "filed": filing.filed,
        "copy": filing.copy,
        "portal-down": filing.portal_down,
        "withdraw": filing.withdraw,
    },
    "Utskick": {
        "diary": authority.diary,
        "handed": authority.handed,
        "order": authority.order,
        "question": authority.question,
        "answer": authority.answer,
        "reported": authority.report,
        "preview": preview.preview,
        "send": outgoing.send,
        "halt": delivery.halt,
        "resume": delivery.resume,
        "uncertain": delivery.uncertain,
        "publish": outgoing.publish,
        "erase": recipients.erase,
    },
    "Översikt": {
        "show": show.show,
        "diff": show.diff,
        "board": show.board,
        "family": family.family,
        "timeline": show.timeline,
        "register": register.register,
        "report": yearly_report.report,
    },
    "Bevis": {"file": evidence.file, "verify": evidence.verify},
    "Lag": {"clock": law.clock, "law": law.law, "assess": law.assess, "schema": law.schema},
    "Påminnelser": {
        "ack": reminders.ack,
        "pass": reminders.pass_,
        "remind": operate.remind,
        "reminders": reminders.reminders,
    },
    "Drift": {
        "key": receive.key,
        "up": operate.up,
        "sweep": operate.sweep,
        "health": watch.health,
        "watch": watch.watch,
        "demo": operate.demo,
    },
}
"""Every command, in the order a case needs them, under the heading it has in ``timglas --help``."""


class Group(NamedTuple):
    """Commands about one thing, written as ``timglas recipients load``."""

    panel: str
    says: str
    commands: dict[str, Callable[..., None]]


GROUPS: dict[str, Group] = {
    "recipients": Group(
        "Utskick",
        "Granska och läs in dem som ska få brev, och se vilken väg det går till dem.",
        {"check": recipients.check, "load": recipients.load, "ways": standing.standing},
    ),
    "letters": Group(
        "Utskick",
        "Brev på papper: ta ut utskriftsfilen, se omgångarna, registrera det som är postat eller kommer i retur.",
        {
            "print": paper.take_out,
            "again": paper.again,
            "posted": paper.posted,
            "returned": paper.returned,
            "list": paper.batches,
        },
    ),
    "notice": Group(
        "Utskick",
        "Meddelandet till allmänheten: kontrollera, logga, spara en avbild, ta ned.",
        {"check": notice.check, "log": notice.log, "capture": notice.capture, "down": notice.down},
    ),
    "inform": Group(
        "Utskick",
        "För leverantörer: underrätta varje kund om dess egna uppgifter.",
        {
            "slices": inform.slices,
            "time": inform.time,
            "prepare": inform.prepare,
            "send": inform.send,
            "answer": inform.answer,
            "status": inform.status,
        },
    ),
    "parties": Group(
        "Drift",
        "Registret: organisationer, kunder, kontaktvägar och roller.",
        {"load": parties.load, "show": parties.show, "history": parties.history},
    ),
}


def _app() -> typer.Typer:
    app = typer.Typer(
        cls=SwedishGroup,
        help="Timglas: från första misstanke till avslutat ärende. Skriv timglas KOMMANDO --help för hur ett används.",
        subcommand_metavar="KOMMANDO",
        options_metavar="",
        add_completion=False,
    )
    for panel, commands in PANELS.items():
        for name, command in commands.items():
            app.command(name, cls=SwedishCommand, rich_help_panel=panel, options_metavar="VAL")(command)
    for name, group in GROUPS.items():
        inner = typer.Typer(cls=SwedishGroup, help=group.says, subcommand_metavar="KOMMANDO", options_metavar="")
        inner.callback()(_nothing)
        for verb, command in group.commands.items():
            inner.command(verb, cls=SwedishCommand, options_metavar="VAL")(command)
        app.add_typer(inner, name=name, rich_help_panel=group.panel)
    return app


def _nothing() -> None:
    """Hold a group together: one with a single command would else be that command itself."""


app = _app()


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, 2 for a refusal of ours, 1 for a fault."""
    try:
        return get_command(app)(list(arguments) or ["--help"], prog_name="timglas", standalone_mode=False) or 0
    except (TimglasError, typer.TyperException, ValidationError) as said:
        sentences, code = refusal(said)
        typer.echo(sentences, err=True)
        return code


def main() -> None:
    """Run the command of this process. What nobody foresaw ends it with one line and status 1."""
    sys.excepthook = say_fault
    sys.exit(run(sys.argv[1:]))
