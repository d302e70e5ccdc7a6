"""What a processor tells each of its controllers (Article 33(2)), drawn from the notice that machines read."""

from letters.chain_times import stated_times
from letters.compose.known import paragraphs, require
from letters.language import category_label, clock_time, day, listed, people, word
from letters.render import render
from letters.senders import known_as
from models.facts import Cause, Exfiltration, Facts
from models.letter import Letter
from models.notice import Notice

NOTICE = "controller_notice_from_processor"
CHASER = "controller_notice_unanswered"


def controller_notice_from_processor(notice: Notice) -> Letter:
    """Return the notice as its controller reads it.

    What is not known is said to be unknown; only what happened must be told. Raises MissingParticular.
    """
    facts = notice.facts
    require(facts, "what_happened", letter=NOTICE, provision="gdpr.33.2")
    context = {
        **_envelope(notice),
        "kind": notice.kind.value,
        "previous": str(notice.version - 1),
        "basis": paragraphs(notice.basis),
        "aware": clock_time(notice.aware_at),
        "what_happened": paragraphs(facts.what_happened),
        "products": listed(notice.products),
        "sub_processors": listed(notice.sub_processors or filter(None, (facts.sub_processor,))),
        "times": tuple((one.what, one.said) for one in stated_times(notice.times)),
        "measures": facts.measures_taken or (),
        "planned": facts.measures_proposed or (),
        **_known(facts),
    }
    return render(NOTICE, context)


def controller_notice_unanswered(notice: Notice, whole: Letter) -> Letter:
    """Return the words to the next contact point when nobody has answered, with the ``whole`` notice below them."""
    said = render(CHASER, _envelope(notice))
    return said.model_copy(update={"blocks": (*said.blocks, *whole.blocks)})


def _envelope(notice: Notice) -> dict[str, object]:
    """Return who writes to whom, under which number, and what answer is asked for by when."""
    sender, addressee = notice.sender, notice.addressee
    return {
        "controller": known_as(addressee.name, addressee.organisation),
        "customer_number": addressee.customer_number,
        "processor": sender.name,
        "processor_number": sender.organisation_number,
        "reference": notice.reference,
        "version": str(notice.version),
        "sent": clock_time(notice.sent_at),
        "code": notice.reply_code,
        "answer_by": clock_time(notice.answer_by),
        "next_update": notice.next_update_at and clock_time(notice.next_update_at),
        "contact": sender.contact,
        "contact_phone": sender.phone,
        "contact_email": sender.email,
    }


def _known(facts: Facts) -> dict[str, object]:
    """Return each item in words, or None where the notice says that we do not know."""
    taken = facts.exfiltration or Exfiltration.UNKNOWN
    return {
        "exfiltration": None if taken is Exfiltration.UNKNOWN else taken.value,
        "began": facts.began_at and clock_time(facts.began_at),
        "ended": facts.ended_at and clock_time(facts.ended_at),
        "window_from": facts.window_from and day(facts.window_from),
        "window_until": facts.window_until and day(facts.window_until),
        "subjects": _words(facts.data_subject_categories),
        "categories": _words(facts.data_categories),
        "described": paragraphs(facts.data_described),
        "count": people(facts.n_subjects) if facts.n_subjects else facts.n_subjects_text,
        "cause": word(facts.cause) if facts.cause not in (None, Cause.UNDER_INVESTIGATION) else None,
    }


def _words(categories: tuple[str, ...] | None) -> str | None:
    return listed(category_label(category) for category in categories) if categories else None
