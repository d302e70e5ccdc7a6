"""Where things are on this installation: read from the environment (``TIMGLAS_...``), nowhere else."""

from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).parent.parent


class Settings(BaseSettings):
    """One installation. ``home`` holds its database, its key and its documents; the rest has working defaults."""

    model_config = SettingsConfigDict(env_prefix="TIMGLAS_", frozen=True, extra="forbid")

    home: Path = CHECKOUT / "data"
    database_url: str | None = None
    parties: Path = CHECKOUT / "deployments" / "examples" / "parties.yaml"
    policy: Path = CHECKOUT / "deployments" / "policy.yaml"
    mail_domain: str = "timglas.localhost"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
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

    @property
    def drop_folder(self) -> Path:
        """Where incoming mail is dropped as files, unless it is fetched from an IMAP server."""
        return self.mailbox or self.home / "inkorg"

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database; SQLite in ``home`` unless one is given."""
        return self.database_url or f"sqlite:///{self.home / 'timglas.db'}"
