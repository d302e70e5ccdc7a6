"""Keep the copy of what was filed. The e-service shows it once; without it nobody can prove what the authority got."""

import hashlib
from datetime import datetime

from models.base import ActorId, IncidentId
from models.errors import N_, MissingParticular, StepOutOfOrder
from models.filing_events import FilingCopyKept, FilingCopyMissing
from models.incident import Incident
from services.documents.issue import keep, kept
from services.filing.kept_file import KeptFile, read_kept_file
from services.filing.told_together import name_beside, told_in
from services.ports.world import World
from services.record import read, stands, write_down
from services.roles import FILES, require_role


def keep_copy(
    incident_id: IncidentId,
    *,
    content: bytes | None = None,
    because: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Keep ``content`` as the copy of the newest filing without one, or write down ``because`` of what there is none.

    Raises StepOutOfOrder if every filing has its copy, MissingParticular for neither, UnreadableFile for a file that
    is no PDF, page or picture.
    """
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=FILES, register=world.register)
    if content is None:
        why = _required(because).strip()
        if stands(case, FilingCopyMissing, occurred_at=now, now=now, by=by, content={"because": why}):
            return case.incident
        stamp = {"filing": _newest(case.incident)[0], "occurred_at": now, "recorded_at": now, "recorded_by": by}
        return write_down(case, FilingCopyMissing.model_validate({**stamp, "because": why}), world=world)
    digest = hashlib.sha256(content).hexdigest()
    earlier = (copy.document for copy in case.history if isinstance(copy, FilingCopyKept))
    if any(
        stands(case, FilingCopyKept, occurred_at=now, now=now, by=by, content={"document": document})
        for document in earlier
        if document.sha256 == digest
    ):
        return case.incident
    line, number = _newest(case.incident)
    stamp = {"filing": line, "occurred_at": now, "recorded_at": now, "recorded_by": by}
    file = read_kept_file(content)
    if number == 1:
        _keep_beside(case.incident, file, {**stamp}, world)
    documents = {f"anmalan/{number}-kvittens.{file.ending}": file.content}
    keep(documents, incident=case.incident, world=world)
    (document,) = kept(documents)
    return write_down(case, FilingCopyKept.model_validate({**stamp, "document": document}), world=world)


def _keep_beside(lead: Incident, file: KeptFile, stamp: dict[str, object], world: World) -> None:
    """Keep the copy also in the file of each incident that the first sheet told of, where there is none."""
    documents = {f"{name_beside(lead.id)}-kvittens.{file.ending}": file.content}
    (document,) = kept(documents)
    for case, line in told_in(lead, world):
        if line not in case.incident.copies:
            keep(documents, incident=case.incident, world=world)
            event = FilingCopyKept.model_validate({**stamp, "filing": line, "document": document})
            write_down(case, event, world=world)


def _required(because: str | None) -> str:
    if because is None:
        raise MissingParticular(
            N_("Neither the copy nor a reason is given."),
            why=N_("The copy proves what the authority got."),
            remedy=N_("Name the file, or write why there is no copy."),
        )
    return because


def _newest(incident: Incident) -> tuple[int, int]:
    """Return the line of the newest filing without a copy, and its number among the filings."""
    if not incident.without_copy:
        raise StepOutOfOrder(
            N_("No filing in {incident} waits for its copy."),
            why=N_("Each filing that is registered has one already, or nothing is registered."),
            remedy=N_("Register the filing first."),
            incident=incident.id,
        )
    line = incident.without_copy[-1]
    return line, incident.filed_lines.index(line) + 1
