"""The composition root: the only place that picks adapters. The type checker proves here that each fits its port."""

from dataclasses import replace
from functools import cache, partial

from adapters.archive import FolderArchive
from adapters.database.codes import SqlCodes
from adapters.database.engine import engine, migrate
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
from adapters.files import master_key, read_policy, read_register
from adapters.mail.imap import ImapBox
from adapters.mail.mailbox import Box, SqlMailbox
from adapters.mail.maildrop import DropFolder
from adapters.mail.notice_folder import NoticeFolder
from adapters.mail.smtp import SmtpPost
from adapters.paper.pdf import WINDOWS, LetterPrinter
from adapters.paper.press import Press
from adapters.paper.print_room import PrintRoom
from adapters.settings import Settings
from adapters.signing import KeySigner
from adapters.site import FolderSite
from adapters.tsa import Rfc3161Stamper, read_roots
from adapters.vitals import MachineVitals
from adapters.web import HttpWeb
from law.statute_book import StatuteBook
from services.ports.world import World
from services.reminding.check_policy import require_known


@cache
def world_of(settings: Settings) -> World:
    """Return the world of one installation, with its database migrated. One per process and settings."""
    settings.home.mkdir(parents=True, exist_ok=True)
    database = engine(settings.database)
    migrate(database)
    key = master_key(settings)
    keyring, printer = Keyring(database, key), LetterPrinter(WINDOWS[settings.window])
    registers = SqlRegisters(database)
    return World(
        book=StatuteBook.load(),
        register=read_register(settings.parties),
        policy=read_policy(settings.policy),
        timeline=SqlTimeline(database),
        recipients=SealedRecipients(database, keyring),
        outbox=SqlOutbox(database, settings.mail_domain, key, limits=settings.smtp_limits),
        post=SmtpPost(settings),
        mailbox=SqlMailbox(database, NoticeFolder(settings.drop_folder), _mail(settings)),
        printer=printer,
        press=partial(Press, printer),
        printed=SealedLetters(database, keyring),
        print_room=PrintRoom(settings.print_folder, duplex=settings.duplex),
        codes=SqlCodes(database, key),
        registers=registers,
        signer=KeySigner(key),
        ledger=SqlLedger(database, key, settings.mail_domain),
        overview=SqlOverview(database),
        heartbeat=SqlHeartbeat(database),
        vitals=MachineVitals(database, settings.home),
        site=FolderSite(settings.public_folder),
        feeds=FolderFeeds(settings.calendar_folder),
        web=HttpWeb(),
        archive=FolderArchive(settings.home / "files"),
        sender=f"timglas@{settings.mail_domain}",
        stamper=_stamper(settings),
        reply_to=settings.reply_to,
        ui=(settings.ui_url or "").rstrip("/"),
    )


def _mail(settings: Settings) -> Box:
    """Return where mail comes in. What is not mail, such as notices in files, never waits for a server that is away."""
    return ImapBox(settings) if settings.imap_host else DropFolder(settings.drop_folder)


def wire() -> World:
    """Return the world the environment describes, with the register that holds now: the file only until one is loaded."""
    world = world_of(Settings())
    loaded = world.registers.current()
    known = replace(world, register=loaded) if loaded else world
    require_known(known.policy, book=known.book, register=known.register)
    return known


def _stamper(settings: Settings) -> Rfc3161Stamper | None:
    """Return the time-stamping authority, if there is one and we have a root to check it against."""
    if settings.tsa_url is None or settings.tsa_roots is None:
        return None
    return Rfc3161Stamper(settings.tsa_url, read_roots(settings.tsa_roots))
