"""All settings, read once from `JAMIN_…` and given on as one immutable value. docs/running.md describes each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec.structs import replace
from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from conversations.cases import IDLE
from conversations.hours import OFFICE_HOURS, Hours, read_days, read_hours
from conversations.promises import COMPLAINT_ANSWERED_WITHIN_DAYS

DEMO_OPERATOR = "tim uji coba Jamin"

_WITH_WHATSAPP = ("whatsapp_phone_id", "whatsapp_app_secret", "whatsapp_verify_token")
_TELEGRAM_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_TELEGRAM_CHAT = re.compile(r"-[0-9]{1,15}")
_PRICES = re.compile(r"(?:[a-z_]+:[0-9]+(?:,(?=[a-z]))?)*")
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


Secret = Annotated[str, Field(repr=False)]
"""What is shown by no message of a program that prints its settings."""


class SettingsError(Exception):
    """Some settings are wrong; the message names each fault and what to set."""


class Settings(BaseSettings):
    """What an installation may set. `home` is where the database, the key and the demo's backend live by default."""

    model_config = SettingsConfigDict(env_prefix="JAMIN_", extra="ignore", frozen=True, hide_input_in_errors=True)

    mode: Literal["demo", "live"] | None = None
    operator_name: str = ""
    home: Path = Path("var")
    database_url: Secret = ""
    keys: Secret = ""
    keys_file: Path | None = None
    keys_command: str = ""
    host: str = "127.0.0.1"
    public_url: str = ""
    backend: Literal["reference", "http", "manual"] | None = None
    backend_url: str = ""
    backend_secret: Secret = ""
    desk_hours: str = ""
    desk_holidays: str = ""
    desk_idle_minutes: int = IDLE.seconds // 60
    complaint_days: int = Field(default=COMPLAINT_ANSWERED_WITHIN_DAYS.value, ge=0, le=30)
    telegram_token: Secret = ""
    telegram_secret: Secret = ""
    telegram_api_url: str = ""
    staff_telegram_chat: str = ""
    whatsapp_token: Secret = ""
    whatsapp_phone_id: str = ""
    whatsapp_account_id: str = ""
    whatsapp_app_secret: Secret = ""
    whatsapp_verify_token: Secret = ""
    whatsapp_api_url: str = ""
    traces_url: str = ""
    ktp_photo: bool = False
    reminders_a_month: int = Field(default=4, ge=1)
    reminders_fewer_percent: int = Field(default=0, ge=0, le=50)
    reminder_budget: int = Field(default=0, ge=0)
    template_prices: str = ""

    @property
    def prices(self) -> dict[str, int]:
        """What each template costs, in rupiah."""
        parts = (part.partition(":") for part in self.template_prices.split(",") if part)
        return {name.strip(): int(price) for name, _, price in parts}

    @property
    def demo(self) -> bool:
        """Whether everything here is a simulation; that is so unless live was asked for."""
        return self.mode != "live"

    @property
    def on_behalf_of(self) -> str:
        """Whom the assistant speaks for."""
        return self.operator_name or DEMO_OPERATOR

    @property
    def backend_kind(self) -> Literal["reference", "http", "manual"]:
        """Which enrolment backend hand-offs go to; in demo mode the embedded one unless another is named."""
        return self.backend or "reference"

    @property
    def database(self) -> str:
        """The URL of the database; a SQLite file under `home` unless another is named."""
        return self.database_url or f"sqlite:///{self.home / 'jamin.db'}"

    @property
    def hours(self) -> Hours:
        """When staff answer."""
        hours = read_hours(self.desk_hours) if self.desk_hours else OFFICE_HOURS
        return replace(hours, holidays=read_days(self.desk_holidays))

    @model_validator(mode="after")
    def _fit_together(self) -> Settings:
        faults = [*self._mode_faults(), *self._backend_faults(), *self._url_faults(), *self._messenger_faults()]
        faults += self._desk_faults()
        faults += self._price_faults()
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _mode_faults(self) -> list[str]:
        faults = []
        if (self.telegram_token or self.whatsapp_token) and self.mode is None:
            faults.append("JAMIN_MODE must be set to demo or live, because a messenger's token is set")
        if sum(map(bool, (self.keys, self.keys_file, self.keys_command))) > 1:
            faults.append("JAMIN_KEYS, JAMIN_KEYS_FILE and JAMIN_KEYS_COMMAND: set one of them, not several")
        if self.mode == "live" and not self.operator_name:
            faults.append("JAMIN_OPERATOR_NAME must name who runs this in live mode; workers are told it")
        return faults

    def _backend_faults(self) -> list[str]:
        faults = []
        if self.mode == "live" and self.backend_kind == "reference":
            faults.append("JAMIN_BACKEND must be http or manual in live mode; the reference backend is a simulation")
        if self.backend_kind == "http":
            unset = [name for name in ("backend_url", "backend_secret") if not getattr(self, name)]
            faults += [f"JAMIN_{name.upper()} must be set for JAMIN_BACKEND=http" for name in unset]
        if self.mode == "live" and self.backend_url.startswith("http://") and not _is_here(self.backend_url):
            faults.append("JAMIN_BACKEND_URL must start with https:// in live mode; it carries people's data")
        return faults

    def _desk_faults(self) -> list[str]:
        faults = []
        try:
            read_hours(self.desk_hours)
        except ValueError as error:
            faults.append(f"JAMIN_DESK_HOURS: {error}, as in sen-jum 08:00-16:00, sab 08:00-12:00, WIB")
        try:
            read_days(self.desk_holidays)
        except ValueError:
            faults.append("JAMIN_DESK_HOLIDAYS must list days like 2026-12-25, 2027-01-01")
        if self.desk_idle_minutes < 1:
            faults.append("JAMIN_DESK_IDLE_MINUTES must be 1 or more")
        return faults

    def _url_faults(self) -> list[str]:
        names = ("public_url", "backend_url", "telegram_api_url", "whatsapp_api_url", "traces_url")
        urls = {f"JAMIN_{name.upper()}": getattr(self, name) for name in names}
        return [f"{name} must start with http:// or https://" for name, url in urls.items() if not _is_url(url)]

    def _messenger_faults(self) -> list[str]:
        faults = []
        if self.telegram_token and not _TELEGRAM_TOKEN.fullmatch(self.telegram_token):
            faults.append("JAMIN_TELEGRAM_TOKEN must look like 123456:ABC-def, as BotFather gives it")
        if self.staff_telegram_chat and not _TELEGRAM_CHAT.fullmatch(self.staff_telegram_chat):
            faults.append("JAMIN_STAFF_TELEGRAM_CHAT must be the number of a group, like -1001234567890")
        if self.staff_telegram_chat and not self.telegram_token:
            faults.append("JAMIN_TELEGRAM_TOKEN must be set with JAMIN_STAFF_TELEGRAM_CHAT")
        if self.whatsapp_token:
            unset = [name for name in _WITH_WHATSAPP if not getattr(self, name)]
            faults += [f"JAMIN_{name.upper()} must be set with JAMIN_WHATSAPP_TOKEN" for name in unset]
        if self.mode == "live" and self.whatsapp_api_url.startswith("http://") and not _is_here(self.whatsapp_api_url):
            faults.append("JAMIN_WHATSAPP_API_URL must start with https:// in live mode; it carries people's words")
        if self.telegram_secret and not _TELEGRAM_SECRET.fullmatch(self.telegram_secret):
            faults.append("JAMIN_TELEGRAM_SECRET may hold 1 to 256 letters, digits, _ and - only")
        return faults

    def _price_faults(self) -> list[str]:
        if _PRICES.fullmatch(self.template_prices):
            return []
        return ["JAMIN_TEMPLATE_PRICES must look like payment_due:350,news:350, in whole rupiah"]


def _is_url(url: str) -> bool:
    return not url or url.startswith(("http://", "https://"))


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}


def load_settings(**overrides: object) -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: with all the faults at once.
    """
    told: list[str] = []
    while True:
        try:
            settings = Settings(**overrides)  # type: ignore[arg-type]
        except ValidationError as error:
            told += [_told(fault) for fault in error.errors()]
            unreadable = {str(name) for fault in error.errors() for name in fault["loc"]} - overrides.keys()
            if not unreadable:
                break
            # Whether the others fit together shows only once those that cannot be read are out of the way.
            overrides |= {name: Settings.model_fields[name].default for name in unreadable}
        else:
            break
    if told:
        raise SettingsError("\n".join(told))
    return settings


def _told(fault: ErrorDetails) -> str:
    """One fault in words, without the value: that may be a secret."""
    where = "".join(f"JAMIN_{name}".upper() + ": " for name in fault["loc"])
    return where + str(fault["msg"]).removeprefix("Value error, ")
