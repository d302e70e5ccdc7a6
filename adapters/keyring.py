"""The system's own keyring: Secret Service on Linux, the Keychain on macOS, the Credential Locker on Windows.

The library ``keyring`` is needed only where it is used, and comes with ``timglas[keyring]`` (ADR 0019). A key is read from
there and never made: one that is missing may be in another keyring than the one that is open.
"""

from models.errors import N_, WrongKey

ENTRY = "master-key"
"""The user name of the entry; its service is the one that TIMGLAS_MASTER_KEY_KEYRING names."""


def from_keyring(service: str) -> str:
    """Return what the keyring holds under ``service``. Raises WrongKey if it is locked, missing, or holds nothing there."""
    try:
        import keyring  # noqa: PLC0415 - only who keeps the key there has the library
        from keyring.errors import KeyringError  # noqa: PLC0415 - as above
    except ImportError:
        raise WrongKey(
            N_("The keyring cannot be read."),
            why=N_("The Python package keyring is not installed where Timglas runs."),
            remedy=N_("Install it, or give the master key in a file or in the environment."),
        ) from None
    try:
        held = keyring.get_password(service, ENTRY)
    except (KeyringError, OSError) as fault:
        raise _not_held(service, type(fault).__name__) from None
    if held is None:
        raise _not_held(service, type(keyring.get_keyring()).__name__)
    return held


def _not_held(service: str, met: str) -> WrongKey:
    return WrongKey(
        N_("The keyring gives no master key."),
        why=N_("It was asked for {entry} of {service}, and what was met is {met}."),
        remedy=N_("Unlock the keyring, or put the key of this installation there: keyring set {service} {entry}"),
        entry=ENTRY,
        service=service,
        met=met,
    )
