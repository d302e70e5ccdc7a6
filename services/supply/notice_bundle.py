"""A bundle of notices as it is kept between writing and sending, so that what is approved is what goes, to the letter."""

import json
from collections.abc import Sequence

from letters.plain import sha256
from models.base import Sha256, Value
from models.confirmation import digest_of
from models.errors import N_, NotApproved
from models.incident import Incident
from models.letter import Letter
from models.notice import Notice
from services.ports.world import World


class Prepared(Value):
    """One notice: for whom, as machines read it, and as people do."""

    controller: str
    notice: Notice
    letter: Letter


def digest(bundle: Sequence[Prepared]) -> Sha256:
    """Return the SHA-256 over every text of ``bundle``, in its order."""
    return digest_of([[one.controller, sha256(one.letter), one.notice.model_dump(mode="json")] for one in bundle])


def keep(incident_id: str, bundle: Sequence[Prepared], world: World) -> Sha256:
    """Keep ``bundle`` among the drafts and return its digest."""
    key = digest(bundle)
    content = json.dumps(
        [one.model_dump(mode="json", exclude_none=True) for one in bundle], ensure_ascii=False, indent=1
    )
    world.archive.keep(incident_id, _name(key), content.encode())
    return key


def drafted(incident: Incident, world: World) -> tuple[Prepared, ...]:
    """Return the newest bundle, approved or not. Raises NotApproved if there is none or the file was changed."""
    if incident.supply.prepared is None:
        raise _none()
    key = incident.supply.prepared.sha256
    bundle = tuple(map(Prepared.model_validate, json.loads(world.archive.read(incident.id, _name(key)))))
    if digest(bundle) != key:
        raise _none()
    return bundle


def released(incident: Incident, world: World) -> tuple[Prepared, ...]:
    """Return the newest bundle if it is the one that was approved. Raises NotApproved."""
    supply = incident.supply
    if supply.prepared is None or supply.approved is None or supply.approved.sha256 != supply.prepared.sha256:
        raise _none()
    return drafted(incident, world)


def _name(key: Sha256) -> str:
    return f"utkast/underrattelser-{key[:12]}.json"


def _none() -> NotApproved:
    return NotApproved(
        N_("No notices are approved as they stand."),
        why=N_("Nothing is sent that differs from what was approved."),
        remedy=N_("Prepare the notices, and have them approved."),
    )
