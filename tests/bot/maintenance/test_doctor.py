"""Each fault that an operator can make is found, and its sentence says what to do."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.maintenance import Level, examine, telegram_checks
from bot.maintenance.local_checks import _LEAST_SPACE
from bot.settings import Settings, load_settings
from bot.state.sqlite import open_database
from retrieval.errors import BulletinBotError
from retrieval.index import generations
from retrieval.storage import manifests
from tests.doubles import HashEncoder
from tests.e2e.bot_api import Emulator

BULLETIN = (
    "精神文明建設工作簡報 篇1\n\n上海開展市民修身行動。\n\n一、發放讀物\n\n上海發放手冊1萬冊,人手一本。\n"
)


@pytest.fixture(scope="module")
def telegram() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def office(tmp_path: Path, seed_index: Path, telegram: Emulator, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation without a fault: the bundled bulletins and their index, and an emulator of Telegram."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(seed_index, tmp_path / "index")
    return Settings(
        bulletins_dir=Path(__file__).parents[3] / "data" / "bulletins",
        index_dir=tmp_path / "index",
        state_db=tmp_path / "state" / "bot.sqlite3",
        telegram_bot_token=SecretStr(telegram.token),
        telegram_base_url=telegram.base_url,
        admin_ids=frozenset({7}),
    )


def faults(settings: Settings) -> list[str]:
    return [finding.sentence for finding in examine(settings) if finding.level is Level.FAULT]


def with_(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update=changes)


def open_env(settings: Settings) -> Settings:
    Path(".env").write_text("TELEGRAM_BOT_TOKEN=x\n", encoding="utf-8")
    Path(".env").chmod(0o644)
    return settings


def damaged_index(settings: Settings) -> Settings:
    name = next(path for path in settings.index_dir.rglob("*.npy"))
    name.write_bytes(name.read_bytes()[:-9])
    return settings


def other_encoder(settings: Settings) -> Settings:
    folder = settings.index_dir.parent / "other"
    folder.mkdir()
    (folder / "1.txt").write_text(BULLETIN, encoding="utf-8")
    from bot.operations.rebuilding import build

    changed = with_(settings, index_dir=folder / "index", bulletins_dir=folder)
    build(changed, encoder=HashEncoder())
    return changed


def strange_state(settings: Settings) -> Settings:
    settings.state_db.parent.mkdir()
    connection = sqlite3.connect(settings.state_db)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    return settings


def torn_state(settings: Settings) -> Settings:
    settings.state_db.parent.mkdir()
    open_database(settings.state_db).close()
    content = bytearray(settings.state_db.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    settings.state_db.write_bytes(content)
    return settings


def empty_folder(settings: Settings) -> Settings:
    (settings.index_dir.parent / "empty").mkdir()
    return with_(settings, bulletins_dir=settings.index_dir.parent / "empty")


FAULTS: dict[str, tuple[Callable[[Settings], Settings], str]] = {
    "no token": (lambda office: with_(office, telegram_bot_token=None), "@BotFather"),
    "malformed token": (lambda office: with_(office, telegram_bot_token=SecretStr("abc")), "@BotFather"),
    "token of nobody": (
        lambda office: with_(office, telegram_bot_token=SecretStr("1234567:AAF" + "x" * 32)),
        "copy it again from @BotFather",
    ),
    "no network": (lambda office: with_(office, telegram_base_url="http://127.0.0.1:9/bot"), "network"),
    "token readable by others": (open_env, "chmod 600 .env"),
    "private without people": (
        lambda office: with_(office, bot_mode="private", admin_ids=frozenset()),
        "ALLOWED_CHATS",
    ),
    "no folder of bulletins": (
        lambda office: with_(office, bulletins_dir=office.index_dir / "none"),
        "BULLETINS_DIR",
    ),
    "no bulletins": (empty_folder, "put files there"),
    "no index": (
        lambda office: with_(office, index_dir=office.index_dir.parent / "none"),
        "bulletin-bot rebuild",
    ),
    "damaged index": (damaged_index, "bulletin-bot rebuild"),
    "index of another encoder": (other_encoder, "bulletin-bot rebuild"),
    "no such model": (lambda office: with_(office, embedding_model="/none/model"), "EMBEDDING_MODEL"),
    "index folder cannot be written": (
        lambda office: with_(office, index_dir=Path("/proc/index")),
        "INDEX_DIR",
    ),
    "state folder cannot be written": (
        lambda office: with_(office, state_db=Path("/proc/state/bot.sqlite3")),
        "STATE_DB",
    ),
    "state of another program": (strange_state, "STATE_DB"),
    "torn state": (torn_state, "remove the file"),
}


def test_a_sound_installation_has_no_fault(office: Settings) -> None:
    assert faults(office) == []


@pytest.mark.parametrize("name", FAULTS)
def test_the_fault_is_found_and_its_sentence_says_what_to_do(name: str, office: Settings) -> None:
    inject, remedy = FAULTS[name]
    sentences = faults(inject(office))
    assert any(remedy in sentence for sentence in sentences), sentences
    assert not any("Traceback" in sentence for sentence in sentences)


def test_an_address_of_the_page_that_telegram_takes_no_button_to_is_told(office: Settings) -> None:
    told = [each.sentence for each in examine(with_(office, web_url="http://localhost:8080"), offline=True)]
    assert any("no button to http://localhost:8080" in sentence for sentence in told)
    told = [
        each.sentence for each in examine(with_(office, web_url="https://bulletins.example"), offline=True)
    ]
    assert not any("no button" in sentence for sentence in told)


@pytest.mark.parametrize("is_served", [False, True])
def test_a_state_of_an_earlier_schema_is_read_and_not_migrated(office: Settings, is_served: bool) -> None:
    database = open_database(office.state_db)
    database.write("PRAGMA user_version = 1")
    if not is_served:
        database.close()
    folder = office.state_db.parent
    before = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}
    assert faults(office) == []
    after = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}
    database.close()
    assert after == before
    with sqlite3.connect(office.state_db) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def test_a_full_disk_is_found(office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    free = shutil.disk_usage(office.index_dir)._replace(free=_LEAST_SPACE - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    assert any("make room" in sentence for sentence in faults(office))


def test_a_clock_that_is_off_is_found() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=3))
    (finding,) = telegram_checks._clock(date)
    assert finding.level is Level.FAULT
    assert "behind" in finding.sentence


def test_a_webhook_of_another_server_is_found(office: Settings) -> None:
    (finding,) = telegram_checks._webhook(office, "https://elsewhere.example/secret-path")
    assert finding.level is Level.FAULT
    assert "elsewhere.example" in finding.sentence
    assert "secret-path" not in finding.sentence


def test_no_sentence_holds_the_token(office: Settings) -> None:
    for url in ("http://127.0.0.1:9/bot", office.telegram_base_url):
        token = "1234567:AAF" + "x" * 32
        changed = with_(office, telegram_base_url=url, telegram_bot_token=SecretStr(token))
        assert not any(token in sentence for sentence in faults(changed))


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATE_MARGIN", "much")
    with pytest.raises(BulletinBotError, match="GATE_MARGIN"):
        load_settings()


def test_an_index_of_the_same_model_without_its_digest_is_sound(office: Settings) -> None:
    """As earlier programs built it: it is served, so doctor asks for no rebuild."""
    folder = office.index_dir / generations.served(office.index_dir)[0]
    manifest = manifests.read_manifest(folder)
    manifests.write_manifest(folder, replace(manifest, encoder=manifests.model_name(manifest.encoder)))
    assert faults(office) == []


def test_a_state_on_a_server_that_is_away_is_a_fault_in_one_sentence(office: Settings) -> None:
    pytest.importorskip("psycopg")
    away = SecretStr("postgresql://user:s3cret@127.0.0.1:1/state")
    (sentence,) = faults(with_(office, state_url=away, state_db=Path("/proc/no/state.sqlite3")))
    assert sentence.startswith(
        "The PostgreSQL server 127.0.0.1:1/state of the state cannot be reached: see that"
    )
