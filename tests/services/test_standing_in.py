"""Who is reminded when people are away, when the policy changes under a running chain, and when a case opens again."""

from datetime import date, timedelta

from models.breach_events import Risk
from models.facts import Trigger
from models.parties import Absence, Register, Role
from models.policy import Steps
from tests.services.office import DUE, THREAT, Office, at

HOUR = timedelta(hours=1)
SARA, ANNA, BO = (
    "dataskyddsombud@exempelkommun.example",
    "anna.exempel@exempelkommun.example",
    "bo.exempel@exempelkommun.example",
)


def away(register: Register, person: str, first: date, last: date) -> Register:
    gone = Absence(first=first, last=last)
    people = (one.model_copy(update={"absences": (gone,)}) if one.id == person else one for one in register.people)
    return register.model_copy(update={"people": tuple(people)})


def until(office: Office, case: str, end: str) -> None:
    """Sweep whenever the case is due."""
    while (due := office.world.timeline.next_at()) is not None and due <= at(end):
        office.sweep(case, due)


def addresses(office: Office) -> list[str]:
    found = office.post.addresses[:]
    office.post.mails.clear()
    return found


def test_who_is_away_is_not_reminded_and_a_stand_in_is_told_why(office: Office) -> None:
    register = away(office.world.register, "anna.exempel", date(2023, 4, 24), date(2023, 4, 25))
    there = office.with_parts(register=register)
    case = there.known()
    there.sweep(case, at("2023-04-24 17.00"))
    first = next(mail for mail in there.post.mails if mail.to == BO)
    assert "Du får påminnelsen för att Anna Exempel är borta." in " ".join(first.text.split())
    assert ANNA not in addresses(there)


def test_who_comes_back_is_told_once_of_what_is_open_and_whoever_stood_in_no_more(office: Office) -> None:
    register = away(office.world.register, "anna.exempel", date(2023, 4, 24), date(2023, 4, 25))
    there = office.with_parts(register=register)
    case = there.known()
    until(there, case, "2023-04-25 23.00")
    assert ANNA not in addresses(there)
    until(there, case, "2023-04-26 00.10")
    assert addresses(there).count(ANNA) == 1, "from the first minute of the day they are back"
    there.sweep(case, at("2023-04-26 16.10"))
    later = addresses(there)
    assert ANNA in later
    assert BO not in later


def test_a_policy_that_is_edited_while_a_chain_runs_changes_the_next_chain_and_not_this_one(office: Office) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    policy = office.world.policy
    rarely = policy.model_copy(update={"deadlines": {"default": Steps(then_every=9999)}})
    edited = office.with_parts(policy=rarely)
    addresses(office)
    for hours in (48, 24, 12, 6, 2):
        edited.sweep(case, DUE - hours * HOUR)
        assert SARA in addresses(edited), f"{hours} hours left"
    other = edited.known("barn-och-utbildningsnamnden")
    edited.sweep(other, at("2023-04-24 17.00"))
    addresses(edited)
    edited.sweep(other, DUE - 2 * HOUR)
    assert SARA not in addresses(edited), "what starts under the new policy runs by it"


def test_a_policy_that_is_edited_while_a_chain_runs_loses_no_late_step(office: Office) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    edited = office.with_parts(policy=office.world.policy.model_copy(update={"to": (Role.DELEGATE,)}))
    edited.sweep(case, DUE + timedelta(minutes=1))
    assert SARA in addresses(edited)
    edited.sweep(case, DUE + 6 * HOUR)
    assert SARA in addresses(edited), "the officer was among those who are reminded when it began"


def test_a_duty_that_opens_again_starts_its_chain_anew_for_the_same_people(office: Office) -> None:
    case = office.known()
    office.sweep(case, at("2023-04-24 17.00"))
    office.decide(case, Risk.UNLIKELY, when="2023-04-25 10.00")
    office.sweep(case, at("2023-04-25 10.01"))
    addresses(office)
    until(office, case, "2023-05-01 12.00")
    assert addresses(office) == [], "decided: nobody is reminded"
    office.facts(case, THREAT, when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    office.sweep(case, at("2023-05-09 11.01"))
    told = addresses(office)
    assert told.count(SARA) == 1
    office.sweep(case, at("2023-05-10 11.00"))
    assert SARA in addresses(office), "48 hours before the new limit"
