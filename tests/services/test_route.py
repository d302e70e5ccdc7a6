from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.parties import PostalAddress
from models.recipient import Channel, DeliveryState, Guardian, Protection, Recipient
from models.route import Known, Route, RouteReason, Way
from services.people.family import protected_kin
from services.people.reconcile import Pending, end_of, ends
from services.people.route import route, ways

ON = date(2026, 11, 26)
HOME = PostalAddress(street="Storgatan 1", postcode="99140", city="Provköping")
ABROAD = PostalAddress(street="Karl Johans gate 1", postcode="0154", city="Oslo", country="Norge")
ADULT, CHILD = "197010632391", "201503157811"


def person(**given: Any) -> Recipient:
    return Recipient(**{"id": "s1", "name": "Alva Provlund", "protection": Protection.NONE, **given})


def guardian(**given: Any) -> Guardian:
    return Guardian(**{"name": "Bo Provlund", "protection": Protection.NONE, "address": HOME, **given})


def way(one: Recipient, **known: Any) -> tuple[Way, RouteReason]:
    found = route(one, on=ON, known=Known(**known))
    return found.way, found.reason


FAILED_MAIL, FAILED_PAPER = ("s1", Channel.EMAIL), ("s1", Channel.PAPER)


def test_an_e_mail_address_comes_before_a_digital_mailbox_and_that_before_paper() -> None:
    everything = person(email="a@post.example", mailbox=True, number=ADULT, address=HOME)
    assert way(everything) == (Way.EMAIL, RouteReason.EMAIL_GIVEN)
    assert way(everything.model_copy(update={"email": None})) == (Way.MAILBOX, RouteReason.MAILBOX_FOUND)
    assert way(person(address=HOME)) == (Way.PAPER, RouteReason.ADDRESS_GIVEN)


def test_what_has_failed_is_not_tried_again_and_the_next_way_is_taken() -> None:
    everything = person(email="a@post.example", mailbox=True, number=ADULT, address=HOME)
    failed = [FAILED_MAIL, ("s1", Channel.MAILBOX), ("s1.0", Channel.PAPER)]
    found = [way(everything, failed=failed[:count])[0] for count in range(4)]
    assert found == [Way.EMAIL, Way.MAILBOX, Way.PAPER, Way.UNREACHABLE]
    assert way(everything, failed=failed[:1])[1] is RouteReason.EARLIER_WAY_FAILED
    assert way(everything, failed=failed)[1] is RouteReason.EVERY_WAY_FAILED


def test_another_persons_bounce_closes_nobodys_way() -> None:
    assert way(person(email="a@post.example"), failed={("s2", Channel.EMAIL)})[0] is Way.EMAIL


def test_whom_no_way_is_left_to_is_reached_by_the_notice_if_there_is_one() -> None:
    assert way(person()) == (Way.UNREACHABLE, RouteReason.NO_WAY_GIVEN)
    assert way(person(), notice=True) == (Way.PUBLIC, RouteReason.NO_WAY_GIVEN)


def test_a_digital_mailbox_is_found_by_the_number_and_useless_without() -> None:
    assert way(person(mailbox=True, address=HOME))[0] is Way.PAPER


def test_who_has_emigrated_is_not_written_to_at_a_swedish_address() -> None:
    assert way(person(address=HOME, emigrated=True))[0] is Way.UNREACHABLE
    assert way(person(address=ABROAD, emigrated=True))[0] is Way.PAPER


@pytest.mark.parametrize("protection", list(Protection))
def test_nobody_writes_to_the_dead_whatever_else_is_known(protection: Protection) -> None:
    gone = person(deceased=True, email="a@post.example", address=HOME, protection=protection)
    assert way(gone) == (Way.DECEASED, RouteReason.DECEASED)


@pytest.mark.parametrize(
    "protection, reason",
    [
        (Protection.UNKNOWN, RouteReason.PROTECTION_UNKNOWN),
        (Protection.SECRECY_MARKED, RouteReason.PROTECTED),
        (Protection.PROTECTED_REGISTRATION, RouteReason.PROTECTED),
    ],
)
def test_protected_data_go_the_sealed_way_with_nothing_but_the_number(
    protection: Protection, reason: RouteReason
) -> None:
    everything = person(email="a@post.example", mailbox=True, number=ADULT, address=HOME, protection=protection)
    found = route(everything, on=ON)
    assert (found.way, found.reason) == (Way.SEALED, reason)
    (envelope,) = found.envelopes
    assert (envelope.number, envelope.email, envelope.address) == (ADULT, None, None)


def test_without_a_number_a_protected_person_is_reached_by_hand_and_it_is_said() -> None:
    hidden = person(protection=Protection.SECRECY_MARKED, email="a@post.example")
    assert way(hidden) == (Way.SEALED, RouteReason.PROTECTED_WITHOUT_NUMBER)


def test_a_sealed_letter_that_came_back_opens_no_other_way() -> None:
    hidden = person(protection=Protection.SECRECY_MARKED, email="a@post.example", number=ADULT, address=HOME)
    assert way(hidden, failed={("s1", Channel.SEALED)})[0] is Way.UNREACHABLE


def test_a_child_is_written_to_through_each_guardian_by_the_way_that_reaches_them() -> None:
    child = person(number=CHILD, email="barn@post.example", guardians=(guardian(email="b@post.example"), guardian()))
    found = route(child, on=ON)
    assert (found.way, found.reason) == (Way.GUARDIANS, RouteReason.MINOR)
    assert [(one.key, one.channel, one.for_child) for one in found.envelopes] == [
        ("s1.1", Channel.EMAIL, "Alva Provlund"),
        ("s1.2", Channel.PAPER, "Alva Provlund"),
    ]
    after_bounce = route(child, on=ON, known=Known(failed={("s1.1", Channel.EMAIL)}))
    assert [one.channel for one in after_bounce.envelopes] == [Channel.PAPER, Channel.PAPER]


def test_the_guardian_of_a_child_of_whom_nobody_is_named_is_written_to_at_the_childs_home() -> None:
    found = route(person(number=CHILD, address=HOME, email="barn@post.example"), on=ON)
    assert [(one.channel, one.name, one.for_child) for one in found.envelopes] == [(Channel.PAPER, "", "Alva Provlund")]
    by_mail = route(person(number=CHILD, email="barn@post.example"), on=ON)
    assert [one.channel for one in by_mail.envelopes] == [Channel.EMAIL]


def test_a_child_nobody_can_be_written_to_about_is_unreachable() -> None:
    assert way(person(born=date(2015, 1, 1)))[0] is Way.UNREACHABLE
    child = person(number=CHILD, guardians=(guardian(),))
    assert way(child, failed={("s1.1", Channel.PAPER)}) == (Way.UNREACHABLE, RouteReason.EVERY_WAY_FAILED)


def test_an_age_nobody_knows_and_a_samordningsnummer_are_no_childs() -> None:
    assert way(person(email="a@post.example"))[0] is Way.EMAIL
    assert way(person(number="197010632391", email="a@post.example"))[0] is Way.EMAIL


@pytest.mark.parametrize("protection", [one for one in Protection if one is not Protection.NONE])
def test_no_guardian_is_written_to_when_one_of_them_is_protected_or_may_be(protection: Protection) -> None:
    child = person(number=CHILD, guardians=(guardian(), guardian(name="Cia", protection=protection)))
    found = route(child, on=ON)
    assert (found.way, found.reason) == (Way.SEALED, RouteReason.FAMILY_PROTECTED)
    assert [one.number for one in found.envelopes] == [CHILD]


def test_a_protected_sibling_blocks_the_letter_to_the_guardian_they_share() -> None:
    sibling = person(id="s2", name="Dag", number="201203158790", guardians=(guardian(),))
    hidden = sibling.model_copy(update={"protection": Protection.SECRECY_MARKED})
    child = person(number=CHILD, guardians=(guardian(name="BO  provlund", email="b@post.example"),))

    def found(*listed: Recipient) -> dict[str, Way]:
        return {one.recipient: one.way for one in ways(lambda: listed, on=ON)}

    assert found(child, sibling) == {"s1": Way.GUARDIANS, "s2": Way.GUARDIANS}
    assert found(child, hidden) == {"s1": Way.SEALED, "s2": Way.SEALED}


def test_a_protected_adult_in_the_list_who_is_the_guardian_blocks_it_too() -> None:
    parent = person(id="s2", name="Bo Provlund", number=ADULT, protection=Protection.SECRECY_MARKED)
    by_number = person(number=CHILD, guardians=(guardian(name="B. Provlund", number=ADULT),))
    by_name = person(number=CHILD, guardians=(guardian(),))
    somebody_else = person(number=CHILD, guardians=(guardian(number="198112289874"),))
    kin = protected_kin([parent])
    assert [kin.holds(one) for one in (by_number, by_name, somebody_else)] == [True, True, False]


PEOPLE = some.builds(
    person,
    number=some.sampled_from((None, ADULT, CHILD, "165560160680")),
    email=some.sampled_from((None, "a@post.example")),
    address=some.sampled_from((None, HOME, ABROAD)),
    protection=some.sampled_from(Protection),
    mailbox=some.booleans(),
    deceased=some.booleans(),
    emigrated=some.booleans(),
    guardians=some.lists(
        some.builds(
            guardian,
            email=some.sampled_from((None, "b@post.example")),
            address=some.sampled_from((None, HOME)),
            protection=some.sampled_from(Protection),
        ),
        max_size=2,
    ).map(tuple),
)
KNOWN = some.builds(
    Known,
    some.booleans(),
    some.sets(some.tuples(some.sampled_from(("s1", "s1.1", "s1.2")), some.sampled_from(Channel))),
    some.booleans(),
)


@given(PEOPLE, KNOWN)
def test_everybody_has_exactly_one_way_and_nothing_opens_a_protected_one(one: Recipient, known: Known) -> None:
    found = route(one, on=ON, known=known)
    channels = {envelope.channel for envelope in found.envelopes}
    if one.protection is not Protection.NONE:
        assert channels <= {Channel.SEALED}
    if any(each.protection is not Protection.NONE for each in one.guardians) and one.is_minor(ON):
        assert channels <= {Channel.SEALED}
    if one.is_minor(ON) and one.protection is Protection.NONE:
        assert all(envelope.for_child for envelope in found.envelopes) or channels == {Channel.SEALED}
    assert not {(envelope.key, envelope.channel) for envelope in found.envelopes} & set(known.failed)
    assert bool(found.envelopes) == (found.way not in (Way.DECEASED, Way.PUBLIC, Way.UNREACHABLE))
    assert found.way is not Way.PUBLIC or known.notice


def test_a_person_stands_in_exactly_one_place() -> None:
    mailed = route(person(email="a@post.example"), on=ON)
    key = ("s1", Channel.EMAIL)
    expected = {
        DeliveryState.SENT: Way.EMAIL,
        DeliveryState.DEFERRED: Pending.WAITING,
        DeliveryState.WAITING: Pending.WAITING,
        DeliveryState.CLAIMED: Pending.WAITING,
        DeliveryState.UNCERTAIN: Pending.UNCERTAIN,
    }
    assert {state: end_of(mailed, {key: state}) for state in expected} == expected
    assert end_of(mailed, {}) is Pending.WAITING
    assert end_of(route(person(), on=ON), {}) is Way.UNREACHABLE


@pytest.mark.parametrize(
    "states, end",
    [
        ((DeliveryState.SENT, DeliveryState.SENT), Way.GUARDIANS),
        ((DeliveryState.SENT, DeliveryState.UNCERTAIN), Way.GUARDIANS),
        ((DeliveryState.SENT, DeliveryState.DEFERRED), Pending.WAITING),
        ((DeliveryState.SENT, DeliveryState.CLAIMED), Pending.WAITING),
        ((DeliveryState.UNCERTAIN, DeliveryState.UNCERTAIN), Pending.UNCERTAIN),
    ],
)
def test_a_child_is_reached_when_nothing_waits_and_one_guardian_has_the_letter(
    states: tuple[DeliveryState, ...], end: Way | Pending
) -> None:
    child = person(number=CHILD, guardians=(guardian(), guardian()))
    told = {(f"s1.{place}", Channel.PAPER): state for place, state in enumerate(states, 1)}
    assert end_of(route(child, on=ON), told) is end


@given(some.lists(PEOPLE, max_size=8), KNOWN)
def test_as_many_come_out_as_went_in(people: list[Recipient], known: Known) -> None:
    routes: list[Route] = [route(one, on=ON, known=known) for one in people]
    assert ends(routes, {}).total() == len(people)


def test_a_child_at_the_home_of_somebody_protected_is_not_written_to_in_the_open() -> None:
    child = person(number=CHILD, address=HOME)
    parent = person(id="s2", name="Vera Provlund", number=ADULT, address=HOME, protection=Protection.SECRECY_MARKED)
    neighbour = person(id="s3", number=CHILD, address=HOME.model_copy(update={"street": "Storgatan 2"}))
    adult = person(id="s4", number=ADULT, address=HOME)
    streetless = [parent.model_copy(update={"address": HOME.model_copy(update={"street": ""})})]
    found = list(ways(lambda: [child, parent, neighbour, adult], on=ON))
    assert [one.way for one in found] == [Way.SEALED, Way.SEALED, Way.GUARDIANS, Way.PAPER]
    assert found[0].reason is RouteReason.FAMILY_PROTECTED
    assert not protected_kin(streetless).holds(person(id="s5", address=streetless[0].address))


def test_a_name_written_backwards_is_still_that_of_the_family() -> None:
    parent = person(id="s2", name="Provlund, Vera", number=ADULT, protection=Protection.SECRECY_MARKED)
    child = person(number=CHILD, guardians=(guardian(name="Vera Provlund", email="v@post.example"),))
    assert protected_kin([parent]).holds(child)


DEAD = person(id="s2", name="Bo Provlund", number=ADULT, deceased=True)


def test_a_guardian_who_has_died_is_not_written_to_and_the_other_one_is() -> None:
    other = guardian(name="Alma Provlund", number="198001019999", email="alma@post.example")
    child = person(number=CHILD, guardians=(guardian(number=ADULT), other))
    routes = list(ways(lambda: iter([child, DEAD]), on=ON))
    assert [(one.key, one.name) for one in routes[0].envelopes] == [("s1.2", "Alma Provlund")]
    assert routes[1].way is Way.DECEASED


def test_the_guardian_of_a_child_whose_only_known_one_has_died_is_written_to_at_the_childs_home() -> None:
    child = person(number=CHILD, address=HOME, guardians=(guardian(number=ADULT),))
    (envelope,) = next(ways(lambda: iter([child, DEAD]), on=ON)).envelopes
    assert (envelope.key, envelope.name, envelope.for_child) == ("s1", "", "Alva Provlund")


def test_somebody_who_only_shares_the_name_of_the_dead_is_written_to() -> None:
    child = person(number=CHILD, guardians=(guardian(number="198001019999"),))
    (envelope,) = next(ways(lambda: iter([child, DEAD]), on=ON)).envelopes
    assert envelope.name == "Bo Provlund"
