"""Help in Swedish. Typer writes a few words of its own and has no setting for them, so they are set here."""

from typing import Any

from typer.core import TyperCommand, TyperGroup


class SwedishCommand(TyperCommand):
    """A command whose help is in Swedish all through."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option --help, described in Swedish."""
        return _described(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return how the command is written."""
        return super().get_usage(ctx).replace("Usage:", "Så här:")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help with Swedish headings."""
        _speak_swedish()
        super().format_help(ctx, formatter)


class SwedishGroup(TyperGroup):
    """A group of commands whose help is in Swedish and shows the commands only."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option --help, which needs no mention in the list of commands."""
        option = _described(super().get_help_option(ctx))
        option.hidden = True
        return option

    def get_usage(self, ctx: Any) -> str:
        """Return how the command is written."""
        return super().get_usage(ctx).replace("Usage:", "Så här:")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help with Swedish headings."""
        _speak_swedish()
        super().format_help(ctx, formatter)


def _described(option: Any) -> Any:
    option.help, option.metavar = "Visa den här hjälpen.", " "
    return option


def _speak_swedish() -> None:
    from typer import rich_utils  # noqa: PLC0415 - what draws boxes is needed for help alone

    rich_utils.ARGUMENTS_PANEL_TITLE = "Anges"
    rich_utils.OPTIONS_PANEL_TITLE = "Val"
    rich_utils.COMMANDS_PANEL_TITLE = "Kommandon"
    rich_utils.REQUIRED_LONG_STRING = "[krävs]"
    rich_utils.DEFAULT_STRING = "[annars: {}]"
    rich_utils.ENVVAR_STRING = "[eller miljövariabeln {}]"
