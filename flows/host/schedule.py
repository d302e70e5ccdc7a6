"""Everything that Prefect must have before the desk opens: the pool, every form, the sweep each minute, its watch."""

import os
from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.exceptions import ObjectAlreadyExists

from adapters.settings import Settings
from flows.acts.sending import send_letters
from flows.bootstrap import wire
from flows.deploy import ENGINE, POOL, deploy_flow, deploy_forms
from flows.host.automations import declare, declared
from flows.sweep import sweep

_SWEEP_EVERY, _ON_THE_MINUTE = timedelta(minutes=1), datetime(2023, 1, 1, tzinfo=UTC)
"""Time limits are set to the minute, and so is the sweep: what falls at 16.10 goes at 16.10, not half a minute later."""


async def deploy() -> int:
    """Create or refresh every deployment, ask for a sweep over everything, and return how many there are.

    Safe to run again. When the register changes, the next sweep renews the forms by itself.
    """
    register = wire().register
    async with get_client() as client:
        await _pool(client)
        forms = await deploy_forms(register, client)
        each = IntervalSchedule(interval=_SWEEP_EVERY, anchor_date=_ON_THE_MINUTE)
        every_minute = DeploymentScheduleCreate(schedule=each, active=True)
        svep = await deploy_flow(sweep, ENGINE, register, client, schedules=[every_minute], concurrency_limit=1)
        await deploy_flow(send_letters, ENGINE, register, client, concurrency_limit=Settings().senders)
        await declare(declared(), auth=os.environ.get("PREFECT_API_AUTH_STRING"), client=client)
        await client.create_flow_run_from_deployment(svep, parameters={"whole": True})
    return forms + 2


async def _pool(client: PrefectClient) -> None:
    try:
        await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    except ObjectAlreadyExists:
        return
