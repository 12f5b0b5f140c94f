"""Logging, metrics and the answer log.

In: answers, events and measurements. Out: log lines without secrets, and Prometheus metrics.
"""

from bot.observability.answer_log import Delivery, log_answer, stage_times
from bot.observability.logging_setup import configure_logging, keep_out_of_the_log
from bot.observability.metrics import Metrics

__all__ = [
    "Delivery",
    "Metrics",
    "configure_logging",
    "keep_out_of_the_log",
    "log_answer",
    "stage_times",
]
