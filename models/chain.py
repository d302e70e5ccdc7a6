"""The hash of an event given the hash before it: change one line and every later hash differs."""

import hashlib

GENESIS = "0" * 64
"""The hash before the first event of a timeline."""


def link(previous: str, incident_id: str, sequence: int, payload: str) -> str:
    """Return the SHA-256 over the previous hash, the place in the timeline and the stored ``payload`` (JSON text)."""
    return hashlib.sha256("\n".join((previous, incident_id, str(sequence), payload)).encode()).hexdigest()


def first_broken(rows: list[tuple[str, int, str, str]]) -> int | None:
    """Return the sequence of the first row (incident, sequence, payload, hash) that does not follow; None if all do."""
    previous = GENESIS
    for place, (incident_id, sequence, payload, stored) in enumerate(rows, start=1):
        if sequence != place or link(previous, incident_id, sequence, payload) != stored:
            return place
        previous = stored
    return None
