"""A purge: nothing of the bulletin is left in what the program keeps, whenever it is killed, and no rebuild brings it back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.operations import bulletin_removal, copies_elsewhere, generation_without, purged_source, purging
from bot.operations.bulletin_removal import BulletinKey, Removal, SourceFate
from bot.operations.rebuilding import build
from bot.settings import Settings
from bot.state.answers import save_answer
from bot.state.feedback import save_verdict
from bot.state.records import GivenAnswer, QuotedSpan, Verdict
from bot.state.sqlite import open_database
from retrieval.building import checkpoint
from retrieval.errors import BulletinBotError
from retrieval.index import Index, generations
from retrieval.questions.follow_ups import Turn
from retrieval.reading.formats.conversion import cache
from retrieval.reading.structure import taken_out
from retrieval.storage.lock import IndexBusyError, only_builder
from retrieval.storage.manifests import hash_sources
from tests.doubles import HashEncoder

ENCODER = HashEncoder()
SECRET = "南湖區的祕密會議在星期三舉行"
ALONE = (
    f"工作簡報\n篇1\n浙江嘉興\n一、會議安排\n{SECRET},參加者共有四十二人。\n"
    "二、後續工作\n會後由街道辦事處負責落實。\n"
)
OTHER = "工作簡報\n篇2\n上海\n一、市民修身\n上海開展市民修身行動,發放手冊五萬冊。\n"
BOTH = f"{ALONE}\n{OTHER.removeprefix('工作簡報')}"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("CONVERSION_CACHE", str(tmp_path / "conversions"))
    (tmp_path / "bulletins").mkdir()
    return Settings(
        bulletins_dir=tmp_path / "bulletins",
        index_dir=tmp_path / "index",
        state_db=tmp_path / "state" / "bot.sqlite3",
        development_questions=tmp_path / "eval",
    )


def write(settings: Settings, **files: str) -> None:
    for name, text in files.items():
        (settings.bulletins_dir / f"{name}.txt").write_text(text, encoding="utf-8")


def served(settings: Settings) -> Index:
    return generations.load_current(settings.index_dir, ENCODER.name)


def removal(settings: Settings, name: str = "篇1") -> Removal:
    index = served(settings)
    (key,) = bulletin_removal.named(name, bulletin_removal.bulletins_of(index))
    return bulletin_removal.removal_of(settings, index, key)


def files_with_secret(settings: Settings) -> list[str]:
    """Every file below the folder of the test that holds the secret words, in either script."""
    root = settings.bulletins_dir.parent
    needles = [
        SECRET.encode(),
        SECRET.replace("區", "区").replace("祕", "秘").replace("會議", "会议").replace("舉", "举").encode(),
    ]
    paths = (path for path in root.rglob("*") if path.is_file())
    return sorted(
        path.relative_to(root).as_posix()
        for path in paths
        if any(needle in path.read_bytes() for needle in needles)
    )


def two_files_twice_built(settings: Settings) -> None:
    """Three generations: one before the bulletin, one with it, one with it and a change that its report tells of."""
    write(settings, other=OTHER)
    build(settings, encoder=ENCODER)
    write(settings, alone=ALONE)
    build(settings, encoder=ENCODER)
    write(settings, alone=ALONE.replace("四十二", "四十三"))
    build(settings, encoder=ENCODER, force=True)


def test_a_bulletin_in_a_file_of_its_own_is_gone_from_every_file_and_nothing_is_embedded_again(
    settings: Settings,
) -> None:
    two_files_twice_built(settings)
    assert len(files_with_secret(settings)) > 2
    shown, embedded = removal(settings), len(ENCODER.passages_encoded)
    assert (shown.fate, shown.places, len(shown.passages)) == (SourceFate.DELETED, ("浙江嘉興",), 2)
    report = purging.purge(settings, shown, encoder=ENCODER)
    assert files_with_secret(settings) == []
    assert len(ENCODER.passages_encoded) == embedded
    assert report.deleted_source == "alone.txt"
    assert [passage.bulletin for passage in served(settings).passages] == ["篇2"]
    assert served(settings).name == report.generation
    assert (len(report.generations), report.older_kept) == (2, 1)
    assert {*report.generations} == {*shown.generations}


def test_what_never_held_it_is_kept_and_can_be_rolled_back_to_and_else_nothing_older_is_there(
    settings: Settings,
) -> None:
    two_files_twice_built(settings)
    purging.purge(settings, removal(settings), encoder=ENCODER)
    generations.roll_back(settings.index_dir)
    assert [passage.bulletin for passage in served(settings).passages] == ["篇2"]
    write(settings, alone=ALONE.replace("祕密", "公開").replace("四十二", "七").replace("會後", "以後"))
    shutil.rmtree(settings.index_dir)
    (settings.bulletins_dir / taken_out.TAKEN_OUT_FILE).unlink()
    build(settings, encoder=ENCODER)
    report = purging.purge(settings, removal(settings), encoder=ENCODER)
    assert report.older_kept == 0
    with pytest.raises(BulletinBotError, match="no generation before"):
        generations.roll_back(settings.index_dir)


def test_of_a_file_with_others_the_file_stays_as_it_is_and_no_rebuild_brings_the_bulletin_back(
    settings: Settings,
) -> None:
    write(settings, both=BOTH)
    build(settings, encoder=ENCODER)
    shown = removal(settings)
    assert shown.fate is SourceFate.KEPT
    report = purging.purge(settings, shown, encoder=ENCODER)
    file = settings.bulletins_dir / "both.txt"
    assert file.read_text(encoding="utf-8") == BOTH
    assert report.out_of_reach == (file,)
    assert files_with_secret(settings) == ["bulletins/both.txt"]
    rebuilt = build(settings, encoder=ENCODER, force=True)
    assert [passage.bulletin for passage in served(settings).passages] == ["篇2"]
    assert any("was taken out" in finding.message for finding in rebuilt.findings)
    (settings.bulletins_dir / taken_out.TAKEN_OUT_FILE).unlink()
    build(settings, encoder=ENCODER, force=True)
    assert [passage.bulletin for passage in served(settings).passages] == ["篇1", "篇1", "篇2"]


def test_a_copy_under_another_name_stays_out_and_a_bulletin_of_that_name_with_other_words_is_read(
    settings: Settings,
) -> None:
    write(settings, alone=ALONE, other=OTHER)
    build(settings, encoder=ENCODER)
    purging.purge(settings, removal(settings), encoder=ENCODER)
    write(settings, copy=ALONE.replace("篇1", "篇9"))
    build(settings, encoder=ENCODER, force=True)
    assert [passage.bulletin for passage in served(settings).passages] == ["篇2"]
    (settings.bulletins_dir / "copy.txt").unlink()
    write(settings, alone="工作簡報\n篇1\n浙江杭州\n一、綠化\n杭州補種了三百棵樹。\n")
    build(settings, encoder=ENCODER, force=True)
    assert [passage.place_name for passage in served(settings).passages] == ["浙江杭州", "上海"]


def test_the_generation_after_a_purge_is_the_one_that_the_files_would_give(settings: Settings) -> None:
    write(settings, alone=ALONE, other=OTHER)
    build(settings, encoder=ENCODER)
    purging.purge(settings, removal(settings), encoder=ENCODER)
    after = served(settings)
    assert after.manifest.sources == hash_sources(
        {path.name: path for path in sorted(settings.bulletins_dir.iterdir())}
    )
    rebuilt = build(settings, encoder=ENCODER)
    assert rebuilt.details == ()


STEPS: list[tuple[object, str]] = [
    (purged_source, "record"),
    (purged_source, "delete"),
    (purging, "_build_without"),
    (generation_without, "write_generation"),
    (generations, "put_in_service"),
    (purging, "holding"),
    (generations, "drop"),
    (checkpoint, "remove_checkpoints"),
    (purging, "_erase_answers"),
    (purging, "drop_conversions"),
    (purging, "delete_journal"),
]


class _KilledError(BaseException):
    """Stands for the end of the process."""


def _killed_before(step: Callable[..., object]) -> Callable[..., object]:
    def die(*_: object, **__: object) -> object:
        raise _KilledError

    return die


def _killed_after(step: Callable[..., object]) -> Callable[..., object]:
    def die(*arguments: object, **named: object) -> object:
        step(*arguments, **named)
        raise _KilledError

    return die


@pytest.mark.parametrize(("killed", "end"), [(_killed_before, "start"), (_killed_after, "rebuild")])
@pytest.mark.parametrize(("module", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_purge_killed_at_any_step_is_finished_by_the_next_start_and_by_the_next_rebuild(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    killed: Callable[[Callable[..., object]], Callable[..., object]],
    end: str,
) -> None:
    write(settings, alone=ALONE, other=OTHER)
    build(settings, encoder=ENCODER)
    build(settings, encoder=ENCODER, force=True)
    shown = removal(settings)
    with monkeypatch.context() as patch:
        patch.setattr(module, name, killed(getattr(module, name)))
        with pytest.raises(_KilledError):
            purging.purge(settings, shown, encoder=ENCODER)
    if end == "start":
        purging.finish_purge(settings, ENCODER)
    else:
        build(settings, encoder=ENCODER, force=True)
    assert files_with_secret(settings) == []
    assert [passage.bulletin for passage in served(settings).passages] == ["篇2"]
    assert purging.finish_purge(settings, ENCODER) is None


def test_stored_answers_reports_conversions_and_checkpoints_go_with_it_and_others_stay(
    settings: Settings,
) -> None:
    write(settings, alone=ALONE, other=OTHER)
    build(settings, encoder=ENCODER)
    shown = removal(settings)
    stay = next(passage for passage in served(settings).passages if passage.bulletin == "篇2")
    database = open_database(settings.state_db)
    for number, passage in enumerate((shown.passages[0], stay)):
        quotes = (QuotedSpan(passage.passage_id, 0, 3),)
        answer = GivenAnswer(f"a{number}", 7, 7, (number,), Turn("問"), None, "g", quotes)
        save_answer(database, answer)
        save_verdict(database, answer.answer_id, 7, Verdict.BAD)
        kept = (7, passage.passage_id, 0, 3, passage.text[:30], "出處", database.now())
        database.write("INSERT INTO basket VALUES (?, ?, ?, ?, ?, ?, ?)", kept)
    database.close()
    content = (settings.bulletins_dir / "alone.txt").read_bytes()
    cache.keep(cache.source_of(content), cache.Tool("office", "1"), "text", SECRET.encode())
    (settings.index_dir / ".embedded-0123456789abcdef.sqlite").write_bytes(b"vectors")
    report = purging.purge(settings, shown, encoder=ENCODER)
    assert (report.answers, report.reports, report.conversions) == (1, 1, 1)
    database = open_database(settings.state_db)
    assert (
        database.number("SELECT count(*) FROM answers")
        == database.number("SELECT count(*) FROM feedback")
        == database.number("SELECT count(*) FROM basket")
        == 1
    )
    database.close()
    assert not list(settings.index_dir.glob(".embedded-*"))
    assert files_with_secret(settings) == []


def test_backups_folders_put_aside_and_questions_that_quote_it_are_named(settings: Settings) -> None:
    write(settings, alone=ALONE, other=OTHER)
    build(settings, encoder=ENCODER)
    open_database(settings.state_db).close()
    backup, gone = settings.index_dir.parent / "office.backup", settings.index_dir.parent / "gone.backup"
    for path in (backup, gone):
        path.touch()
        copies_elsewhere.note_copy(settings, path)
    gone.unlink()
    aside = settings.bulletins_dir.with_name("bulletins.before-20260101T000000Z")
    aside.mkdir()
    settings.development_questions.mkdir()
    questions = settings.development_questions / "questions_feedback.jsonl"
    questions.write_text(
        '{"id": "x", "q": "何時開會", "script": "hant", "type": "feedback", "place": "浙江嘉興", "note": "", '
        '"gold": [{"bulletin": "篇1", "place": "浙江嘉興", "section": "一", "answer": "星期三"}]}\n',
        encoding="utf-8",
    )
    report = purging.purge(settings, removal(settings), encoder=ENCODER)
    assert {*report.out_of_reach} == {questions, backup, aside}


def test_the_only_bulletin_another_index_and_a_build_under_way_are_refused_with_nothing_changed(
    settings: Settings,
) -> None:
    write(settings, alone=ALONE)
    build(settings, encoder=ENCODER)
    with pytest.raises(purging.OnlyBulletinError):
        purging.purge(settings, removal(settings), encoder=ENCODER)
    write(settings, other=OTHER)
    build(settings, encoder=ENCODER, force=True)
    shown = removal(settings)
    with only_builder(settings.index_dir, "rebuild"), pytest.raises(IndexBusyError):
        purging.purge(settings, shown, encoder=ENCODER)
    build(settings, encoder=ENCODER, force=True)
    with pytest.raises(purging.ChangedIndexError):
        purging.purge(settings, shown, encoder=ENCODER)
    assert len(served(settings).passages) == 3
    assert (settings.bulletins_dir / "alone.txt").exists()
    assert not (settings.bulletins_dir / taken_out.TAKEN_OUT_FILE).exists()


def test_a_file_changed_since_the_index_was_built_is_left(settings: Settings) -> None:
    write(settings, alone=ALONE, other=OTHER)
    build(settings, encoder=ENCODER)
    write(settings, alone=ALONE + "篇7\n江蘇南京\n一、圖書館\n南京的圖書館延長開放時間。\n")
    assert removal(settings).fate is SourceFate.KEPT


def test_a_bulletin_of_a_collection_goes_and_its_namesake_in_another_stays(settings: Settings) -> None:
    for name in ("甲", "乙"):
        folder = settings.bulletins_dir / name
        folder.mkdir()
        (folder / "collection.toml").write_text(f'name = "{name}集"\n', encoding="utf-8")
    (settings.bulletins_dir / "甲" / "a.txt").write_text(ALONE, encoding="utf-8")
    (settings.bulletins_dir / "乙" / "a.txt").write_text(OTHER.replace("篇2", "篇1"), encoding="utf-8")
    build(settings, encoder=ENCODER)
    index = served(settings)
    (key,) = bulletin_removal.named("篇1", bulletin_removal.bulletins_of(index, ["甲集"]))
    assert len(bulletin_removal.named("篇1", bulletin_removal.bulletins_of(index))) == 2
    purging.purge(settings, bulletin_removal.removal_of(settings, index, key), encoder=ENCODER)
    assert [passage.collection for passage in served(settings).passages] == ["乙集"]
    assert files_with_secret(settings) == []


@pytest.mark.parametrize("name", ["篇1", "簡報甲.txt", "简报甲"])
def test_a_bulletin_is_found_by_label_by_file_and_in_either_script(settings: Settings, name: str) -> None:
    write(settings, 簡報甲=ALONE, other=OTHER)
    build(settings, encoder=ENCODER)
    (key,) = bulletin_removal.named(name, bulletin_removal.bulletins_of(served(settings)))
    assert isinstance(key, BulletinKey)
    assert key.file == "簡報甲.txt"


def test_a_damaged_record_is_one_sentence_with_its_line(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    write(settings, other=OTHER)
    (settings.bulletins_dir / taken_out.TAKEN_OUT_FILE).write_text("\n{}\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["outline", "--data", str(settings.bulletins_dir)])
    (line,) = capsys.readouterr().err.splitlines()
    assert "taken_out.jsonl, line 2" in line


def test_what_was_kept_before_a_rebuild_goes_too_though_its_paragraph_has_another_id_or_is_gone_since(
    settings: Settings,
) -> None:
    write(settings, alone=ALONE, other=OTHER)
    build(settings, encoder=ENCODER)
    before = [passage for passage in served(settings).passages if passage.bulletin == "篇1"]
    database = open_database(settings.state_db)
    for passage in before:
        kept = (7, passage.passage_id, 0, len(passage.text), passage.text, "出處", database.now())
        database.write("INSERT INTO basket VALUES (?, ?, ?, ?, ?, ?, ?)", kept)
    database.close()
    write(settings, alone=ALONE.replace("一、會議安排", "一、會議").partition("二、後續工作")[0])
    build(settings, encoder=ENCODER)
    now = {passage.passage_id for passage in served(settings).passages}
    assert not now & {passage.passage_id for passage in before}
    purging.purge(settings, removal(settings), encoder=ENCODER)
    database = open_database(settings.state_db)
    assert database.number("SELECT count(*) FROM basket") == 0
    database.close()
    assert files_with_secret(settings) == []
