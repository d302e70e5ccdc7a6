"""Where things are on this installation: read from the environment (``TIMGLAS_...``), nowhere else."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).parent.parent


class Settings(BaseSettings):
    """One installation. ``home`` holds its database, its key and its documents; the rest has working defaults."""

    model_config = SettingsConfigDict(env_prefix="TIMGLAS_", frozen=True, extra="forbid")

    home: Path = CHECKOUT / "data"
    database_url: str | None = None
    parties: Path = CHECKOUT / "deployments" / "examples" / "parties.yaml"
    policy: Path = CHECKOUT / "deployments" / "policy.yaml"
    public: Path | None = None
    print_room: Path | None = None
    calendars: Path | None = None
    window: Literal["H2", "V2"] = "H2"
    duplex: bool = True
    master_key: SecretStr | None = None
    master_key_file: Path | None = None
    master_key_keyring: str | None = None
    mail_domain: str = "timglas.localhost"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_connections: PositiveInt = 4
    smtp_per_minute: PositiveInt | None = None
    smtp_per_hour: PositiveInt | None = None
    smtp_return_path: str | None = None
    senders: PositiveInt = 1
    mailbox: Path | None = None
    imap_host: str | None = None
    imap_port: int = 993
    imap_tls: Literal["tls", "starttls", "none"] = "tls"
    imap_user: str | None = None
    imap_password: SecretStr | None = None
    imap_folder: str = "INBOX"
    ui_password: SecretStr | None = None
    tsa_url: str | None = None
    tsa_roots: Path | None = None
    ui_url: str | None = None
    reply_to: str | None = None
    alarm_to: str = ""

    def return_path_of(self, message_id: str) -> str:
        """Return where a message that cannot be delivered comes back to: an address of its own, by its ``message_id``."""
        token = message_id.strip("<>").partition("@")[0]
        return (self.smtp_return_path or f"timglas+{{token}}@{self.mail_domain}").replace("{token}", token)

    @property
    def smtp_limits(self) -> tuple[tuple[timedelta, int], ...]:
        """How many messages the provider takes within how long."""
        given = ((timedelta(minutes=1), self.smtp_per_minute), (timedelta(hours=1), self.smtp_per_hour))
        return tuple((span, most) for span, most in given if most is not None)

    @property
    def alarm_addresses(self) -> tuple[str, ...]:
        """Who is told when the watch raises the alarm, as set; empty for those the register names."""
        return tuple(filter(None, (address.strip() for address in self.alarm_to.split(","))))

    @property
    def drop_folder(self) -> Path:
        """Where signed notices are dropped as files; incoming mail too, unless it is fetched from an IMAP server."""
        return self.mailbox or self.home / "inkorg"

    @property
    def public_folder(self) -> Path:
        """Where notices to the public are put as static files."""
        return self.public or self.home / "publicerat"

    @property
    def calendar_folder(self) -> Path:
        """Where the calendars lie that people subscribe to."""
        return self.calendars or self.home / "kalender"

    @property
    def print_folder(self) -> Path:
        """Where print files lie from when they are made until their letters are posted."""
        return self.print_room or self.home / "utskrift"

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database; SQLite in ``home`` unless one is given."""
        return self.database_url or f"sqlite:///{self.home / 'timglas.db'}"
