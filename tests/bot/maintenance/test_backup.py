"""Backups: taken while the bot serves, whole or refused, and restored into other folders."""

from __future__ import annotations

import os
import stat
import tarfile
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.maintenance import back_up
from bot.maintenance import Backup, restore_backup, write_backup
from bot.operations.rebuilding import build
from bot.settings import Settings
from bot.state import ownership
from bot.state.sqlite import open_database
from retrieval.errors import BulletinBotError
from retrieval.index.generations import load_serving, served
from retrieval.storage import lock, manifests
from tests.doubles import HashEncoder

BULLETIN = (
    "精神文明建設工作簡報 篇1\n\n上海開展市民修身行動。\n\n一、發放讀物\n\n上海發放手冊1萬冊,人手一本。\n"
)
TOKEN = "123456789:AAFxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    """One bulletin in a sub-folder, its index, and a state with one language."""
    settings = at(tmp_path / "office")
    (settings.bulletins_dir / "上海").mkdir(parents=True)
    (settings.bulletins_dir / "上海" / "簡報 1.txt").write_text(BULLETIN, encoding="utf-8")
    build(settings, encoder=HashEncoder())
    settings.state_db.parent.mkdir(parents=True)
    database = open_database(settings.state_db)
    database.write("INSERT INTO languages VALUES (7, 'en', 1)")
    database.write("INSERT INTO keys VALUES ('pseudonym', 'k')")
    database.close()
    return settings


def at(folder: Path) -> Settings:
    """Settings below a folder."""
    return Settings(
        bulletins_dir=folder / "bulletins",
        index_dir=folder / "index",
        state_db=folder / "state" / "bot.sqlite3",
        development_questions=folder / "none",
        telegram_bot_token=SecretStr(TOKEN),
        admin_ids=frozenset({7, 8}),
    )


def taken(office: Settings, folder: Path) -> tuple[Path, Backup]:
    path = folder / "office.backup"
    return path, write_backup(office, path)


def test_a_restored_backup_has_the_same_files_index_and_state(office: Settings, tmp_path: Path) -> None:
    path, _ = taken(office, tmp_path)
    other = at(tmp_path / "other")
    restored = restore_backup(other, path)
    assert restored.put_aside == ()
    assert (other.bulletins_dir / "上海" / "簡報 1.txt").read_text(encoding="utf-8") == BULLETIN
    assert served(other.index_dir)[0] == served(office.index_dir)[0]
    assert [passage.text for passage in load_serving(other.index_dir, HashEncoder().name).passages] == [
        passage.text for passage in load_serving(office.index_dir, HashEncoder().name).passages
    ]
    database = open_database(other.state_db)
    assert database.rows("SELECT person, language FROM languages") == [(7, "en")]
    assert database.rows("SELECT key FROM keys WHERE purpose = 'pseudonym'") == [("k",)]
    database.close()


def test_a_rebuild_after_a_restore_changes_nothing(office: Settings, tmp_path: Path) -> None:
    path, _ = taken(office, tmp_path)
    other = at(tmp_path / "other")
    restore_backup(other, path)
    report = build(other, encoder=HashEncoder())
    assert report.embedded == 0
    assert not any(change.added or change.changed or change.removed for change in report.changes)


def test_a_backup_is_for_its_owner_alone_and_holds_no_secret(office: Settings, tmp_path: Path) -> None:
    path, backup = taken(office, tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert backup.settings["ADMIN_IDS"] == "7,8"
    with tarfile.open(path) as tar:
        content = b"".join(file.read() for member in tar if (file := tar.extractfile(member)))
    assert TOKEN.encode() not in content
    assert "TELEGRAM_BOT_TOKEN" not in backup.settings


def test_the_state_is_a_snapshot_while_another_connection_writes(office: Settings, tmp_path: Path) -> None:
    database = open_database(office.state_db)
    with database.transaction():
        database.write("INSERT INTO languages VALUES (9, 'en', 1)")
        path, _ = taken(office, tmp_path)
    database.close()
    other = at(tmp_path / "other")
    restore_backup(other, path)
    restored = open_database(other.state_db)
    assert restored.rows("SELECT person FROM languages") == [(7,)]
    restored.close()


def test_without_the_index_the_digest_of_it_is_kept(office: Settings, tmp_path: Path) -> None:
    backup = write_backup(office, tmp_path / "small", with_index=False)
    assert backup.count("index") == 0
    assert backup.generation == served(office.index_dir)[0]
    assert backup.index_digest


def test_a_backup_replaces_no_file(office: Settings, tmp_path: Path) -> None:
    (tmp_path / "office.backup").write_text("mine", encoding="utf-8")
    with pytest.raises(BulletinBotError, match="exists"):
        taken(office, tmp_path)
    assert (tmp_path / "office.backup").read_text(encoding="utf-8") == "mine"


def test_what_is_there_is_put_aside_and_never_deleted(office: Settings, tmp_path: Path) -> None:
    path, _ = taken(office, tmp_path)
    (office.bulletins_dir / "上海" / "簡報 1.txt").write_text("新", encoding="utf-8")
    with pytest.raises(BulletinBotError, match="--replace"):
        restore_backup(office, path)
    restored = restore_backup(office, path, replace=True)
    assert (office.bulletins_dir / "上海" / "簡報 1.txt").read_text(encoding="utf-8") == BULLETIN
    bulletins = next(folder for folder in restored.put_aside if folder.name.startswith("bulletins"))
    assert (bulletins / "上海" / "簡報 1.txt").read_text(encoding="utf-8") == "新"
    assert len(restored.put_aside) == 3


def test_what_a_bot_serves_from_is_not_put_aside(office: Settings, tmp_path: Path) -> None:
    path, _ = taken(office, tmp_path)
    before = sorted(office.index_dir.parent.rglob("*"))
    with (
        ownership.only_server(office.state_db),
        pytest.raises(BulletinBotError, match=rf"in use \(run, process {os.getpid()} .* stop that process"),
    ):
        restore_backup(office, path, replace=True)
    assert sorted(set(office.index_dir.parent.rglob("*")) - {ownership.lock_file(office.state_db)}) == before
    assert restore_backup(office, path, replace=True).put_aside


def test_an_index_that_is_being_built_is_not_put_aside(office: Settings, tmp_path: Path) -> None:
    path, _ = taken(office, tmp_path)
    with (
        lock.only_builder(office.index_dir, "rebuild"),
        pytest.raises(BulletinBotError, match="rebuild, pro"),
    ):
        restore_backup(office, path, replace=True)
    assert served(office.index_dir)


def test_a_backup_is_whole_though_a_bulletin_changes_while_it_is_written(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulletin = office.bulletins_dir / "上海" / "簡報 1.txt"
    hashed = manifests.file_hash

    def hashed_then_changed(path: Path) -> str:
        digest = hashed(path)
        with bulletin.open("a", encoding="utf-8") as file:
            file.write("又發放手冊2萬冊。\n")
        return digest

    monkeypatch.setattr(manifests, "file_hash", hashed_then_changed)
    path, _ = taken(office, tmp_path)
    other = at(tmp_path / "other")
    restore_backup(other, path)
    assert (other.bulletins_dir / "上海" / "簡報 1.txt").read_text(encoding="utf-8").startswith(BULLETIN)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["office", "office.backup", "other"]


@pytest.mark.parametrize("keep", [0.0, 0.1, 0.5, 0.9, 0.97])
def test_a_backup_that_is_cut_short_changes_nothing(office: Settings, tmp_path: Path, keep: float) -> None:
    path, _ = taken(office, tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    other = at(tmp_path / "other")
    with pytest.raises(BulletinBotError, match="no whole backup"):
        restore_backup(other, path)
    left = [file for file in (tmp_path / "other").rglob("*") if file.is_file()]
    assert left == []


def test_a_member_outside_the_three_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "strange"
    inner = tmp_path / "backup.json"
    inner.write_text(
        '{"version": 1, "created_at": "", "generation": null, "index_digest": null, "settings": {},'
        ' "files": {"bulletins/../../x": "0"}}',
        encoding="utf-8",
    )
    with tarfile.open(path, "w:gz") as tar:
        tar.add(inner, "backup.json")
    with pytest.raises(BulletinBotError, match="no whole backup"):
        restore_backup(at(tmp_path / "other"), path)


def test_a_bulletin_whose_name_is_not_utf8_keeps_its_name(office: Settings, tmp_path: Path) -> None:
    name = os.fsdecode(b"\xc9\xcf\xba\xa3.txt")
    (office.bulletins_dir / name).write_text(BULLETIN, encoding="utf-8")
    path, _ = taken(office, tmp_path)
    other = at(tmp_path / "other")
    restore_backup(other, path)
    assert (other.bulletins_dir / name).is_file()


def test_a_backup_names_no_setting_that_is_secret_and_says_what_a_server_keeps(
    office: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {
        "access_keys": {"library": SecretStr("a" * 64)},
        "llm_api_key": SecretStr("sk-secret"),
        "index_url": SecretStr("postgresql://user:password@127.0.0.1:1/index"),
        "state_url": SecretStr("postgresql://user:password@127.0.0.1:1/state"),
        "web_port": 8080,
    }
    settings = office.model_copy(update=given)
    backup = write_backup(settings, tmp_path / "one.backup")
    assert backup.settings["WEB_PORT"] == "8080"
    assert not {"ACCESS_KEYS", "LLM_API_KEY", "INDEX_URL", "STATE_URL"} & backup.settings.keys()
    assert not backup.count("state/bot.sqlite3")  # that of the file is not in service
    back_up(settings, tmp_path / "two.backup", with_index=True)
    said = capsys.readouterr().out
    assert "on the server of INDEX_URL" in said
    assert "`pg_dump --schema=bulletin_bot_state` backs it up" in said
    assert "A later purge will not name this file: The PostgreSQL server 127.0.0.1:1/state" in said
