"""What a controller writes about the notices that reach it: that it has one, refused one, or asks whose one is."""

from collections.abc import Iterable
from datetime import datetime

from letters.language import capital, moment, on_the
from letters.render import render
from letters.senders import contact_point, full_name
from models.incident import Incident
from models.letter import Letter
from models.notice import Notice
from models.parties import Controller, Register


def notice_confirmation(
    *, notice: Notice, incident: Incident, controller: Controller, register: Register, arrived_at: datetime
) -> Letter:
    """Return the mail to the processor that its notice is taken in."""
    context = {
        "controller": full_name(controller),
        "reference": notice.reference,
        "version": str(notice.version),
        "code": notice.reply_code,
        "own": incident.id,
        "arrived": moment(arrived_at),
        **contact_point(controller, register),
    }
    return render("notice_confirmation", context)


def notice_refused(*, why: str, key: str, arrived_at: datetime) -> Letter:
    """Return the mail to those who must look at a notice that was refused; ``key`` begins the name of its file."""
    return render("notice_refused", {"why": why, "key": key, "arrived": on_the(arrived_at)})


def notice_passed_on(*, incident: str, controller: Controller, opened: bool, arrived_at: datetime) -> Letter:
    """Return the receipt to somebody who passed a supplier's mail on."""
    context = {
        "reference": incident,
        "controller": full_name(controller),
        "opened": opened,
        "arrived": capital(moment(arrived_at)),
    }
    return render("notice_passed_on", context)


def notice_whose(*, controllers: Iterable[Controller], arrived_at: datetime) -> Letter:
    """Return the question which of the ``controllers`` a mail that was passed on concerns."""
    choices = tuple(f"Till: {controller.id} ({full_name(controller)})" for controller in controllers)
    return render("notice_whose", {"choices": choices, "arrived": on_the(arrived_at)})
