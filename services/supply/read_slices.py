"""Read a table of what is known of each controller's data: a row a controller, a column a fact."""

from collections.abc import Iterable, Mapping

from letters.answers import read_facts
from letters.language import facts_label
from models.errors import N_, UnknownReference, UnreadableFacts, UnreadableFile, UnreadableTime
from models.facts import Facts
from models.parties import Controller, Processor
from services.supply.state_slices import Slice

_ID, _NUMBER, _AFFECTED, _PRODUCTS = "id", "kundnummer", "berörs", "produkter"
_NOT = frozenset({"nej", "no", "n", "0", "false"})
_SHOWN = 20


def slices_in(
    rows: Iterable[Mapping[str, str]], *, file: str, processor: Processor, controllers: Iterable[Controller]
) -> tuple[Slice, ...]:
    """Return the slices that ``rows`` of ``file`` state, all or none; an empty cell states nothing.

    A controller is named by its id or by its customer number at ``processor``, a fact by its Swedish name or its key.
    Raises UnreadableFile naming every row and column at fault.
    """
    known = {
        **{one.agreement(processor.id).customer_number: one for one in controllers},
        **{one.id: one for one in controllers},
    }
    known.pop("", None)
    slices, faults = [], []
    for number, row in enumerate(rows, start=2):
        try:
            slices.append(_slice(row, known))
        except _Fault as fault:
            faults.append(f"{number} {fault.column}")
    twice = [one.controller for one in slices if sum(other.controller == one.controller for other in slices) > 1]
    if faults or twice or not slices:
        raise _unreadable(file, (*faults, *dict.fromkeys(twice)))
    return tuple(slices)


class _Fault(Exception):
    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


def _slice(row: Mapping[str, str], known: Mapping[str, Controller]) -> Slice:
    controller = known.get(row.get(_ID, "")) or known.get(row.get(_NUMBER, ""))
    if controller is None:
        raise _Fault(_ID if _ID in row else _NUMBER)
    products = tuple(product.strip() for product in row.get(_PRODUCTS, "").split("|") if product.strip())
    unaffected = row.get(_AFFECTED, "").lower() in _NOT
    stated = {
        column: answer
        for column, answer in row.items()
        if answer and column not in (_ID, _NUMBER, _AFFECTED, _PRODUCTS, "namn")
    }
    facts = Facts()
    for column, answer in stated.items():
        facts = facts.learn(_fact(column, answer))
    return Slice(controller=controller.id, facts=facts, unaffected=unaffected, products=products)


def _fact(column: str, answer: str) -> Facts:
    name = _NAMES.get(column)
    if name is None:
        raise _Fault(column)
    try:
        return read_facts({name: answer})
    except (UnreadableFacts, UnreadableTime, UnknownReference):
        raise _Fault(column) from None


_NAMES = {said: name for name in Facts.model_fields for said in (name.replace("_", " "), facts_label(name).lower())}


def _unreadable(file: str, faults: tuple[str, ...]) -> UnreadableFile:
    return UnreadableFile(
        N_("The file {file} cannot be taken in: {count} values are missing, stand there twice or have the wrong form."),
        why=N_("They stand on these rows, in these columns: {place}."),
        remedy=N_(
            "Mend them and load the file again; nothing of it was kept. deployments/examples/slices.csv shows the form."
        ),
        file=file,
        count=len(faults),
        place=faults[:_SHOWN] or ("–",),
    )
