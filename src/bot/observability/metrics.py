"""Prometheus metrics. Labels hold outcomes and stages, nothing of a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from retrieval.types import Answer

_PREFIX = "bulletin_bot_"
# Seconds: ranking takes a few milliseconds, embedding some tens, a wait in a crowd seconds.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

Read = Callable[[], float | Mapping[str, float]]
"""Returns a number, or numbers by the value of a label, at each scrape."""


class Metrics:
    """Counters of answers, and readings of the running application that are taken at each scrape."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(
            registry=self.registry
        )  # memory, processor time, open files, where the system reports them
        self._answers = Counter(
            f"{_PREFIX}answers",
            "Answers and refusals.",
            ["status", "reason", "kind"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            f"{_PREFIX}stage_seconds",
            "Time that each stage of an answer took.",
            ["stage"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._readings = _Readings()
        self.registry.register(self._readings)

    def count_answer(self, answer: Answer, milliseconds: Mapping[str, float]) -> None:
        """Count an answer and the milliseconds of each of its stages."""
        self._answers.labels(answer.status, answer.reason or "", answer.question_type.value).inc()
        for stage, spent in milliseconds.items():
            self._seconds.labels(stage).observe(spent / 1000.0)

    def show_level(self, name: str, description: str, read: Read, label: str = "") -> None:
        """Add a gauge; with a label, one for each of its values."""
        self._readings.add(GaugeMetricFamily, _PREFIX + name, description, read, label)

    def show_count(self, name: str, description: str, read: Read, label: str = "") -> None:
        """Add a counter; with a label, one for each of its values."""
        self._readings.add(CounterMetricFamily, _PREFIX + name, description, read, label)


_Family = type[GaugeMetricFamily] | type[CounterMetricFamily]


class _Readings(Collector):
    """A collector of numbers that other objects hold."""

    def __init__(self) -> None:
        self._makers: list[Callable[[], Metric]] = []

    def add(self, family: _Family, name: str, description: str, read: Read, label: str) -> None:
        """Collect one more metric."""

        def make() -> Metric:
            metric = family(name, description, labels=[label] if label else None)
            reading = read()
            for value, number in reading.items() if isinstance(reading, Mapping) else [("", reading)]:
                metric.add_metric([value] if label else [], number)
            return metric

        self._makers.append(make)

    def collect(self) -> Iterator[Metric]:
        return (make() for make in self._makers)
