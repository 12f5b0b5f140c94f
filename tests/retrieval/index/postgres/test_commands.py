"""INDEX_URL for the commands and for running bots."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.local_postgres import LocalPostgres

from bot.cli.main import main
from bot.cli.run import other_secrets
from bot.locales import ZH_HANT
from bot.maintenance import local_checks
from bot.operations import bulletin_removal, purging, rebuilding
from bot.serving.answerer import Answerer
from bot.serving.index_reloader import follow_server, reloading
from bot.settings import Settings, load_settings
from retrieval.errors import BulletinBotError
from retrieval.index import generations
from retrieval.index.postgres import ServerHome, load_server_index
from retrieval.index.postgres.server import serving_row
from retrieval.index.postgres.server_home import ServerPublisher
from retrieval.storage import lock
from tests.admins import pressed, talking
from tests.doubles import HashEncoder

BULLETIN = """精神文明建設工作簡報(篇1)
一、北京
北京市評選身邊好人,每月發佈{count}名月榜人物。
二、上海
上海開展市民修身行動,發放手冊5萬冊。
"""


def run(command: list[str]) -> None:
    """Run a command of the command line, which ends the process in success."""
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert not ended.value.code


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    """An office whose index is on the server."""
    return office(url, tmp_path / "one")


def office(url: str, folder: Path, count: int = 10) -> Settings:
    (folder / "bulletins").mkdir(parents=True, exist_ok=True)
    (folder / "bulletins" / "簡報.txt").write_text(BULLETIN.format(count=count), encoding="utf-8")
    return load_settings(
        bulletins_dir=folder / "bulletins",
        index_dir=folder / "index",
        index_url=url,
        development_questions=folder / "none",
    )


def home_of(settings: Settings) -> ServerHome:
    assert settings.index_url is not None
    return ServerHome.from_url(settings.index_url.get_secret_value())


def test_a_rebuild_puts_its_generation_into_service_on_the_server(settings: Settings) -> None:
    report = rebuilding.build(settings, encoder=HashEncoder())
    assert home_of(settings).served() == (report.generation,)
    assert home_of(settings).manifest().passages == report.passages > 0


def test_a_rebuild_elsewhere_embeds_only_what_changed(settings: Settings, url: str, tmp_path: Path) -> None:
    first = rebuilding.build(settings, encoder=HashEncoder())
    encoder = HashEncoder()
    second = rebuilding.build(office(url, tmp_path / "two", count=12), encoder=encoder)
    assert second.replaces == first.generation
    embedded = "".join(encoder.passages_encoded)
    assert "12名月榜人物" in embedded
    assert "修身行動" not in embedded
    assert home_of(settings).served() == (second.generation, first.generation)


def test_a_rebuild_waits_for_nobody_and_names_who_builds(settings: Settings) -> None:
    with (
        serving_row.only_builder(home_of(settings).address, "rebuild"),
        pytest.raises(lock.IndexBusyError, match=r"Another process works on the index on 127\.0\.0\.1"),
    ):
        rebuilding.build(settings, encoder=HashEncoder())
    assert not home_of(settings).has_current()


def test_what_the_folder_lost_is_fetched_before_a_rebuild(settings: Settings) -> None:
    first = rebuilding.build(settings, encoder=HashEncoder())
    home_of(settings)
    folder = settings.index_dir
    rebuilding.build(settings, encoder=HashEncoder())
    assert home_of(settings).roll_back() == first.generation
    again = rebuilding.build(settings, encoder=HashEncoder())
    assert again.replaces == first.generation
    assert generations.served(folder)[0] == again.generation


def test_status_and_rollback_speak_of_the_server(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reports = [rebuilding.build(settings, encoder=HashEncoder()) for _ in range(2)]
    assert settings.index_url is not None
    monkeypatch.setenv("INDEX_URL", settings.index_url.get_secret_value())
    monkeypatch.setenv("INDEX_DIR", str(settings.index_dir))
    run(["status", "--json"])
    status = json.loads(capsys.readouterr().out)
    assert status["generations"] == [reports[1].generation, reports[0].generation]
    assert "words by pg_textsearch" in status["checks"]
    assert status["builder"] == "nobody builds"
    run(["rollback"])
    assert reports[0].generation in capsys.readouterr().out
    run(["rebuild", "--if-missing"])
    assert home_of(settings).served()[0] == reports[0].generation


def test_copy_index_is_a_command(
    settings: Settings, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = rebuilding.build(settings, encoder=HashEncoder())
    run(["copy-index", url, str(tmp_path / "copy")])
    assert generations.served(tmp_path / "copy") == (report.generation,)
    assert report.generation in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["copy-index", url, url])
    assert "between a folder and a server" in capsys.readouterr().err


def test_the_password_is_hidden_from_log_and_settings(tmp_path: Path) -> None:
    settings = load_settings(index_url="postgresql://u:hidden-word@h/d")
    assert "hidden-word" not in repr(settings)
    assert "hidden-word" in "".join(other_secrets(settings))
    with pytest.raises(BulletinBotError, match="INDEX_URL is wrong: must start with postgresql://") as raised:
        load_settings(index_url="mysql://u:hidden-word@h/d")
    assert "hidden-word" not in str(raised.value)


def test_the_doctor_looks_at_the_server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rebuilding.build(settings, encoder=HashEncoder())
    monkeypatch.setattr(local_checks, "_encoder", lambda *_given: HashEncoder())
    sentences = [finding.sentence for finding in local_checks.check_index(settings)]
    assert any("passages whole; words by pg_textsearch" in sentence for sentence in sentences)


def test_a_bot_whose_server_is_gone_says_so_until_it_is_back(
    settings: Settings, url: str, small: Path, postgres: LocalPostgres, caplog: pytest.LogCaptureFixture
) -> None:
    home = home_of(settings)
    home.copy_from(small)
    bot, stop = Answerer(load_server_index(home.address, None, 0), HashEncoder()), threading.Event()
    follower = threading.Thread(target=follow_server, args=(bot, home, stop, 0.1))
    postgres.stop()
    follower.start()
    try:
        assert waited_for(lambda: "cannot be reached" in bot.index_fault)
    finally:
        postgres.start()
    assert waited_for(lambda: not bot.index_fault)
    stop.set()
    follower.join(10)
    assert caplog.text.count("It is tried again every") == 1
    bot.close()


def waited_for(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_so()


def test_running_bots_follow_a_rebuild_from_anywhere(settings: Settings, url: str, tmp_path: Path) -> None:
    rebuilding.build(settings, encoder=HashEncoder())
    bots = [Answerer(home_of(settings).load_current(None), HashEncoder()) for _ in range(2)]
    with reloading(bots[0], settings), reloading(bots[1], settings):
        report = rebuilding.build(office(url, tmp_path / "two", count=12), encoder=HashEncoder())
        assert waited_for(lambda: [bot.whole.name for bot in bots] == [report.generation] * 2)
    for bot in bots:
        bot.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "follow-server"]


TWO = BULLETIN + "\n精神文明建設工作簡報(篇2)\n一、天津\n天津市的祕密會議在星期三舉行,參加者四十二人。\n"


def texts_on(url: str) -> str:
    """All texts of all generations on the server."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    found = "select schemaname from pg_tables where tablename = 'contents' and schemaname like 'g%'"
    with psycopg.connect(url) as connection:
        tables = [Identifier(name, "contents") for (name,) in connection.execute(found).fetchall()]
        rows = [connection.execute(SQL("select body from {}").format(table)).fetchall() for table in tables]
    return "".join(str(body) for of_one in rows for (body,) in of_one)


def test_a_purge_leaves_nothing_of_the_bulletin_on_the_server(
    settings: Settings, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = settings.bulletins_dir / "簡報.txt"
    for count in (10, 11):
        file.write_text(TWO.format(count=count), encoding="utf-8")
        rebuilding.build(settings, encoder=HashEncoder())
    reader = load_server_index(home_of(settings).address, None, 0)
    assert "祕密會議" in texts_on(url)
    monkeypatch.setenv("INDEX_URL", url)
    monkeypatch.setenv("INDEX_DIR", str(settings.index_dir))
    monkeypatch.setenv("BULLETINS_DIR", str(settings.bulletins_dir))
    monkeypatch.setattr(serving_row, "_READ_FOR", 0.5)
    run(["purge", "篇2", "--yes"])
    said = capsys.readouterr().out
    (name,) = home_of(settings).served()
    assert name in said
    assert "none is kept" in said
    assert "祕密會議" not in texts_on(url)
    assert "修身行動" in texts_on(url)
    with pytest.raises(BulletinBotError, match="is gone from"):
        list(reader.passages[:])
    again = rebuilding.build(settings, encoder=HashEncoder())
    assert home_of(settings).served() == (again.generation, name)
    assert "祕密會議" not in texts_on(url)


def test_a_purge_that_was_killed_before_the_server_had_it_is_finished_by_the_next_build(
    settings: Settings, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.bulletins_dir / "簡報.txt").write_text(TWO.format(count=10), encoding="utf-8")
    rebuilding.build(settings, encoder=HashEncoder())
    index = settings.index_home().load_current(None)
    key = next(key for key in bulletin_removal.bulletins_of(index) if key.label == "篇2")
    removal = bulletin_removal.removal_of(settings, index, key)
    with monkeypatch.context() as patched:
        patched.setattr(ServerPublisher, "serve", killed)
        with pytest.raises(KeyboardInterrupt):
            purging.purge(settings, removal, encoder=HashEncoder())
    assert "祕密會議" in texts_on(url)
    rebuilding.build(settings, encoder=HashEncoder())
    assert "祕密會議" not in texts_on(url)
    assert purging.finish_purge(settings) is None


def killed(*_given: object) -> None:
    raise KeyboardInterrupt


async def test_rollback_and_purge_of_the_chat_work_on_the_server(
    settings: Settings, answerer: Answerer
) -> None:
    first = rebuilding.build(settings, encoder=HashEncoder())
    (settings.bulletins_dir / "簡報.txt").write_text(TWO.format(count=10), encoding="utf-8")
    second = rebuilding.build(settings, encoder=HashEncoder())
    async with talking(settings, answerer, admin=7) as admin:
        (asked,) = await admin.says("/rollback")
        assert second.generation in asked.text
        _, done = await pressed(admin, asked, ZH_HANT.admin.rollback.confirm)
        assert done.text.endswith(first.generation)
        assert home_of(settings).served() == (first.generation,)
        (shown,) = await admin.says("/purge 篇1")
    assert first.generation in "".join(home_of(settings).served())
    assert "篇1" in shown.text
