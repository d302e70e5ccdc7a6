"""Where the people and the messages of a case's letters are kept, and who of them has been written to."""

import re
from collections.abc import Mapping

from models.base import IncidentId
from models.recipient import Channel, DeliveryState
from models.route import Way, whose
from services.people.print_letters import POST
from services.ports.world import World

_WAYS = {
    Channel.EMAIL: Way.EMAIL,
    Channel.MAILBOX: Way.MAILBOX,
    Channel.PAPER: Way.PAPER,
    Channel.SEALED: Way.SEALED,
}


def communication_of(incident_id: IncidentId) -> str:
    """Return the id under which the recipients and messages of the incident's letters are kept."""
    return f"{incident_id}/gdpr.34.1"


def states_of(communication: str, sha256: str, world: World) -> Mapping[tuple[str, Channel], DeliveryState]:
    """Return where each message with that letter stands, on paper too, by its key and channel."""
    return {
        **world.outbox.states(communication, sha256),
        **world.outbox.states(f"{communication}/{POST}", sha256),
    }


def failed_of(communication: str, world: World) -> Mapping[tuple[str, Channel], DeliveryState]:
    """Return the envelopes, by key and channel, that go nowhere this way, whatever lay in them, and how each failed."""
    return world.outbox.failed(communication) | world.outbox.failed(f"{communication}/{POST}")


def came_back_of(communication: str, world: World) -> frozenset[tuple[str, Channel]]:
    """Return those that failed on their way. Of what could not be printed, the address may well be right."""
    failed = failed_of(communication, world).items()
    return frozenset(envelope for envelope, how in failed if how is not DeliveryState.UNPRINTABLE)


def replaced_of(communication: str, sha256: str, world: World) -> frozenset[str]:
    """Return the keys under which the letter was printed to go openly, and was brought back or left out."""
    failed = world.outbox.failed(f"{communication}/{POST}", sha256)
    return frozenset(key for key, channel in failed if channel is not Channel.SEALED)


def written_to(states: Mapping[tuple[str, Channel], DeliveryState]) -> dict[str, Way]:
    """Return who has a letter that did not come back, by their id, and which way it went."""
    return {
        whose(key): Way.GUARDIANS if _is_guardians(key) else _WAYS[channel]
        for (key, channel), state in states.items()
        if state is DeliveryState.SENT
    }


def _is_guardians(key: str) -> bool:
    return re.search(r"\.[1-9][0-9]*$", key) is not None
