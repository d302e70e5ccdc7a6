"""Pages and tables in Prefect's UI, one version each: written only when they read otherwise, and in their place."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from prefect.client.orchestration import PrefectClient


class Kept(NamedTuple):
    """What Prefect shows under a key now."""

    id: UUID
    data: str


async def kept(keys: Iterable[str], client: PrefectClient) -> dict[str, Kept]:
    """Return what is shown under each of ``keys``. The client's own method sends empty filters, which the server refuses."""
    wanted = list(keys)
    filters = {"artifacts": {"key": {"any_": wanted}}, "limit": len(wanted)}
    answer = await client.request("POST", "/artifacts/latest/filter", json=filters)
    return {one["key"]: Kept(UUID(one["latest_id"]), str(one["data"])) for one in answer.json()}


async def show(key: str, kind: str, data: str, description: str, *, before: Kept | None, client: PrefectClient) -> None:
    """Show ``data`` under ``key`` instead of what stood there ``before``; its address stays the same."""
    if before is None:
        whole = {"key": key, "type": kind, "data": data, "description": description}
        await client.request("POST", "/artifacts/", json=whole)
    elif before.data != data:
        new = {"data": data, "description": description}
        await client.request("PATCH", "/artifacts/{id}", json=new, path_params={"id": before.id})
