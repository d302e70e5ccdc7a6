"""What an officer keeps in files: the register of parties, the reminder policy, and the master key."""

import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError

from adapters.keyring import from_keyring
from adapters.settings import Settings
from models.base import Value
from models.errors import N_, UnknownReference, WrongKey
from models.parties import Register
from models.policy import ReminderPolicy

Kind = TypeVar("Kind", bound=Value)


def read_register(file: Path) -> Register:
    """Read the register of parties. Raises UnknownReference naming the file and the fault."""
    return _read(file, Register)


def read_policy(file: Path) -> ReminderPolicy:
    """Read the reminder policy. Raises UnknownReference naming the file and the fault."""
    return _read(file, ReminderPolicy)


def read_handed_in(file: str | Path) -> bytes:
    """Return the content of a file on this machine that somebody hands in. Raises UnknownReference if it is not there."""
    path = Path(file)
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, PermissionError) as fault:
        raise UnknownReference(
            N_("The file {file} is not there."),
            why=N_("Timglas reads it on the machine where it runs, and may only read what its own user may."),
            remedy=N_("Put the file there, and give its whole name with its folder."),
            file=path.name,
        ) from fault


def master_key(settings: Settings) -> bytes:
    """Return the 256-bit key that wraps the recipients' keys.

    It comes from the environment, the system's keyring, a file of yours, or ours in ``home``, which is made the first
    time, readable by the owner only. Raises WrongKey for one that is not there, or not 64 hexadecimal digits.
    """
    if settings.master_key is not None:
        return _as_key(settings.master_key.get_secret_value())
    if settings.master_key_keyring is not None:
        return _as_key(from_keyring(settings.master_key_keyring))
    if settings.master_key_file is not None:
        try:
            return _as_key(settings.master_key_file.read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError):
            raise _no_key() from None
    file = settings.home / "master.key"
    settings.home.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        with tempfile.NamedTemporaryFile("w", dir=settings.home, prefix=".", encoding="ascii") as draft:
            draft.write(secrets.token_hex(32))
            draft.flush()
            os.fsync(draft.fileno())
            with suppress(FileExistsError):
                os.link(draft.name, file)  # there with the whole key or not at all; of two who make one, the first wins
    return _as_key(file.read_text(encoding="ascii"))


def _as_key(text: str) -> bytes:
    if re.fullmatch(r"[0-9a-fA-F]{64}", text.strip()) is None:
        raise _no_key()
    return bytes.fromhex(text.strip())


def _no_key() -> WrongKey:
    return WrongKey(
        N_("The master key cannot be read."),
        why=N_(
            "It is 64 hexadecimal digits, in TIMGLAS_MASTER_KEY, in the file that TIMGLAS_MASTER_KEY_FILE names, or in the "
            "keyring."
        ),
        remedy=N_("Give the key of this installation. A new one is made with: openssl rand -hex 32"),
    )


def _read(file: Path, kind: type[Kind]) -> Kind:
    try:
        return kind.model_validate(yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader))
    except FileNotFoundError as fault:
        raise _unreadable(file, "there is no such file") from fault
    except yaml.YAMLError as fault:
        raise _unreadable(file, " ".join(str(fault).split())) from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        raise _unreadable(file, f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}") from fault


def _unreadable(file: Path, fault: str) -> UnknownReference:
    return UnknownReference(
        N_("The file {file} cannot be read: {fault}."),
        why=N_("Timglas takes parties and policy from that file."),
        remedy=N_("Mend the file; the examples in deployments show how."),
        file=file.name,
        fault=fault.rstrip("."),
    )
