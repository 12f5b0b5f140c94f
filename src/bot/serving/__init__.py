"""The served index: answers off the event loop, the catalog people browse, hot reloading.

In: settings. Out: `Answerer`.
"""

from bot.serving import catalogs, coverage_summary, malloc_tuning
from bot.serving.answerer import Answerer, Exchange, open_answerer
from bot.serving.index_reloader import reloading

__all__ = [
    "Answerer",
    "Exchange",
    "catalogs",
    "coverage_summary",
    "malloc_tuning",
    "open_answerer",
    "reloading",
]
