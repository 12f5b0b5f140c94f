from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.run import other_secrets, with_webhook_secret
from bot.settings import Settings
from bot.state import homes
from retrieval.errors import BulletinBotError

_URL = "postgresql://user:s3cret@127.0.0.1:1/state"
_TOKEN = SecretStr("123456789:AAFaaaaaaaaaaaaaaaaaa")


def test_a_state_in_a_file_brings_no_driver_of_a_server(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib, bot.application, bot.settings\n"
        f"bot.settings.Settings(state_db=pathlib.Path({str(tmp_path / 'state.sqlite3')!r})).state_home().open().close()\n"
        "sys.exit(any(name.startswith(('psycopg', 'bot.state.postgres', 'bot.telegram.sharing')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_without_the_driver_a_server_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for name in [
        name for name in sys.modules if name.startswith(("bot.state.postgres", "retrieval.index.postgres"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(BulletinBotError, match="needs the extra `postgres`: run `make postgres`"):
        Settings(state_url=SecretStr(_URL)).state_home()


def test_bots_that_share_a_webhook_have_the_same_secret_unless_one_is_set() -> None:
    given = Settings(telegram_bot_token=_TOKEN, webhook_url="https://a.example/hook")
    assert with_webhook_secret(given).webhook_secret != with_webhook_secret(given).webhook_secret
    shared = given.model_copy(update={"state_url": SecretStr(_URL)})
    secret = with_webhook_secret(shared).webhook_secret
    assert secret is not None
    assert secret == with_webhook_secret(shared).webhook_secret
    assert _TOKEN.get_secret_value() not in secret.get_secret_value()
    chosen = shared.model_copy(update={"webhook_secret": SecretStr("chosen")})
    assert with_webhook_secret(chosen).webhook_secret == SecretStr("chosen")


def test_the_log_hides_the_address_of_a_state() -> None:
    assert _URL in other_secrets(Settings(state_url=SecretStr(_URL)))


def test_a_path_is_a_file_and_an_address_a_server(tmp_path: Path) -> None:
    assert homes.home_at(str(tmp_path / "a.sqlite3")) == homes.FileHome(tmp_path / "a.sqlite3")
    pytest.importorskip("psycopg")
    assert homes.home_at(_URL).shown == "127.0.0.1:1/state"
