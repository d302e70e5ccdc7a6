"""What Prefect itself watches: its automations, as ``deployments/automations.yaml`` declares them, with whom they call."""

import base64
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import PrefectClient
from prefect.events.schemas.automations import AutomationCore
from prefect.types import SecretDict

from adapters.settings import CHECKOUT
from flows.desk import address
from flows.host.called import CALLED

DECLARED = CHECKOUT / "deployments" / "automations.yaml"

_BLOCK = "timglas-vakt"
"""The name under which the file calls the address of the desk's own watch."""

Declared = Mapping[str, Any]


def declared(file: Path = DECLARED) -> list[Declared]:
    """Return the automations that the file declares."""
    found: list[Declared] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


async def declare(automations: Iterable[Declared], *, auth: str | None, client: PrefectClient) -> int:
    """Create each automation, or make it again what the file says, and return how many there are. Safe to run again.

    ``auth`` is what the desk's API asks for, as in "timglas:password"; None where it asks for nothing. What a person
    switched off in Prefect is switched on again: the file is where that is decided.
    """
    called = await _called(auth, client)
    count = 0
    for one in automations:
        wanted = AutomationCore.model_validate({"enabled": True, **one, "actions": _actions(one, called)})
        known = await client.read_automations_by_name(wanted.name)
        if not known:
            await client.create_automation(wanted)
        for first in known[:1]:
            await client.update_automation(first.id, wanted)
        for twin in known[1:]:
            await client.delete_automation(twin.id)
        count += 1
    return count


def _actions(one: Declared, called: UUID) -> list[dict[str, Any]]:
    """Return the actions with the address they call by its id: Prefect knows it by no other name."""
    ids = {_BLOCK: str(called)}
    return [
        {**{key: value for key, value in action.items() if key != "block"}, "block_document_id": ids[action["block"]]}
        for action in one["actions"]
    ]


async def _called(auth: str | None, client: PrefectClient) -> UUID:
    """Write down the address that the automations call, and return its id. The front of the same server answers there."""
    headers = {"Authorization": f"Basic {base64.b64encode(auth.encode()).decode()}"} if auth else {}
    webhook = Webhook(method="POST", url=f"{address()}{CALLED}", headers=SecretDict(headers))
    return UUID(str(await webhook.save(_BLOCK, overwrite=True, client=client)))
