"""One build on files of its own, with the encoder of character hashes."""

from __future__ import annotations

import json
import os
import shutil
from functools import partial
from pathlib import Path

import pytest

from bot.operations import rebuilding as rebuild
from bot.operations.rebuilding import GateRefusedError, build
from bot.settings import Settings
from retrieval.building.builder import build_generation
from retrieval.building.checkpoint import checkpoint_path
from retrieval.building.reports import BuildReport, read_report
from retrieval.errors import BulletinBotError
from retrieval.index.generations import (
    current_folder,
    generation_folders,
    load_serving,
    refused_folders,
    roll_back,
    served,
)
from retrieval.index.index_files import load_index
from retrieval.progress import Stage
from retrieval.storage.current_pointer import POINTER
from retrieval.storage.lock import IndexBusyError, only_builder
from tests.doubles import HashEncoder

PLACES = ("上海", "江蘇南京", "重慶")
QUESTION = (
    '{{"id": "{0}", "q": "{1}發放多少本手冊?", "type": "number", '
    '"gold": [{{"bulletin": "{0}", "place": "{1}", "answer": "{2}萬冊"}}]}}\n'
)
_STAGES_OF_TEXT = [stage for stage in Stage if stage is not Stage.RECOGNIZING]
"""The stages of a build without scans; the tests of scans raise at the other one."""


def bulletin(number: int, place: str) -> str:
    return (
        f"精神文明建設工作簡報 篇{number}\n\n{place}開展市民修身行動。\n\n"
        f"一、發放讀物\n\n{place}發放手冊{number}萬冊,人手一本。志願者走進社區。\n\n"
        f"二、每月評選\n\n每月評選身邊好人{number}名。\n"
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Three bulletins, a file each, and a question about each."""
    (tmp_path / "bulletins").mkdir()
    (tmp_path / "eval").mkdir()
    for number, place in enumerate(PLACES, start=1):
        write(tmp_path / "bulletins", number, place)
    questions = (
        QUESTION.format(f"篇{number}", place, number) for number, place in enumerate(PLACES, start=1)
    )
    (tmp_path / "eval" / "questions.jsonl").write_text("".join(questions), encoding="utf-8")
    return Settings(
        bulletins_dir=tmp_path / "bulletins",
        index_dir=tmp_path / "index",
        development_questions=tmp_path / "eval",
    )


def write(folder: Path, number: int, place: str, text: str | None = None) -> None:
    (folder / f"{number}.txt").write_text(text or bulletin(number, place), encoding="utf-8")


def built(settings: Settings, *, full: bool = False, force: bool = False) -> tuple[BuildReport, list[str]]:
    """The report of a build, and the texts that were embedded for it."""
    encoder = HashEncoder()
    report = build(settings, encoder=encoder, full=full, force=force)
    return report, encoder.passages_encoded


def names(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.index_dir.iterdir())


def ids(settings: Settings) -> dict[str, str]:
    index = load_serving(settings.index_dir, HashEncoder().name)
    return {passage.text: passage.passage_id for passage in index.passages}


def test_after_one_file_changed_only_what_it_says_anew_is_embedded_and_reported(settings: Settings) -> None:
    first, _ = built(settings)
    assert (first.passages, first.embedded, first.replaces) == (9, 9, None)
    before = ids(settings)
    changed = bulletin(3, "重慶").replace("每月評選身邊好人3名。", "每月評選身邊好人30名。")
    write(settings.bulletins_dir, 3, "重慶", changed)
    report, embedded = built(settings)
    assert (report.passages, report.embedded, report.replaces) == (9, 1, first.generation)
    assert len(embedded) == 1
    assert "30名" in embedded[0]
    (detail,) = report.details
    assert (detail.kind, detail.place, detail.bulletin) == ("changed", "重慶", "篇3")
    assert (detail.before, detail.after) == ("每月評選身邊好人3名。", "每月評選身邊好人30名。")
    kept = ids(settings)
    assert {text: before[text] for text in before.keys() & kept.keys()} == {
        text: kept[text] for text in before.keys() & kept.keys()
    }
    assert len(before.keys() & kept.keys()) == 8


def test_the_report_is_kept_in_the_generation_as_it_was_returned(settings: Settings) -> None:
    built(settings)
    write(settings.bulletins_dir, 4, "北京")
    report, _ = built(settings)
    kept = read_report(current_folder(settings.index_dir))
    assert kept is not None
    assert {**vars_of(kept), "seconds": {}} == {**vars_of(report), "seconds": {}}
    assert [detail.kind for detail in kept.details] == ["added"] * 3


def vars_of(report: BuildReport) -> dict[str, object]:
    return {name: getattr(report, name) for name in BuildReport.__slots__}


def test_renaming_and_reordering_files_embeds_nothing_and_keeps_every_id(settings: Settings) -> None:
    built(settings)
    before = ids(settings)
    (settings.bulletins_dir / "1.txt").rename(settings.bulletins_dir / "9 moved.txt")
    report, embedded = built(settings)
    assert (embedded, report.embedded, report.details) == ([], 0, ())
    assert ids(settings) == before


def test_a_removed_file_is_gone_with_its_places_and_comes_back_without_embedding(settings: Settings) -> None:
    built(settings)
    (settings.bulletins_dir / "2.txt").unlink()
    report, embedded = built(settings)
    assert embedded == []
    assert [(change.place, change.removed) for change in report.changes if change.removed] == [
        ("江蘇南京", 3)
    ]
    assert {detail.kind for detail in report.details} == {"removed"}
    write(settings.bulletins_dir, 2, "江蘇南京")
    report, embedded = built(settings)
    assert (embedded, report.embedded, len(report.details)) == ([], 0, 3)


def test_full_embeds_everything_again(settings: Settings) -> None:
    _, first = built(settings)
    report, again = built(settings, full=True)
    assert again == first
    assert report.embedded == 9


def test_another_encoder_embeds_everything_and_replaces_the_index(settings: Settings) -> None:
    built(settings)
    other = HashEncoder("test/another")
    assert build(settings, encoder=other).embedded == 9
    assert load_serving(settings.index_dir, other.name).manifest.encoder == other.name


def test_a_generation_that_lost_answers_is_kept_aside_with_the_reason(settings: Settings) -> None:
    first, _ = built(settings)
    assert first.gate is not None
    assert first.gate.hits_after == 1.0
    write(settings.bulletins_dir, 2, "江蘇南京", "精神文明建設工作簡報 篇2\n\n江蘇南京開展市民修身行動。\n")
    with pytest.raises(GateRefusedError) as refusal:
        built(settings)
    sentence = str(refusal.value)
    assert "of 3 questions" in sentence
    assert "67% in the first three hits (before 100%)" in sentence
    assert "`bulletin-bot rebuild --force`" in sentence
    assert served(settings.index_dir) == (first.generation,)
    (aside,) = refused_folders(settings.index_dir)
    kept = read_report(aside)
    assert kept is not None
    assert kept.details == refusal.value.report.details
    assert kept.gate is not None
    assert kept.gate.regressions == ("篇2",)
    assert load_index(aside).passages


def test_force_serves_it_embeds_nothing_and_clears_what_was_kept_aside(settings: Settings) -> None:
    built(settings)
    write(settings.bulletins_dir, 2, "江蘇南京", "精神文明建設工作簡報 篇2\n\n江蘇南京全新的一段。\n")
    with pytest.raises(GateRefusedError):
        built(settings)
    report, embedded = built(settings, force=True)
    assert (embedded, report.forced) == ([], True)
    assert current_folder(settings.index_dir).name == report.generation
    assert refused_folders(settings.index_dir) == []


def test_within_the_margin_it_is_served(settings: Settings) -> None:
    built(settings)
    write(settings.bulletins_dir, 2, "江蘇南京", "精神文明建設工作簡報 篇2\n\n江蘇南京開展市民修身行動。\n")
    report, _ = built(settings.model_copy(update={"gate_margin": 0.34}))
    assert report.gate is not None
    assert report.gate.passed


def test_without_questions_about_these_bulletins_there_is_no_gate(settings: Settings) -> None:
    other = QUESTION.format("篇9", "北京", 9)
    (settings.development_questions / "questions.jsonl").write_text(other, encoding="utf-8")
    assert built(settings)[0].gate is None
    shutil.rmtree(settings.development_questions)
    assert built(settings)[0].gate is None


def test_rollback_then_rebuild_then_rollback_never_brings_back_what_was_rolled_back(
    settings: Settings,
) -> None:
    good, _ = built(settings)
    bad, _ = built(settings)
    assert roll_back(settings.index_dir) == good.generation
    newer, _ = built(settings)
    assert newer.replaces == good.generation
    assert roll_back(settings.index_dir) == good.generation
    assert bad.generation not in served(settings.index_dir)


def test_the_last_three_that_served_are_kept(settings: Settings) -> None:
    reports = [built(settings)[0].generation for _ in range(5)]
    assert served(settings.index_dir) == tuple(reversed(reports[-3:]))
    assert [folder.name for folder in generation_folders(settings.index_dir)] == reports[-3:]


def test_what_a_killed_builder_left_is_cleared_by_the_next(settings: Settings) -> None:
    settings.index_dir.mkdir()
    (settings.index_dir / ".building-dead").mkdir()
    (settings.index_dir / ".building-dead" / "passages.jsonl").write_text("{")
    (settings.index_dir / f".{POINTER}-4711").write_text("half")
    (settings.index_dir / ".lock").write_text("{")
    report, _ = built(settings)
    assert names(settings) == [report.generation, POINTER]


def test_a_second_builder_is_refused_and_changes_nothing(settings: Settings) -> None:
    report, _ = built(settings)
    with only_builder(settings.index_dir, "rebuild"), pytest.raises(IndexBusyError, match=str(os.getpid())):
        built(settings)
    assert names(settings) == [report.generation, POINTER]


@pytest.mark.parametrize("stage", _STAGES_OF_TEXT)
def test_what_the_progress_raises_at_any_stage_ends_the_build_and_leaves_but_what_was_embedded(
    settings: Settings, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _ = built(settings)
    write(settings.bulletins_dir, 4, "北京")
    checkpoint = checkpoint_path(settings.index_dir, HashEncoder().name, full=False)

    def stop(reached: Stage, _done: int, _total: int) -> None:
        if reached is stage:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        if stage is Stage.QUANTIZING:  # of a collection too large for exact vectors
            patched.setattr(rebuild, "build_generation", partial(build_generation, exact_up_to=0))
        with pytest.raises(KeyboardInterrupt):
            build(settings, encoder=HashEncoder(), progress=stop)
    is_embedded = stage not in {Stage.READING, Stage.EMBEDDING}
    assert names(settings) == [*([checkpoint.name] if is_embedded else []), before.generation, POINTER]
    report, embedded = built(settings)
    assert report.passages == 12
    assert bool(embedded) != is_embedded
    assert names(settings) == sorted([report.generation, before.generation, POINTER])


def test_a_full_build_takes_up_only_what_a_full_build_left(settings: Settings) -> None:
    def stop(reached: Stage, _done: int, _total: int) -> None:
        if reached is Stage.INDEXING:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(settings, encoder=HashEncoder(), progress=stop)
    everything = HashEncoder()
    with pytest.raises(KeyboardInterrupt):
        build(settings, encoder=everything, full=True, progress=stop)
    assert everything.passages_encoded
    assert built(settings, full=True)[1] == []


def test_every_stage_is_timed(settings: Settings) -> None:
    report, _ = built(settings)
    stages = [stage.value for stage in _STAGES_OF_TEXT if stage is not Stage.QUANTIZING]
    assert list(report.seconds) == stages
    kept = read_report(current_folder(settings.index_dir))
    assert kept is not None
    assert list(kept.seconds) == stages[:5]


def test_nothing_to_read_is_one_sentence_and_leaves_what_serves(settings: Settings) -> None:
    before, _ = built(settings)
    for path in settings.bulletins_dir.iterdir():
        path.unlink()
    with pytest.raises(BulletinBotError, match=r"^Nothing to index in "):
        built(settings)
    assert served(settings.index_dir) == (before.generation,)


def test_an_index_of_an_older_version_is_built_anew(settings: Settings) -> None:
    built(settings)
    folder = current_folder(settings.index_dir)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.sha256").unlink()
    (folder / "manifest.json").write_text(json.dumps({**manifest, "format": 1}), encoding="utf-8")
    (settings.index_dir / POINTER).write_text(folder.name + "\n", encoding="utf-8")
    with pytest.raises(BulletinBotError, match=r"has format 1 .*: run `bulletin-bot rebuild`\.$"):
        load_serving(settings.index_dir, HashEncoder().name)
    report, _ = built(settings)
    assert (report.embedded, report.replaces) == (9, None)
