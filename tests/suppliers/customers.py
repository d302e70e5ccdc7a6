"""As many customers of one supplier as wanted, each with contact points, and an organisation, of its own."""

from models.parties import Controller, Register
from tests.small_world import REGISTER

DOMAIN = "kunder.example"


def customer(number: int) -> Controller:
    like = REGISTER.controllers[0]
    return Controller.model_validate(
        {
            **like.model_dump(exclude={"contacts"}),
            "id": f"kund-{number:03}",
            "name": f"Nämnd {number:03}",
            "organisation": f"Kommun {number:03}",
            "email": f"kund-{number:03}@{DOMAIN}",
            "contacts": [
                {"name": "Första", "email": f"kund-{number:03}@{DOMAIN}"},
                {"name": "Jouren", "email": f"jour-{number:03}@{DOMAIN}"},
            ],
        }
    )


def with_customers(count: int) -> Register:
    """The register of the small world with ``count`` customers in place of its controllers."""
    return REGISTER.model_copy(update={"controllers": tuple(map(customer, range(count)))})
