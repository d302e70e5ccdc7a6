"""Every act that binds the organisation, called straight at its service: with no form, no command and no flow before it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import pytest

from models.breach_events import Risk
from models.confirmation import Act, Subject
from models.errors import NotConfirmed, NotEntitled
from models.recipient import Channel, Protection
from services.case.decide_risk import decide_risk, decision_of
from services.confirm import CodeNeeded
from services.documents.approve_letter import approval_of, approve_letter
from services.people.print_batch import forwarding_of, print_batch
from services.people.start_communication import release_of, start_communication
from services.supply.release_notices import release_notices
from services.supply.release_notices import release_of as notices_of
from services.supply.state_slices import Slice
from tests.services.office import BOARD, MANAGER, NOTIFICATION, OFFICER, PROCESSOR, Office, at, person

WHEN = "2023-05-15 12.00"
REASONS = "Bara tomma konton."


class Binding(NamedTuple):
    """An act that waits for its code: what the code is bound to for somebody, the call, and who may not make it."""

    case: str
    whose: str
    subject: Callable[[str], Subject]
    call: Callable[..., Any]
    nobody: str = OFFICER
    when: str = WHEN


def approving(office: Office) -> Binding:
    case = office.decided(Risk.RISK)
    sha256 = office.draft(case, NOTIFICATION, when="2023-04-26 14.00")
    text = {"letter": NOTIFICATION, "sha256": sha256}
    return Binding(
        case,
        office.delegate(case),
        lambda by: approval_of(case, **text, by=by),
        partial(approve_letter, case, **text),
        when="2023-04-26 15.00",
    )


def not_notifying(office: Office) -> Binding:
    case = office.known()
    call = partial(decide_risk, case, level=Risk.UNLIKELY, reasoning=REASONS)
    return Binding(
        case,
        office.delegate(case),
        lambda by: decision_of(office.incident(case), reasoning=REASONS, by=by),
        call,
    )


def releasing(office: Office) -> Binding:
    case = office.ready_to_write([person(1)])
    subject = partial(release_of, case, world=office.world)
    return Binding(case, office.delegate(case), lambda by: subject(by=by), partial(start_communication, case))


def forwarding(office: Office) -> Binding:
    case = office.ready_to_write([person(1, protection=Protection.SECRECY_MARKED)])
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when="2023-05-15 11.05")
    subject = partial(forwarding_of, case, world=office.world)
    call = partial(print_batch, case, channel=Channel.SEALED)
    return Binding(case, office.delegate(case), lambda by: subject(by=by), call)


def releasing_notices(office: Office) -> Binding:
    case = office.known(PROCESSOR, by=MANAGER, concerned=(BOARD,))
    office.slices(case, Slice(BOARD, office.incident(case).facts), when="2023-04-24 17.00")
    office.prepare(case, when="2023-04-24 17.10")
    prepared = office.incident(case).supply.prepared
    assert prepared is not None
    return Binding(
        case, MANAGER, lambda by: notices_of(case, prepared, by=by), partial(release_notices, case), "leo.pahitt"
    )


BINDING: dict[Act, Callable[[Office], Binding]] = {
    Act.APPROVE_LETTER: approving,
    Act.DECIDE_NOT_TO_NOTIFY: not_notifying,
    Act.RELEASE_LETTERS: releasing,
    Act.FORWARD_SEALED: forwarding,
    Act.RELEASE_NOTICES: releasing_notices,
}
every_act = pytest.mark.parametrize("act", BINDING)


def refuses(
    office: Office, binding: Binding, code: str | None, error: type[Exception], *, by: str = "", minutes: int = 0
) -> None:
    before = office.words(binding.case), office.documents(binding.case)
    now = at(binding.when) + timedelta(minutes=minutes)
    with pytest.raises(error):
        binding.call(code=code, by=by or binding.whose, now=now, world=office.world)
    assert (office.words(binding.case), office.documents(binding.case)) == before


def test_every_act_that_takes_a_code_is_tried() -> None:
    assert set(BINDING) == set(Act)


@every_act
def test_without_a_code_nothing_is_done_and_the_code_it_takes_is_for_this_act(office: Office, act: Act) -> None:
    binding = BINDING[act](office)
    with pytest.raises(CodeNeeded) as needed:
        binding.call(code=None, by=binding.whose, now=at(binding.when), world=office.world)
    assert needed.value.subject == binding.subject(binding.whose)
    assert needed.value.subject.act is act
    refuses(office, binding, None, CodeNeeded)


@every_act
def test_a_code_that_is_wrong_late_or_for_something_else_does_nothing(office: Office, act: Act) -> None:
    binding = BINDING[act](office)
    subject = binding.subject(binding.whose)
    other = subject.model_copy(update={"content": "0" * 64})
    refuses(office, binding, office.code(other, binding.when), NotConfirmed)
    right = office.code(subject, binding.when)
    refuses(office, binding, f"{(int(right) + 1) % 1_000_000:06}", NotConfirmed)
    refuses(office, binding, right, NotConfirmed, minutes=16)


@every_act
def test_whoever_may_not_act_does_not_act_with_a_code_of_their_own_either(office: Office, act: Act) -> None:
    binding = BINDING[act](office)
    code = office.code(binding.subject(binding.nobody), binding.when)
    refuses(office, binding, code, NotEntitled, by=binding.nobody)


@every_act
def test_the_right_code_does_it_once(office: Office, act: Act) -> None:
    binding = BINDING[act](office)
    code = office.code(binding.subject(binding.whose), binding.when)
    binding.call(code=code, by=binding.whose, now=at(binding.when), world=office.world)
    verdict = office.world.codes.use(binding.subject(binding.whose).digest, binding.whose, code, at(binding.when))
    assert verdict.value != "right"
