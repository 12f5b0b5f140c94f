from __future__ import annotations

from pathlib import Path

import pytest

from bot.locales import LANGUAGES
from bot.operations import statistics
from bot.operations.statistics import Statistics, gather, resident_bytes
from bot.replies.admin import stats_reply
from bot.state.answer_stats import Outcomes
from bot.state.records import Verdict
from bot.state.sqlite import IN_MEMORY, open_database
from retrieval.index.index import Index
from tests.e2e.bot_api.formatting import parse_html

NOW = Statistics(
    outcomes=Outcomes({"answered": 3, "not_found": 1}, 123.4, 2345.0),
    verdicts={Verdict.GOOD: 5, Verdict.BAD: 2, Verdict.WRONG_CITATION: 1},
    memory_bytes=900 * 2**20,
    uptime_seconds=(24 + 2) * 3600 + 180,
    generation="20260101T000000.000000Z",
    passages=69,
    built_at="2026-01-01T00:00:00+00:00",
)


def test_this_process_holds_more_than_a_megabyte_and_less_than_the_machine() -> None:
    assert 2**20 < resident_bytes() < 2**40


def test_without_proc_the_peak_of_resident_memory_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(statistics, "_PROCESSES", tmp_path)
    assert resident_bytes() > 2**20


def test_what_is_gathered_names_the_generation(small_index: Index) -> None:
    now = gather(open_database(IN_MEMORY), small_index, 0.0)
    assert (now.generation, now.passages, now.outcomes.questions) == (small_index.name, 6, 0)
    assert now.uptime_seconds > 0


@pytest.mark.parametrize("tag", LANGUAGES)
def test_statistics_are_shown_in_every_language(tag: str) -> None:
    (message,) = stats_reply(NOW, LANGUAGES[tag].admin).messages
    parse_html(message)
    for shown in ("123 ms", "2.3 s", "900 MB", "1d 2h 3m", "(75%)", "(25%)", NOW.generation):
        assert shown in message
