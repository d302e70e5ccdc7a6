"""Read the authorities' forms once, and answer which stands on a day. A form that cannot be understood is refused."""

from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from law.statute import StringLoader
from models.errors import N_, StatuteError
from models.form import Form

FOLDER = Path(__file__).parent / "forms"
IMY, EDPB = "se.imy.notification", "eu.edpb.notification"


def form_on(form: str, day: date, folder: Path = FOLDER) -> Form:
    """Return the newest version of ``form`` that stands on ``day``. A draft is older than nothing: it stands from the start.

    Raises StatuteError if there is none, or if a file cannot be read.
    """
    versions = [one for one in _forms(folder) if one.id == form]
    standing = [one for one in versions if one.status == "draft" or one.valid_from <= day]
    if not standing:
        raise StatuteError(
            N_("There is no form {form} for {day}."),
            why=N_("The authority's forms are files in law/forms, each from its day on."),
            remedy=N_("Add the form with its source, or check the day."),
            form=form,
            day=day.isoformat(),
        )
    return max(standing, key=lambda one: (one.valid_from <= day, one.valid_from))


@cache
def _forms(folder: Path) -> tuple[Form, ...]:
    return tuple(_read(file) for file in sorted(folder.glob("*.yaml")))


def _read(file: Path) -> Form:
    try:
        return Form.model_validate(yaml.load(file.read_text(encoding="utf-8"), Loader=StringLoader))  # noqa: S506
    except (yaml.YAMLError, ValidationError) as fault:
        said = fault.errors()[0]["msg"] if isinstance(fault, ValidationError) else " ".join(str(fault).split())
        raise StatuteError(
            N_("The form {file} cannot be read: {fault}."),
            why=N_("A form that is not understood is not filled in."),
            remedy=N_("Mend the file; the other files in law/forms show how."),
            file=file.name,
            fault=said.rstrip("."),
        ) from fault
