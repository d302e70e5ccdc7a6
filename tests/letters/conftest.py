import pytest

from models.parties import Controller, Register
from tests.letters import case


@pytest.fixture
def register() -> Register:
    return case.register()


@pytest.fixture
def controller(register: Register) -> Controller:
    return register.controllers[0]
