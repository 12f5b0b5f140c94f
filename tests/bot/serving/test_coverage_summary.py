from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.locales import LANGUAGES
from bot.replies.about import about_reply, forgotten_reply
from bot.serving.coverage_summary import RESULTS, Share, coverage_of, measured_quality
from retrieval.building.builder import build_generation
from retrieval.index.index import Index
from retrieval.storage.manifests import Manifest
from tests.doubles import SMALL_PASSAGES, HashEncoder, loaded
from tests.e2e.bot_api.formatting import parse_html

SHARES = {
    "hit_at_1": (0.91, 0.88, 0.93),
    "first_quote": (0.86, 0.82, 0.89),
    "wrong_refusals": (0.031, 0.02, 0.05),
    "near_misses_refused": (0.75, 0.64, 0.83),
    "far_refused": (0.99, 0.95, 1.0),
}
MEASURED = {
    "set": "heldout",
    "questions": 400,
    "intervals": {
        name: dict(zip(("value", "low", "high"), share, strict=True)) for name, share in SHARES.items()
    },
}


@pytest.fixture
def manifest(small_index: Index) -> Manifest:
    return replace(small_index.manifest, sources={"工作簡報.txt": "abc"})


def _store(folder: Path, name: str, manifest: Manifest, **fields: object) -> None:
    (folder / RESULTS).mkdir(exist_ok=True)
    content = {**MEASURED, "encoder": manifest.encoder, "sources": manifest.sources, **fields}
    (folder / RESULTS / name).write_text(json.dumps(content), encoding="utf-8")


def test_the_coverage_counts_what_the_generation_holds(small_index: Index) -> None:
    coverage = coverage_of(small_index)
    assert coverage.places == ("北京", "上海", "江蘇南京")
    assert (coverage.bulletins, coverage.passages, coverage.dates) == (3, 6, ())
    assert coverage.built_at == "2026-01-01T00:00:00+00:00"


def test_dates_come_from_the_titles_of_the_bulletins() -> None:
    first = replace(SMALL_PASSAGES[0], bulletin_title="工作簡報 第12期 2023年5月6日")
    index = loaded(build_generation((first, SMALL_PASSAGES[1]), HashEncoder()), HashEncoder())
    assert coverage_of(index).dates == ("2023年5月6日",)


def test_the_newest_measurement_of_the_same_bulletins_and_encoder_counts(
    tmp_path: Path, manifest: Manifest
) -> None:
    _store(tmp_path, "2026-01-01-aaaaaaa.json", manifest, questions=300)
    _store(tmp_path, "2026-01-02-bbbbbbb.json", manifest)
    _store(tmp_path, "2026-01-03-ccccccc.json", manifest, encoder="another")
    _store(tmp_path, "2026-01-04-ddddddd.json", manifest, sources={"工作簡報.txt": "changed"})
    _store(tmp_path, "2026-01-05-eeeeeee.json", manifest, set="development")
    found = measured_quality(tmp_path, manifest)
    assert found is not None
    assert (found.day, found.commit, found.questions) == ("2026-01-02", "bbbbbbb", 400)
    assert (found.first_hit, found.wrong_refusals) == (Share(0.91, 0.88, 0.93), Share(0.031, 0.02, 0.05))
    assert found.near_answered == Share(0.25, 1 - 0.83, 1 - 0.64)
    assert measured_quality(tmp_path / "questions.jsonl", manifest) == found


@pytest.mark.parametrize("content", ["", "no json", "[]", "{}", '{"encoder": "test/character-hashes"}'])
def test_without_a_measurement_that_fits_there_is_none(
    tmp_path: Path, manifest: Manifest, content: str
) -> None:
    assert measured_quality(tmp_path, manifest) is None
    (tmp_path / RESULTS).mkdir()
    (tmp_path / RESULTS / "2026-01-01-aaaaaaa.json").write_text(content, encoding="utf-8")
    assert measured_quality(tmp_path, manifest) is None


def test_a_measure_that_applied_to_no_question_is_a_dash(tmp_path: Path, manifest: Manifest) -> None:
    _store(tmp_path, "2026-01-01-aaaaaaa.json", manifest, intervals={})
    found = measured_quality(tmp_path, manifest)
    assert found is not None
    assert found.far_answered is None


def test_a_measurement_on_development_questions_is_never_shown(tmp_path: Path, manifest: Manifest) -> None:
    _store(tmp_path, "2026-01-01-aaaaaaa.json", manifest, set="development")
    assert measured_quality(tmp_path, manifest) is None
    content = {name: value for name, value in MEASURED.items() if name != "set"}
    stored = json.dumps({**content, "encoder": manifest.encoder, "sources": manifest.sources})
    (tmp_path / RESULTS / "2026-01-01-aaaaaaa.json").write_text(stored, encoding="utf-8")
    assert measured_quality(tmp_path, manifest) is None


@pytest.mark.parametrize("tag", LANGUAGES)
def test_about_says_both_errors_or_plainly_that_nothing_was_measured(
    tmp_path: Path, small_index: Index, manifest: Manifest, tag: str
) -> None:
    texts, coverage = LANGUAGES[tag], coverage_of(small_index)
    (nothing,) = about_reply(coverage, None, texts).messages
    assert texts.about.no_measurement in nothing
    assert "2026-01-01 00:00" in nothing
    _store(tmp_path, "2026-01-02-bbbbbbb.json", manifest)
    (measured,) = about_reply(coverage, measured_quality(tmp_path, manifest), texts).messages
    for share in ("91.0% (88-93%)", "86.0% (82-89%)", "3.1% (2-5%)", "25.0% (17-36%)", "1.0% (0-5%)"):
        assert share in measured
    for message in (nothing, measured, *forgotten_reply(3, texts).messages):
        parse_html(message)
