"""Incident in, letter out: one function for each letter. What comes from the law is given as plain values."""

from letters.compose.anchor import chain_anchor
from letters.compose.authority import (
    supervisory_authority_cover_letter,
    supervisory_authority_notification,
    supervisory_authority_supplement,
    supervisory_authority_withdrawal,
)
from letters.compose.breach_register import breach_listing, breach_register
from letters.compose.confirmation import confirmation_code
from letters.compose.diary_entry import diary_entry
from letters.compose.forwarding import FORWARDED_BY, sealed_forwarding
from letters.compose.not_notified import decision_not_to_notify
from letters.compose.notices import notice_confirmation, notice_passed_on, notice_refused, notice_whose
from letters.compose.persons import data_subject_communication, data_subject_correction, public_communication
from letters.compose.processor import controller_notice_from_processor, controller_notice_unanswered
from letters.compose.reminder_answers import answer_received
from letters.compose.reminders import (
    Answered,
    Around,
    Matter,
    deadline_passed,
    deadline_reminder,
    deadline_settled,
    deadline_started,
    decision_reminder,
)
from letters.compose.watch import limits_in_words, watch_alarm, watch_all_clear
from letters.compose.yearly_report import yearly_report
from letters.senders import address_lines, joint_letterhead, letterhead

__all__ = [
    "FORWARDED_BY",
    "Answered",
    "Around",
    "Matter",
    "address_lines",
    "answer_received",
    "breach_listing",
    "breach_register",
    "chain_anchor",
    "confirmation_code",
    "controller_notice_from_processor",
    "controller_notice_unanswered",
    "data_subject_communication",
    "data_subject_correction",
    "deadline_passed",
    "deadline_reminder",
    "deadline_settled",
    "deadline_started",
    "decision_not_to_notify",
    "decision_reminder",
    "diary_entry",
    "joint_letterhead",
    "letterhead",
    "limits_in_words",
    "notice_confirmation",
    "notice_passed_on",
    "notice_refused",
    "notice_whose",
    "public_communication",
    "sealed_forwarding",
    "supervisory_authority_cover_letter",
    "supervisory_authority_notification",
    "supervisory_authority_supplement",
    "supervisory_authority_withdrawal",
    "watch_alarm",
    "watch_all_clear",
    "yearly_report",
]
