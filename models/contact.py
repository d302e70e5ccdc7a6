"""How an organisation or a role-bearer is reached: by mailbox and by telephone."""

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator

from models.base import Value


def _address(text: str) -> str:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError as fault:
        raise ValueError("this is no e-mail address") from fault
    return text


Phone = Annotated[str, AfterValidator(lambda number: number.replace(" ", "\u00a0"))]
"""A telephone number as people read it, 031-390 06 00; its groups never part at the end of a line."""

Email = Annotated[str, AfterValidator(_address)]
"""The address of a mailbox, kept as it was written."""


class ContactPoint(Value):
    """Where an organisation is reached about an incident: a function or a mailbox, in the order one tries them."""

    name: str
    email: Email
    phone: Phone = ""
    round_the_clock: bool = False
