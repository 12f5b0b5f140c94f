"""Optional wording of an answer by a language model, of which only sentences that the quotes hold are shown.

In: a question, the quotes of its answer, and the settings. Out: the sentences that hold, and a preface of Telegram HTML.
"""

from bot.wording.evaluation import measure_model, measure_wording
from bot.wording.preface import worded_preface
from bot.wording.writer import Worded, Wording, is_worded, open_wording

__all__ = [
    "Worded",
    "Wording",
    "is_worded",
    "measure_model",
    "measure_wording",
    "open_wording",
    "worded_preface",
]
