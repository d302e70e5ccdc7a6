"""One office on real parts: the steps by short names, with the words a test does not care about filled in."""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from adapters.archive import FolderArchive
from adapters.database.codes import SqlCodes
from adapters.database.engine import engine
from adapters.database.heartbeat import SqlHeartbeat
from adapters.database.keys import Keyring
from adapters.database.ledger import SqlLedger
from adapters.database.outbox import SqlOutbox
from adapters.database.overview import SqlOverview
from adapters.database.printed import SealedLetters
from adapters.database.recipients import SealedRecipients
from adapters.database.registers import SqlRegisters
from adapters.database.timeline import SqlTimeline
from adapters.feeds import FolderFeeds
from adapters.files import read_policy, read_register
from adapters.mail.mailbox import SqlMailbox
from adapters.mail.maildrop import DropFolder
from adapters.paper.pdf import LetterPrinter
from adapters.paper.press import Press
from adapters.paper.print_room import PrintRoom
from adapters.settings import Settings
from adapters.signing import KeySigner
from adapters.site import FolderSite
from adapters.vitals import MachineVitals
from adapters.web import HttpWeb
from law.statute_book import StatuteBook
from models.base import IncidentId
from models.breach_events import Risk
from models.confirmation import Subject
from models.delivery import Settlement
from models.duty import Duty
from models.events import Event
from models.facts import AvailabilityLoss, BreachType, Cause, Consequence, Exfiltration, Facts, Quantity, Trigger
from models.filing_events import MissingItem, Way
from models.incident import Incident
from models.instants import parse_local as at
from models.parties import Controller, PostalAddress, Register, Role
from models.recipient import Channel, Protection, Recipient
from models.regime import Regime
from models.replay import replay
from models.supply_events import Answered
from services.case.close_incident import close_incident
from services.case.correct_awareness import correct_awareness
from services.case.correct_facts import correct_facts
from services.case.decide_risk import decide_risk, decision_of
from services.case.determine_regime import determine_regime
from services.case.establish_awareness import establish_awareness
from services.case.establish_facts import establish_facts
from services.case.invoke_exception import invoke_exception
from services.case.reopen_incident import reopen_incident
from services.case.report_breach import report_breach
from services.documents.approve_letter import approval_of, approve_letter
from services.documents.draft_letter import draft_letter
from services.documents.drafts import COMMUNICATION, NOTICE, NOTIFICATION, SUPPLEMENT
from services.documents.sheets import PROMISED
from services.documents.translate_texts import translate_texts
from services.due.deadlines import commitments_of
from services.evidence.archive_incident import archive_incident
from services.filing.authority_question import answer_question, receive_question
from services.filing.explain_delay import explain_delay
from services.filing.explain_missing import explain_missing
from services.filing.keep_copy import keep_copy
from services.filing.record_acknowledgement import record_acknowledgement
from services.filing.submit_notification import submit_notification
from services.people.communicate import communicate
from services.people.halt_communication import halt_communication, resume_communication
from services.people.load_recipients import load_recipients
from services.people.settle_uncertain import settle_uncertain
from services.people.start_communication import release_of, start_communication
from services.ports.mail import Post
from services.ports.world import World
from services.public.capture_notice import Captured, capture_notice
from services.public.note_status import note_status
from services.public.publish_notice import publish_notice
from services.public.withdraw_notice import withdraw_notice
from services.record import duties_of
from services.supply.notice_bundle import Prepared
from services.supply.prepare_notices import prepare_notices
from services.supply.record_answer import record_answer
from services.supply.release_notices import release_notices
from services.supply.release_notices import release_of as notices_of
from services.supply.send_notices import send_notices
from services.supply.state_slices import Slice, state_slices
from services.sweep.sweep import advance
from tests.fakes import FakePost, Listed

BOARD, AGENCY, PROCESSOR = "kommunstyrelsen", "ordningsverket", "rekryteringssystem"
OFFICER, DELEGATE = "sara.exempel", "anna.exempel"
MANAGER, LAWYER = "ida.pahitt", "leo.pahitt"
AWARE, DUE = at("2023-04-24 16.10"), at("2023-04-27 16.10")
FACTS = Facts(
    breach_types=(BreachType.AVAILABILITY,),
    exfiltration=Exfiltration.UNKNOWN,
    malicious=True,
    cause=Cause.ADVERSARIAL_ATTACK,
    processor="Rekryteringssystem AB",
    what_happened="Ett företag som sköter driften har utsatts för ett angrepp. Systemet går inte att nå.",
    data_subject_categories=("job_applicants",),
    data_categories=("basic_identity", "contact", "cv_employment"),
    n_subjects=Quantity(at_least=8400, at_most=8400, about=True),
    consequences=(Consequence.FRAUD,),
    consequences_described="Någon kan försöka använda uppgifterna för att lura de sökande.",
    measures_taken=("Driftmiljön är avstängd.",),
)
SAFE = Facts(encrypted=True, key_safe=True, availability_loss=AvailabilityLoss.TEMPORARY_MINOR)
"""Unintelligible to others, with the key safe, and nobody harmed by being without: what Article 34(3)(a) asks for."""
COPY = b"%PDF-1.7 the page that the e-service showed"
THREAT = Facts(breach_types=(BreachType.AVAILABILITY, BreachType.CONFIDENTIALITY), threat_to_publish=True)

_BOOK, _PRINTER = StatuteBook.load(), LetterPrinter()


def quiet(register: Register) -> Register:
    """The register without registrars, so that no anchor of a chain is among the mails that a test counts."""

    def without(party: Controller) -> Controller:
        return party.model_copy(update={"roles": {r: who for r, who in party.roles.items() if r is not Role.REGISTRAR}})

    return register.model_copy(update={"controllers": tuple(map(without, register.controllers))})


def world_in(folder: Path, post: Post, url: str | None = None) -> World:
    """The world of the installation in ``folder``; a second one is another process on the same database."""
    database = engine(url or f"sqlite:///{folder / 'timglas.sqlite'}")
    return World(
        book=_BOOK,
        register=quiet(read_register(Settings().parties)),
        policy=read_policy(Settings().policy),
        timeline=SqlTimeline(database),
        recipients=SealedRecipients(database, Keyring(database, b"k" * 32)),
        outbox=SqlOutbox(database, "timglas.example", b"k" * 32),
        post=post,
        mailbox=SqlMailbox(database, DropFolder(folder / "inkorg")),
        printer=_PRINTER,
        press=partial(Press, _PRINTER),
        printed=SealedLetters(database, Keyring(database, b"k" * 32)),
        print_room=PrintRoom(folder / "utskrift"),
        codes=SqlCodes(database, bytes(32)),
        ledger=SqlLedger(database, bytes(32), "timglas.example"),
        overview=SqlOverview(database),
        heartbeat=SqlHeartbeat(database),
        vitals=MachineVitals(database, folder),
        registers=SqlRegisters(database),
        signer=KeySigner(bytes(32)),
        site=FolderSite(folder / "publicerat"),
        feeds=FolderFeeds(folder / "kalender"),
        web=HttpWeb(),
        archive=FolderArchive(folder / "files"),
        sender="timglas@timglas.example",
    )


class Office:
    """The people of one installation at work. Every ``when`` is the Swedish local time at which a step is taken."""

    def __init__(self, folder: Path, post: FakePost | None = None, url: str | None = None) -> None:
        self.folder, self.post, self.url = folder, post or FakePost(), url
        self.world = world_in(folder, self.post, url)

    def next_door(self) -> "Office":
        """Another process on the same database and the same mail server."""
        return Office(self.folder, self.post, self.url)

    def with_parts(self, **parts: Any) -> "Office":
        """The same office with some parts of its world replaced."""
        other = Office(self.folder, self.post, self.url)
        other.world = replace(other.world, **parts)
        return other

    # reading

    def history(self, case: IncidentId) -> tuple[Event, ...]:
        return self.world.timeline.read(case)

    def incident(self, case: IncidentId) -> Incident:
        return replay(self.history(case))

    def words(self, case: IncidentId) -> list[str]:
        return [event.type.partition(".")[0] for event in self.history(case)]

    def duty(self, case: IncidentId, provision: str = "gdpr.33.1") -> Duty:
        (found,) = [duty for duty in duties_of(self.incident(case), self.world.book) if duty.provision == provision]
        return found

    def documents(self, case: IncidentId) -> list[str]:
        folder = self.folder / "files" / case
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())

    def papers(self, case: IncidentId, channel: Channel = Channel.PAPER) -> list[str]:
        """The keys of the letters that are printed and kept sealed, of the last release."""
        started = self.incident(case).started
        assert started is not None
        people = self.world.recipients.read(started.communication)
        keys = [key for one in people for key in (one.id, *(f"{one.id}.{place}" for place in (1, 2)))]
        sheets = self.world.printed.read(started.communication, started.sha256, keys)
        return [sheet.key for sheet in sheets if sheet.channel is channel]

    @property
    def archive_folder(self) -> Path:
        return self.folder / "files"

    def hash_of(self, case: IncidentId, name: str) -> str:
        return hashlib.sha256(self.world.archive.read(case, name)).hexdigest()

    def promised(self, case: IncidentId) -> list[Duty]:
        return [duty for duty in commitments_of(self.incident(case)) if duty.provision == PROMISED]

    def delegate(self, case: IncidentId) -> str:
        return self._bearer(case, Role.DELEGATE)

    def officer(self, case: IncidentId) -> str:
        return self._bearer(case, Role.OFFICER)

    def _bearer(self, case: IncidentId, role: Role) -> str:
        roles = self.world.register.party(self.incident(case).party).roles
        return roles.get(role) or roles[Role.INCIDENT_MANAGER]

    # the steps

    def report(
        self, party: str = BOARD, *, when: str = "2023-04-24 16.25", by: str = OFFICER, **given: Any
    ) -> IncidentId:
        return report_breach(
            party,
            by=by,
            now=at(when),
            world=self.world,
            **{
                "family": "rekrytering-2023",
                "summary": "Rekryteringssystemet ligger nere.",
                "source": "Underrättelse från leverantören",
                "reported_at": at(when),
                **given,
            },
        )

    def aware(
        self, case: IncidentId, moment: datetime = AWARE, *, when: str = "2023-04-24 16.35", by: str | None = None
    ) -> Incident:
        return establish_awareness(
            case,
            aware_at=moment,
            evidence="Mejl till funktionsbrevlådan",
            reasoning="Våra uppgifter finns i den angripna miljön.",
            by=by or self.officer(case),
            now=at(when),
            world=self.world,
        )

    def correct_awareness(self, case: IncidentId, moment: datetime, *, when: str, by: str | None = None) -> Incident:
        return correct_awareness(
            case,
            aware_at=moment,
            because="Mejlet låg i en annan brevlåda först.",
            evidence="Serverns logg",
            by=by or self.officer(case),
            now=at(when),
            world=self.world,
        )

    def regime(self, case: IncidentId, regime: Regime, *, when: str, by: str | None = None) -> Incident:
        return determine_regime(
            case,
            regime=regime,
            reasoning="Syftet avgör.",
            by=by or self.officer(case),
            now=at(when),
            world=self.world,
        )

    def facts(
        self,
        case: IncidentId,
        facts: Facts = FACTS,
        *,
        when: str = "2023-04-24 16.50",
        known_at: str | None = None,
        trigger: Trigger | None = None,
        by: str | None = None,
    ) -> Incident:
        return establish_facts(
            case,
            facts=facts,
            source="Underrättelse från leverantören",
            known_at=at(known_at or when),
            trigger=trigger,
            by=by or self.officer(case),
            now=at(when),
            world=self.world,
        )

    def correct_facts(self, case: IncidentId, line: int, facts: Facts, *, when: str, withdrawn: Any = ()) -> Incident:
        return correct_facts(
            case,
            supersedes=line,
            because="Uppgiften var fel.",
            facts=facts,
            withdrawn=withdrawn,
            by=self.officer(case),
            now=at(when),
            world=self.world,
        )

    def decide(
        self, case: IncidentId, level: Risk, *, when: str, reasoning: str | None = None, by: str | None = None
    ) -> Incident:
        reasoning, actor = reasoning or f"Vi bedömer risken så här: {level.value}.", by or self.delegate(case)
        return decide_risk(
            case,
            level=level,
            reasoning=reasoning,
            code=self.code(decision_of(self.incident(case), reasoning=reasoning, by=actor), when),
            officer_advice="Anmäl hellre än att vänta.",
            by=by or self.delegate(case),
            now=at(when),
            world=self.world,
        )

    def excepted(
        self, case: IncidentId, provision: Any, *, when: str, evidence: str | None = None, by: str | None = None
    ) -> Incident:
        return invoke_exception(
            case,
            provision=provision,
            reasoning="Adresserna finns bara i det angripna systemet.",
            evidence=evidence,
            by=by or self.delegate(case),
            now=at(when),
            world=self.world,
        )

    def code(self, subject: Subject, when: str) -> str:
        return self.world.codes.make(subject.digest, subject.actor, at(when))

    def draft(
        self, case: IncidentId, letter: str, *, when: str, issue: str | None = None, by: str | None = None
    ) -> str:
        return draft_letter(
            case,
            letter=letter,
            issue_at=at(issue or when),
            by=by or self.officer(case),
            now=at(when),
            world=self.world,
        )

    def approve(
        self, case: IncidentId, letter: str, *, when: str, sha256: str | None = None, by: str | None = None
    ) -> Incident:
        return approve_letter(
            case,
            letter=letter,
            sha256=(digest := sha256 or self.incident(case).drafts[letter].sha256),
            code=self.code(approval_of(case, letter=letter, sha256=digest, by=by or self.delegate(case)), when),
            by=by or self.delegate(case),
            now=at(when),
            world=self.world,
        )

    def file(
        self,
        case: IncidentId,
        *,
        when: str,
        filed_at: str | None = None,
        way: Way = Way.E_SERVICE,
        delay_reasons: str | None = None,
        by: str | None = None,
    ) -> Incident:
        return submit_notification(
            case,
            filed_at=at(filed_at or when),
            way=way,
            delay_reasons=delay_reasons,
            by=by or self.officer(case),
            now=at(when),
            world=self.world,
        )

    def asked(self, case: IncidentId, question: str, *, when: str, answer_by: date = date(2023, 5, 12)) -> int:
        """Register a question of the authority, and return its line of the timeline."""
        incident = receive_question(
            case,
            reference="IMY-2023-99001",
            question=question,
            answer_by=answer_by,
            received_at=at(when),
            by=self.officer(case),
            now=at(when),
            world=self.world,
        )
        return max(incident.asked)

    def replied(
        self, case: IncidentId, line: int | None = None, *, when: str, content: bytes | None = None
    ) -> Incident:
        return answer_question(
            case,
            answer="Vi har svarat.",
            answered_at=at(when),
            line=line,
            content=content,
            by=self.officer(case),
            now=at(when),
            world=self.world,
        )

    def english(self, case: IncidentId, *, when: str, **texts: str) -> Incident:
        return translate_texts(case, english=texts, by=self.officer(case), now=at(when), world=self.world)

    def explain(self, case: IncidentId, *keys: str, when: str, follows_on: date | None = None) -> Incident:
        """Say why each of ``keys`` is missing; without a day, that it cannot be determined."""
        because = "Det går inte att räkna." if follows_on is None else "Leverantören räknar."
        items = tuple(MissingItem(key=key, because=because, follows_on=follows_on) for key in keys)
        return explain_missing(case, items=items, by=self.officer(case), now=at(when), world=self.world)

    def delay(self, case: IncidentId, *, when: str, reasons: str = "Vi väntade på leverantören.") -> Incident:
        return explain_delay(case, reasons=reasons, by=self.officer(case), now=at(when), world=self.world)

    def copy(self, case: IncidentId, *, when: str, content: bytes = COPY, by: str | None = None) -> Incident:
        return keep_copy(case, content=content, by=by or self.officer(case), now=at(when), world=self.world)

    def acknowledged(self, case: IncidentId, number: str, *, when: str) -> Incident:
        return record_acknowledgement(
            case, diary_number=number, received_at=at(when), by=self.officer(case), now=at(when), world=self.world
        )

    def load(
        self, case: IncidentId, people: Iterable[Recipient], *, when: str = "2023-05-12 11.30", by: str | None = None
    ) -> int:
        actor = by or self.officer(case)
        return load_recipients(case, listed=Listed(people), by=actor, now=at(when), world=self.world).recipients

    def release(self, case: IncidentId, *, when: str, by: str | None = None) -> Incident:
        actor = by or self.delegate(case)
        code = self.code(release_of(case, by=actor, world=self.world), when)
        return start_communication(case, code=code, by=actor, now=at(when), world=self.world)

    def send(self, case: IncidentId, *, when: str) -> Incident:
        return asyncio.run(communicate(case, now=at(when), world=self.world))

    def settled(
        self, case: IncidentId, verdict: Settlement, *, when: str, only: tuple[str, ...] = (), by: str | None = None
    ) -> Incident:
        return settle_uncertain(
            case,
            verdict=verdict,
            reasoning="Operatören har svarat.",
            only=only,
            by=by or self.delegate(case),
            now=at(when),
            world=self.world,
        )

    def halt(self, case: IncidentId, *, when: str, by: str | None = None) -> Incident:
        return halt_communication(
            case, reasoning="Fel bilaga.", by=by or self.officer(case), now=at(when), world=self.world
        )

    def resume(self, case: IncidentId, *, when: str, by: str | None = None) -> Incident:
        return resume_communication(case, by=by or self.delegate(case), now=at(when), world=self.world)

    def publish(
        self, case: IncidentId, channel: str = "kommunens webbplats", *, when: str, by: str | None = None
    ) -> Incident:
        return publish_notice(
            case,
            channels=(channel,),
            published_at=at(when),
            by=by or self.officer(case),
            now=at(when),
            world=self.world,
        )

    def noted(self, case: IncidentId, text: str, *, when: str) -> Incident:
        return note_status(case, text=text, happened_at=at(when), by=self.officer(case), now=at(when), world=self.world)

    def captured(self, case: IncidentId, address: str, *, when: str, content: bytes | None = None) -> Captured:
        return capture_notice(
            case, address=address, content=content, by=self.officer(case), now=at(when), world=self.world
        )

    def taken_down(self, case: IncidentId, *, when: str) -> Incident:
        return withdraw_notice(
            case,
            reasons="Alla har fått veta.",
            withdrawn_at=at(when),
            by=self.officer(case),
            now=at(when),
            world=self.world,
        )

    def slices(self, case: IncidentId, *slices: Slice, when: str, by: str = MANAGER) -> Incident:
        return state_slices(case, slices, source="Systemets statistik", by=by, now=at(when), world=self.world)

    def prepare(
        self,
        case: IncidentId,
        *controllers: str,
        when: str,
        answer_by: str | None = None,
        next_update_at: str | None = None,
        by: str = LAWYER,
    ) -> tuple[Prepared, ...]:
        return prepare_notices(
            case,
            controllers=controllers,
            issue_at=at(when),
            answer_by=at(answer_by) if answer_by else at(when) + timedelta(hours=4),
            next_update_at=at(next_update_at) if next_update_at else at(when) + timedelta(days=1),
            by=by,
            now=at(when),
            world=self.world,
        )

    def release_notices(self, case: IncidentId, *, when: str, by: str = MANAGER, code: str | None = None) -> Incident:
        prepared = self.incident(case).supply.prepared
        assert prepared is not None
        code = code or self.code(notices_of(case, prepared, by=by), when)
        return release_notices(case, code=code, by=by, now=at(when), world=self.world)

    def send_notices(self, case: IncidentId, *, when: str) -> Incident:
        return asyncio.run(send_notices(case, now=at(when), world=self.world))

    def inform(self, case: IncidentId, *controllers: str, when: str) -> Incident:
        """Prepared by the lawyer, released by the incident manager, sent."""
        self.prepare(case, *controllers, when=when)
        self.release_notices(case, when=when)
        return self.send_notices(case, when=when)

    def answered(self, case: IncidentId, controller: str, *, when: str, by: str = MANAGER) -> Incident:
        return record_answer(
            case,
            controller=controller,
            how=Answered.TELEPHONE,
            answered_at=at(when),
            by=by,
            now=at(when),
            world=self.world,
        )

    def close(self, case: IncidentId, *, when: str, by: str | None = None) -> Incident:
        return close_incident(
            case,
            reasoning="Alla skyldigheter är fullgjorda.",
            lessons="Gallra tidigare.",
            by=by or self.delegate(case),
            now=at(when),
            world=self.world,
        )

    def reopen(self, case: IncidentId, *, when: str, reasoning: str, by: str | None = None) -> Incident:
        return reopen_incident(case, reasoning=reasoning, by=by or self.delegate(case), now=at(when), world=self.world)

    def archive(self, case: IncidentId, *, when: str, by: str | None = None) -> Incident:
        return archive_incident(case, by=by or self.officer(case), now=at(when), world=self.world)

    def sweep(self, case: IncidentId, now: datetime) -> Incident:
        return asyncio.run(advance(case, now=now, world=self.world))

    # cases that stand at a certain point

    def known(self, party: str = BOARD, *, aware: datetime = AWARE, **given: Any) -> IncidentId:
        """A case with a running clock and the facts of the first day."""
        case = self.report(party, **given)
        self.aware(case, aware)
        self.facts(case)
        return case

    def decided(self, level: Risk, *, when: str = "2023-04-26 10.15") -> IncidentId:
        case = self.known()
        self.decide(case, level, when=when)
        return case

    def notified(self, *, when: str = "2023-04-26 15.20", complete: bool = True) -> IncidentId:
        """A case whose first notification is filed, with its copy; complete, or with the number of records to follow."""
        case = self.decided(Risk.RISK)
        if complete:
            self.explain(case, "records", when="2023-04-26 13.00")
        self.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
        self.file(case, when=when)
        self.copy(case, when=when)
        return case

    def drafted(self, case: IncidentId, letter: str, *, when: str) -> str:
        """Drafted by the officer and approved by the delegate."""
        digest = self.draft(case, letter, when=when)
        self.approve(case, letter, when=when)
        return digest

    def ready_to_write(self, people: Iterable[Recipient]) -> IncidentId:
        """A high risk, an approved letter and a list of people: all that is left is to release it."""
        case = self.decided(Risk.HIGH)
        self.drafted(case, COMMUNICATION, when="2023-05-12 11.00")
        self.load(case, people)
        return case


def person(
    number: int, *, protection: Protection = Protection.NONE, email: bool = True, paper: bool = True
) -> Recipient:
    return Recipient(
        id=f"s{number:04}",
        name=f"Sökande {number}",
        email=f"s{number:04}@post.example" if email else None,
        address=PostalAddress(street=f"Storgatan {number}", postcode="99140", city="Provköping") if paper else None,
        protection=protection,
    )


__all__ = [
    "AGENCY",
    "AWARE",
    "BOARD",
    "COMMUNICATION",
    "COPY",
    "DELEGATE",
    "DUE",
    "FACTS",
    "LAWYER",
    "MANAGER",
    "NOTICE",
    "NOTIFICATION",
    "OFFICER",
    "PROCESSOR",
    "SAFE",
    "SUPPLEMENT",
    "THREAT",
    "Office",
    "at",
    "person",
]
