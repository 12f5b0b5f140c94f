"""The remedy in a sentence about a setting, the model or the bulletins is followed, and the fault is gone."""

from __future__ import annotations

import re
import shlex
import socket
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from aiohttp import web

from bot.cli.feedback import export_feedback
from bot.health_server import _listen
from bot.operations import rebuilding, uploads
from bot.settings import Settings, load_settings
from bot.state.sqlite import open_database
from retrieval.embedding import load_encoder
from retrieval.embedding.bundled import bundled_model_folder, source
from retrieval.errors import BulletinBotError
from tests.doubles import HashEncoder

_TOKEN = "123456789:AAF_abcdefghijklmnopqrstuvwxyz-01234"


@pytest.mark.parametrize(
    ("name", "wrong", "sentence", "right"),
    [
        ("ADMIN_IDS", "me", r"Telegram user ids \(numbers\) with commas", "7, 8"),
        ("ALLOWED_CHATS", "@group", r"ids of Telegram chats \(numbers, negative for groups\)", "7,-100"),
        (
            "METRICS_HOSTS",
            "http://a:1",
            "names of hosts with commas between them, without ports",
            "a,b.example",
        ),
        ("METRICS_PORT", "99999", "less than or equal to 65535", "65535"),
        ("METRICS_PORT", "many", "valid integer", "0"),
        ("CONCURRENT_UPDATES", "1", "greater than or equal to 8", "8"),
        ("BOT_MODE", "secret", "'public' or 'private'", "private"),
        ("LOG_LEVEL", "loud", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'", "WARNING"),
        ("LOG_QUESTIONS", "perhaps", "valid boolean", "1"),
        ("GATE_MARGIN", "2", "less than or equal to 1", "1"),
        ("WEBHOOK_URL", "http://bot.example", "start with https://", "https://bot.example"),
        (
            "STATE_URL",
            "mysql://a/b",
            r"start with postgresql:// \(leave it out for a state in STATE_DB\)",
            "postgres://a/b",
        ),
        (
            "INDEX_URL",
            "a/b",
            r"start with postgresql:// \(leave it out for an index in INDEX_DIR\)",
            "postgresql://a/b",
        ),
        ("WEBHOOK_SECRET", "a b", "1 to 256 letters, digits, _ or -", "a-b"),
    ],
)
def test_a_setting_as_the_sentence_wants_it_is_taken(
    monkeypatch: pytest.MonkeyPatch, name: str, wrong: str, sentence: str, right: str
) -> None:
    monkeypatch.setenv(name, wrong)
    with pytest.raises(BulletinBotError, match=f"^The setting {name} is wrong: .*{sentence}"):
        load_settings()
    monkeypatch.setenv(name, right)
    load_settings()


def test_a_token_that_looks_as_the_sentence_says_is_taken() -> None:
    with pytest.raises(BulletinBotError, match=r"123456789:AAF… \(digits, a colon, letters\)"):
        load_settings(telegram_bot_token="AAF").token()
    assert load_settings(telegram_bot_token=_TOKEN).token() == _TOKEN


def test_a_file_of_settings_is_read_once_it_is_saved_as_the_sentence_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / ".env"
    text = "# 本機\nLOG_LEVEL=ERROR\n"
    file.write_bytes(text.encode("big5"))
    with pytest.raises(
        BulletinBotError, match=r"Line 1 of the file \.env is not UTF-8 text: save the file as UTF-8"
    ):
        load_settings()
    file.write_text(text, encoding="utf-8")
    assert load_settings().log_level == "ERROR"


def test_a_folder_of_bulletins_that_is_made_and_filled_as_the_sentences_say_is_indexed(
    settings: Settings, tmp_path: Path
) -> None:
    settings = settings.model_copy(
        update={"bulletins_dir": tmp_path / "new", "development_questions": tmp_path / "none"}
    )
    with pytest.raises(BulletinBotError, match="create it and put text files in"):
        rebuilding.build(settings, encoder=HashEncoder())
    settings.bulletins_dir.mkdir()
    with pytest.raises(BulletinBotError, match="put bulletins there, for example a"):
        rebuilding.build(settings, encoder=HashEncoder())
    bulletin = settings.bulletins_dir / "1.txt"
    bulletin.write_text("工作簡報 篇1\n\n上海市開展市民修身行動。\n", encoding="utf-8")
    assert rebuilding.build(settings, encoder=HashEncoder()).passages == 1


def test_an_index_folder_is_written_where_the_sentence_says(settings: Settings, tmp_path: Path) -> None:
    (settings.bulletins_dir / "1.txt").write_text(
        "工作簡報 篇1\n\n上海市開展市民修身行動。\n", encoding="utf-8"
    )
    settings = settings.model_copy(update={"development_questions": tmp_path / "none"})
    settings.index_dir.write_bytes(b"")
    with pytest.raises(BulletinBotError, match="mend that or set INDEX_DIR to another"):
        rebuilding.build(settings, encoder=HashEncoder())
    elsewhere = settings.model_copy(update={"index_dir": tmp_path / "elsewhere"})
    assert rebuilding.build(elsewhere, encoder=HashEncoder()).passages == 1
    settings.index_dir.unlink()
    assert rebuilding.build(settings, encoder=HashEncoder()).passages == 1


def test_an_upload_is_kept_where_the_sentence_says(tmp_path: Path) -> None:
    (tmp_path / "no folder").write_bytes(b"")
    with pytest.raises(BulletinBotError, match="or set BULLETINS_DIR to another folder"):
        uploads.set_aside(tmp_path / "no folder", "a.txt", b"x")
    assert uploads.set_aside(tmp_path / "other", "a.txt", b"x").path.read_bytes() == b"x"


def test_a_model_that_cannot_be_unpacked_is_unpacked_where_the_sentence_says(tmp_path: Path) -> None:
    no_folder = tmp_path / "models"
    no_folder.write_bytes(b"")
    with pytest.raises(BulletinBotError, match="or set MODEL_CACHE to another folder"):
        bundled_model_folder(no_folder)
    assert bundled_model_folder(Settings().model_cache).is_dir()


def test_without_the_model_that_cannot_be_loaded_the_bundled_one_is(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(BulletinBotError, match="leave it empty for the bundled one"):
        load_encoder(str(tmp_path), Settings().model_cache, threads=1)
    assert load_encoder("", Settings().model_cache, threads=1).dimension == 384


def test_the_command_against_a_damaged_package_installs_the_version_of_it_for_this_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(source, "_recorded_digest", lambda: b"of another file")
    with pytest.raises(BulletinBotError, match="is not the one that was installed") as refused:
        source.read_source()
    (command,) = re.findall(r"`([^`]+)`", str(refused.value))
    program, *arguments, requirement = shlex.split(command)
    assert program == sys.executable
    assert arguments == ["-m", "pip", "install", "--force-reinstall", "--no-deps"]
    name, _, number = requirement.partition("==")
    assert number == version(name)


def test_confirmed_questions_are_written_to_the_other_file_that_the_sentence_asks_for(
    settings: Settings, tmp_path: Path
) -> None:
    settings = settings.model_copy(update={"state_db": tmp_path / "state.sqlite3"})
    open_database(settings.state_db).close()
    (tmp_path / "taken").touch()
    with pytest.raises(BulletinBotError, match="name another file"):
        export_feedback(settings, tmp_path / "taken" / "questions.jsonl")
    export_feedback(settings, tmp_path / "questions.jsonl")
    assert (tmp_path / "questions.jsonl").exists()


async def test_monitoring_listens_on_the_other_port_that_the_sentence_asks_for(settings: Settings) -> None:
    runner = web.AppRunner(web.Application())
    await runner.setup()
    try:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(BulletinBotError, match=f"METRICS_PORT {port} .*: set another, or 0 for none"):
                await _listen(runner, settings.model_copy(update={"metrics_port": port}))
        await _listen(runner, settings.model_copy(update={"metrics_port": port}))
    finally:
        await runner.cleanup()
