"""Lines, further quotes and marks of what a chat shows, over the questions with known answers.

    python -m benchmarks.quality.screen_lines [--collection bulletins]

For each split (development, held out): the median and the 95th percentile of the lines of plain answers and of refusals
on a phone of 21 full-width characters (text only: a collapsed quote counts three lines, buttons none); how many plain
answers show further quotes, and how many of these hold an answer; how many answers hold one in any quote, and how many
fewer in a quote that is shown; of the questions for a number whose answers are figures, how many have the right figure
marked alone, and only a wrong one. Of refusals: how often the nearest paragraph is named, and is the right one.
"""

from __future__ import annotations

import argparse
import html
import json
import math
import re
import statistics
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.locales import ZH_HANT
from bot.replies.answers import answer_reply
from bot.settings import Settings
from retrieval.answering import answer, for_chat
from retrieval.embedding.encoder import load_encoder
from retrieval.evaluation.dataset import EvaluationQuestion
from retrieval.evaluation.metrics import holds_answer
from retrieval.evaluation.question_sets import MAIN, read_question_sets
from retrieval.index.generations import load_current
from retrieval.language import fold
from retrieval.questions import answer_types, read_question
from retrieval.types import Answer, Answered, QuestionType, Refused

WIDTH = 21
"""Full-width characters of a line on a phone."""
LINES_OF_A_COLLAPSED_QUOTE = 3

_QUOTE = re.compile(r"<blockquote expandable>.*?</blockquote>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")

Asked = Sequence[tuple[EvaluationQuestion, Answer]]


def lines_of(markup: str) -> int:
    """Lines of a message in Telegram HTML on a phone."""
    shown = html.unescape(_TAG.sub("", _QUOTE.sub("", markup))).strip("\n")
    lines = sum(max(math.ceil(_width(line) / WIDTH), 1) for line in shown.split("\n"))
    return lines + LINES_OF_A_COLLAPSED_QUOTE * len(_QUOTE.findall(markup))


def _width(line: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5 for character in line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--collection", default=MAIN)
    arguments = parser.parse_args()
    settings = Settings()
    encoder = load_encoder(settings.embedding_model, settings.model_cache, threads=1)
    index = load_current(settings.index_dir, encoder.name)
    for found in read_question_sets(Path("data/eval"), arguments.collection).sets:
        questions = [question for question in found.questions if not question.earlier]
        asked = [(question, answer(question.text, index, encoder)) for question in questions]
        print(json.dumps({"split": found.split, **figures(asked)}, ensure_ascii=False))


def figures(asked: Asked) -> dict[str, float]:
    """The figures of one set of questions with their answers."""
    answerable = [pair for pair in asked if pair[0].golds]
    refused = [lines for _, lines in _with_lines(asked, lambda found: isinstance(found, Refused))]
    plain = [lines for _, lines in _with_lines(answerable, _is_plain)]
    return {
        "plain_answers": len(plain),
        "lines_median": statistics.median(plain),
        "lines_95": sorted(plain)[int(0.95 * len(plain))],
        "refusal_lines_median": statistics.median(refused),
        "refusal_lines_most": max(refused),
        **_further(answerable),
        **_marks(answerable),
        **_nearest(asked),
    }


def _is_plain(found: Answer) -> bool:
    return isinstance(found, Answered) and found.question_type is QuestionType.PLAIN


def _with_lines(asked: Asked, is_counted: Callable[[Answer], bool]) -> list[tuple[EvaluationQuestion, int]]:
    return [
        (question, sum(map(lines_of, answer_reply(for_chat(found), (), ZH_HANT, _link).messages)))
        for question, found in asked
        if is_counted(found)
    ]


def _link(passage_id: str, _span: tuple[int, int] | None) -> str:
    return f"https://t.me/a_bot?start=p_{passage_id}"


def _further(answerable: Asked) -> dict[str, float]:
    """Shares of the plain answers: those with further quotes, and those with an answer in any quote, all and shown."""
    pairs = [
        (question, found)
        for question, found in answerable
        if isinstance(found, Answered) and _is_plain(found)
    ]
    shown = [(question, for_chat(found).quotes) for question, found in pairs]
    further = [(question, quotes[1:]) for question, quotes in shown if len(quotes) > 1]
    holding = [any(holds_answer(question, quote) for quote in quotes) for question, quotes in further]
    before = [any(holds_answer(question, quote) for quote in found.quotes) for question, found in pairs]
    after = [any(holds_answer(question, quote) for quote in quotes) for question, quotes in shown]
    return {
        "further_shown": round(len(further) / len(shown), 3),
        "further_holding": round(_mean(holding), 3),
        "any_quote": round(_mean(before), 3),
        "any_quote_shown": round(_mean(after), 3),
    }


def _marks(answerable: Asked) -> dict[str, float]:
    outcomes = [
        _mark_of(question, found)
        for question, found in answerable
        if isinstance(found, Answered) and _is_plain(found) and _asks_for_figure(question)
    ]
    return {
        "figures": len(outcomes),
        "right_alone": round(_mean([outcome == "right" for outcome in outcomes]), 3),
        "only_wrong": round(_mean([outcome == "wrong" for outcome in outcomes]), 3),
    }


def _asks_for_figure(question: EvaluationQuestion) -> bool:
    is_number = read_question(question.text).answer_type is answer_types.AnswerType.NUMBER
    return is_number and all(answer_types.FIGURE.regex.search(fold(gold.answer)) for gold in question.golds)


def _mark_of(question: EvaluationQuestion, found: Answered) -> str:
    """right: one mark, inside the words that answer; wrong: marks, none of them there; else other."""
    first = found.quotes[0]
    text = fold(first.passage.text)
    answers = [
        (match.start(), match.end())
        for gold in question.golds
        for match in re.finditer(re.escape(fold(gold.answer)), text)
    ]
    right = [any(start < end_of and begin < end for begin, end_of in answers) for start, end in first.marks]
    if right == [True]:
        return "right"
    return "wrong" if right and not any(right) else "other"


def _nearest(asked: Asked) -> dict[str, float]:
    """Refusals that name the nearest paragraph: of questions without an answer, and right or not of the others."""
    named = [
        (question, found)
        for question, found in asked
        if isinstance(found, Refused)
        and ZH_HANT.nearest_paragraph in answer_reply(found, (), ZH_HANT, _link).messages[0]
    ]
    wrongly = [question.is_answered_by(found.hits[0].passage) for question, found in named if question.golds]
    return {
        "nearest_named": len(named),
        "nearest_of_wrong_refusals": len(wrongly),
        "nearest_right": sum(wrongly),
    }


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


if __name__ == "__main__":
    main()
