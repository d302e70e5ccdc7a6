"""Put every decision that the law wants before a person: one suspended run each, and none that nobody needs.

A run is created suspended, with its form, so no process runs until somebody resumes it. Two sweeps at once make one:
the key of a run is its question and how often that was asked before.
"""

import json
from collections.abc import Iterable
from functools import partial
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Cancelled, Suspended

from flows.answer_forms import form_of
from flows.runs import runs_of, tags_of
from flows.waiting import KEYS, REFUSED, REPLACED, settle
from letters.case_page import CaseFile, Link, question_page
from letters.language import say
from models.base import IncidentId
from models.errors import N_, UnknownReference
from models.events import RiskDecided
from models.incident import replay
from models.letter import Letter
from services.draft_letter import draft_name
from services.drafts import changes
from services.ports import World
from services.questions import Kind, Question, questions
from services.record import Case, law_for

TAG = "Att besluta"
NOT_NEEDED, IN_PREPARATION = "Behövs inte", "Förbereds"

_UNANSWERED = [StateType.FAILED, StateType.CRASHED, StateType.CANCELLED]
_LOOK_BACK = timedelta(hours=1)
