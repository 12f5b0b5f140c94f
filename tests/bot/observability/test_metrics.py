from __future__ import annotations

from dataclasses import replace

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.observability.metrics import Metrics
from retrieval.types import QuestionType
from tests.chatting import answered, refused


def samples_of(metrics: Metrics) -> dict[tuple[str, str], float]:
    """The value of each sample, by its name and the values of its labels."""
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(generate_latest(metrics.registry).decode())
        for sample in family.samples
    }


def test_answers_are_counted_by_what_became_of_them_and_their_stages_in_seconds() -> None:
    metrics = Metrics()
    metrics.count_answer(answered(), {"ranking": 4.0, "total": 40.0})
    metrics.count_answer(answered(), {"ranking": 6.0, "total": 60.0})
    metrics.count_answer(
        replace(refused("not_found"), question_type=QuestionType.COMPARISON), {"total": 2000.0}
    )
    found = samples_of(metrics)
    assert found["bulletin_bot_answers_total", "plain,,answered"] == 2
    assert found["bulletin_bot_answers_total", "comparison,not_found,refused"] == 1
    assert round(found["bulletin_bot_stage_seconds_sum", "ranking"], 6) == 0.010
    assert found["bulletin_bot_stage_seconds_bucket", "0.005,ranking"] == 1
    assert found["bulletin_bot_stage_seconds_count", "total"] == 3


def test_numbers_that_others_hold_are_read_when_they_are_asked_for() -> None:
    metrics, waiting, faults = Metrics(), [1, 2], {"network": 1}
    metrics.show_level("updates_waiting", "Waiting.", lambda: len(waiting))
    metrics.show_count("telegram_faults", "Failed.", lambda: faults, "fault")
    waiting.append(3)
    faults["502"] = 4
    found = samples_of(metrics)
    assert found["bulletin_bot_updates_waiting", ""] == 3
    assert found["bulletin_bot_telegram_faults_total", "network"] == 1
    assert found["bulletin_bot_telegram_faults_total", "502"] == 4


def test_memory_and_processor_time_of_the_process_are_shown() -> None:
    found = samples_of(Metrics())
    assert found["process_resident_memory_bytes", ""] > 2**20
    assert found["process_cpu_seconds_total", ""] > 0
