"""Settings from the environment and `.env`, typed and frozen. `.env.example` explains each of them."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from retrieval.errors import BulletinBotError

if TYPE_CHECKING:
    from bot.state import homes as state_homes
    from retrieval.index import homes

_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{5,100}")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_USER_ID = re.compile(r"[1-9][0-9]{0,15}")
_CHAT_ID = re.compile(r"-?[1-9][0-9]{0,15}")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_HASHED_KEY = re.compile(r"(?P<name>[A-Za-z0-9_-]{1,40}):(?P<hash>[0-9a-f]{64})")
_LOOPBACK = re.compile(r"http://(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?::\d+)?(?:/|$)")


SAMPLE = Path(__file__).parent / "sample_bulletins"
"""The seven bulletins that a wheel carries; a checkout has them in data/bulletins."""


def _model_cache() -> Path:
    return platformdirs.user_cache_path("bulletin-bot") / "models"


def _bulletins() -> Path:
    """data/bulletins below the working folder; in another folder, those of an installed wheel."""
    own = Path("data/bulletins")
    return own if own.is_dir() or not SAMPLE.is_dir() else SAMPLE


def _index(bulletins: Path | None) -> Path:
    """data/index; for the bulletins of a wheel a folder of the user's own, wherever the command is run."""
    is_sample = bulletins == SAMPLE
    return platformdirs.user_cache_path("bulletin-bot") / "sample-index" if is_sample else Path("data/index")


_Ids = Annotated[frozenset[int], NoDecode]
_Names = Annotated[frozenset[str], NoDecode]


class Settings(BaseSettings):
    """All settings; the environment variables have the same names in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    telegram_bot_token: SecretStr | None = None
    bulletins_dir: Path = Field(default_factory=_bulletins)
    index_dir: Path = Field(default_factory=lambda given: _index(given.get("bulletins_dir")))
    index_url: SecretStr | None = None
    state_db: Path = Path("data/state/bot.sqlite3")
    state_url: SecretStr | None = None
    development_questions: Path = Path("data/eval")
    embedding_model: str = "bundled"
    model_cache: Path = Field(default_factory=_model_cache)
    embedding_threads: int = Field(default=0, ge=0, le=64)
    extraction: bool = True
    gate_margin: float = Field(default=0.05, ge=0, le=1)
    watch_bulletins: bool = False
    bot_mode: Literal["public", "private"] = "public"
    allowed_chats: _Ids = frozenset()
    admin_ids: _Ids = frozenset()
    time_zone: str | None = None
    concurrent_updates: int = Field(default=16, ge=8, le=16)
    person_burst: int = Field(default=20, ge=1, le=1000)
    person_per_minute: int = Field(default=60, ge=1, le=6000)
    telegram_base_url: str = "https://api.telegram.org/bot"
    telegram_base_file_url: str = "https://api.telegram.org/file/bot"
    webhook_url: str | None = None
    webhook_listen: str = "127.0.0.1"
    webhook_port: int = Field(default=8443, ge=1, le=65535)
    webhook_secret: SecretStr | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_questions: bool = False
    metrics_port: int = Field(default=0, ge=0, le=65535)
    metrics_listen: str = "127.0.0.1"
    metrics_hosts: _Names = frozenset()
    web_port: int = Field(default=0, ge=0, le=65535)
    web_listen: str = "127.0.0.1"
    web_url: str | None = None
    web_hosts: _Names = frozenset()
    web_proxies: _Names = frozenset()
    web_link_hours: int = Field(default=72, ge=1, le=24 * 365)
    web_api: bool = False
    api_per_minute: int = Field(default=60, ge=1, le=60_000)
    mcp_port: int = Field(default=8765, ge=1, le=65535)
    mcp_listen: str = "127.0.0.1"
    mcp_hosts: _Names = frozenset()
    mcp_per_minute: int = Field(default=120, ge=1, le=6000)
    access_keys: Annotated[dict[str, SecretStr], NoDecode] = Field(default_factory=dict)
    llm_base_url: str | None = None
    llm_model: str | None = None
    llm_api_key: SecretStr | None = None
    llm_daily_limit: int = Field(default=500, ge=1, le=1_000_000)

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _are_user_ids(cls, ids: object) -> object:
        return _numbers(ids, _USER_ID, "must be Telegram user ids (numbers) with commas between them")

    @field_validator("allowed_chats", mode="before")
    @classmethod
    def _are_chat_ids(cls, ids: object) -> object:
        return _numbers(
            ids,
            _CHAT_ID,
            "must be ids of Telegram chats (numbers, negative for groups) with commas between them",
        )

    @field_validator("access_keys", mode="before")
    @classmethod
    def _are_hashed_keys(cls, keys: object) -> object:
        """The hashes by name; what is no hash, such as a key itself, is refused and not repeated."""
        if not isinstance(keys, str):
            return keys
        parts = [_HASHED_KEY.fullmatch(part.strip()) for part in keys.split(",") if part.strip()]
        hashes = {part["name"]: part["hash"] for part in parts if part}
        if len(hashes) != len(parts):
            raise ValueError(
                "must be lines of `bulletin-bot new-key NAME` (a name, a colon, 64 hexadecimal digits), each name once, "
                "with commas between them"
            )
        return hashes

    @field_validator("web_proxies", mode="before")
    @classmethod
    def _are_addresses(cls, addresses: object) -> object:
        if not isinstance(addresses, str):
            return addresses
        parts = [part.strip() for part in addresses.split(",") if part.strip()]
        try:
            return frozenset(str(ipaddress.ip_network(part)) for part in parts)
        except ValueError:
            raise ValueError("must be addresses or networks (10.0.0.0/8) with commas between them") from None

    @field_validator("time_zone")
    @classmethod
    def _is_a_time_zone(cls, name: str | None) -> str | None:
        try:
            ZoneInfo(name or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("must be the name of a time zone, such as Asia/Shanghai") from None
        return name

    @field_validator("metrics_hosts", "web_hosts", "mcp_hosts", mode="before")
    @classmethod
    def _are_host_names(cls, names: object) -> object:
        if not isinstance(names, str):
            return names
        parts = [part.strip().lower() for part in names.split(",") if part.strip()]
        if not all(_HOST.fullmatch(part) for part in parts):
            raise ValueError("must be names of hosts with commas between them, without ports")
        return frozenset(parts)

    @field_validator("index_url", "state_url")
    @classmethod
    def _is_an_address_of_a_server(cls, url: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if url and not url.get_secret_value().startswith(("postgresql://", "postgres://")):
            file = "an index in INDEX_DIR" if info.field_name == "index_url" else "a state in STATE_DB"
            raise ValueError(f"must start with postgresql:// (leave it out for {file})")
        return url

    @field_validator("telegram_base_url", "telegram_base_file_url", "webhook_url", "web_url", "llm_base_url")
    @classmethod
    def _is_encrypted_or_local(cls, url: str | None) -> str | None:
        if url and not url.startswith("https://") and not _LOOPBACK.match(url):
            raise ValueError("must start with https:// (http:// only on this machine's loopback)")
        return url

    @field_validator("metrics_port", "web_port")
    @classmethod
    def _is_a_port_of_its_own(cls, port: int, info: ValidationInfo) -> int:
        ports = {"WEBHOOK_PORT": info.data.get("webhook_port") if info.data.get("webhook_url") else None}
        ports["METRICS_PORT"] = info.data.get("metrics_port")  # not there yet while it is looked at itself
        taken = [name for name, other in ports.items() if port and other == port]
        if taken:
            raise ValueError(f"is that of {taken[0]}; each needs a port of its own")
        return port

    @field_validator("webhook_secret")
    @classmethod
    def _is_a_secret_telegram_takes(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not _WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("must be 1 to 256 letters, digits, _ or -")
        return secret

    @model_validator(mode="after")
    def _names_the_model_of_a_server(self) -> Self:
        if self.llm_base_url and not self.llm_model:
            raise PydanticCustomError(
                "model", "LLM_BASE_URL is set without LLM_MODEL, the name of a model there"
            )
        return self

    @property
    def linked_web_url(self) -> str | None:
        """WEB_URL if Telegram takes a button to it; it takes none to a name without a dot, such as localhost."""
        return self.web_url if self.web_url and "." in (urlsplit(self.web_url).hostname or "") else None

    def index_home(self) -> homes.IndexHome:
        """The home of the index: the server of INDEX_URL, else INDEX_DIR. Raises BulletinBotError for a malformed address."""
        from retrieval.index import homes

        url = self.index_url.get_secret_value() if self.index_url else None
        return homes.open_home(self.index_dir, url)

    def state_home(self) -> state_homes.StateHome:
        """The home of the state: the server of STATE_URL, else STATE_DB. Raises BulletinBotError for a malformed address."""
        from bot.state import homes

        return homes.open_home(self.state_db, self.state_url.get_secret_value() if self.state_url else None)

    def token(self) -> str:
        """The bot token; raises BulletinBotError, without repeating it, if it is missing or malformed."""
        if self.telegram_bot_token is None:
            raise BulletinBotError(
                "TELEGRAM_BOT_TOKEN is not set: get one from @BotFather and put it into .env, "
                "or use `bulletin-bot chat` without one."
            )
        token = self.telegram_bot_token.get_secret_value()
        if not _TOKEN.fullmatch(token):
            raise BulletinBotError(
                "TELEGRAM_BOT_TOKEN is not a bot token: @BotFather gives one that looks like 123456789:AAF… "
                "(digits, a colon, letters)."
            )
        return token


def _numbers(given: object, each: re.Pattern[str], rule: str) -> object:
    if not isinstance(given, str):
        return given
    parts = [part.strip() for part in given.split(",") if part.strip()]
    if not all(each.fullmatch(part) for part in parts):
        raise ValueError(rule)
    return frozenset(map(int, parts))


def load_settings(**overrides: object) -> Settings:
    """The settings, overrides first.

    Raises BulletinBotError with the name of a wrong setting, never its value, or if the file `.env` cannot be read.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False)[0]
        name = ".".join(str(part) for part in first["loc"]).upper() or "LLM_MODEL"
        fault = first["msg"].removeprefix("Value error, ")  # pydantic's prefix to messages of validators
        raise BulletinBotError(f"The setting {name} is wrong: {fault}.") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BulletinBotError(
            f"Line {line} of the file .env is not UTF-8 text: save the file as UTF-8."
        ) from None
    except OSError as error:
        raise BulletinBotError(
            f"The file .env cannot be read ({error.strerror}): let this user read it, or remove it."
        ) from None
