"""The command ``timglas``: the same services as the flows, for scripts and for when Prefect is down."""

import sys
from collections.abc import Callable, Sequence

import typer
from pydantic import ValidationError
from typer.main import get_command

from flows.commands import case, decide, facts, filing, law, operate, outgoing, show
from flows.commands.help import SwedishCommand, SwedishGroup
from flows.commands.refusals import refusal, say_fault
from models.errors import TimglasError

PANELS: dict[str, dict[str, Callable[..., None]]] = {
    "Ärende": {
        "new": case.new,
        "aware": case.aware,
        "correct-awareness": case.correct_aware,
        "rule-out": case.rule_out,
        "regime": decide.regime,
        "facts": facts.facts,
        "correct-facts": facts.correct_facts,
        "close": case.close,
        "archive": case.archive,
    },
    "Beslut": {
        "decide": decide.decide,
        "except": decide.except_,
        "draft": decide.draft,
        "approve": decide.approve,
        "lift": filing.lift,
    },
    "Utskick": {
        "file": filing.file,
        "diary": filing.diary,
        "withdraw": filing.withdraw,
        "order": filing.order,
        "report": filing.report,
        "send": outgoing.send,
        "publish": outgoing.publish,
        "inform": outgoing.inform,
    },
    "Översikt": {"show": show.show, "board": show.board, "timeline": show.timeline, "verify": show.verify},
    "Lag": {"clock": law.clock, "law": law.law, "assess": law.assess},
    "Drift": {"up": operate.up, "sweep": operate.sweep, "remind": operate.remind, "demo": operate.demo},
}
"""Every command, in the order a case needs them, under the heading it has in ``timglas --help``."""


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
    recipients = typer.Typer(
        cls=SwedishGroup, help="Läs in dem som ska få brev.", subcommand_metavar="KOMMANDO", options_metavar=""
    )
    recipients.callback()(_nothing)
    recipients.command("load", cls=SwedishCommand, options_metavar="VAL")(outgoing.load)
    app.add_typer(recipients, name="recipients", rich_help_panel="Utskick")
    return app


def _nothing() -> None:
    """Läs in dem som ska få brev."""


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
