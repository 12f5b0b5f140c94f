"""One-off commands: a question, a search, the quality."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console

from bot.locales import ZH_HANT
from bot.output import answer_json, hits_json, render
from bot.replies.answers import answer_reply
from bot.replies.markup import Span, escape
from bot.replies.search import hit_blocks
from bot.serving import open_answerer
from bot.settings import Settings
from retrieval.errors import BulletinBotError
from retrieval.index import Filter


def answer_once(settings: Settings, question: str, *, as_json: bool) -> None:
    """Print the answer to one question."""
    answerer = open_answerer(settings)
    answer = answerer.answer_now(question)
    if as_json:
        _write(answer_json(answer, None))
        return
    for message in answer_reply(answer, answerer.covered_places(), ZH_HANT, _no_link).messages:
        _console().print(render(message))


def answer_lines(settings: Settings, source: str) -> None:
    """Print a line of JSON for each line of the file (or "-") in order, as soon as it is known."""
    questions = list(_read_lines(source))
    answerer = open_answerer(settings)
    for question_id, question in questions:
        _write(answer_json(answerer.answer_now(question), question_id))


def _read_lines(source: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(_source_lines(source), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            yield str(fields["id"]), str(fields["q"])
        except (ValueError, KeyError, TypeError) as error:
            raise BulletinBotError(f'{source}, line {number} is not an object with "id" and "q".') from error


def _source_lines(source: str) -> Iterable[str]:
    if source == "-":
        return sys.stdin
    try:
        return Path(source).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BulletinBotError(
            f"The questions in {source} cannot be read: is it a text file in UTF-8?"
        ) from error


def search_once(settings: Settings, query: str, only: Filter, top_k: int, *, as_json: bool) -> None:
    """Print the passages nearest to the words."""
    answerer = open_answerer(settings)
    hits = answerer.search_now(query, only, top_k)
    if as_json:
        _write(hits_json(query, hits))
        return
    blocks = hit_blocks(query, hits, ZH_HANT, _no_link) or [escape(ZH_HANT.no_results)]
    _console().print(render("\n\n".join(blocks)))


def show_evaluation(settings: Settings, questions: Path | None, *, as_json: bool, store: bool) -> None:
    """Print the scores on questions with known answers; keep them beside the questions where that is wanted."""
    # The measures bring a numeric library that no question needs.
    from bot.cli.evaluate import measure_quality, quality_json, show_quality, store_quality

    measured = measure_quality(settings, questions)
    if as_json:
        _write(quality_json(measured))
    else:
        show_quality(measured, _console())
    if store:
        sys.stderr.write(f"Kept in {store_quality(measured, settings.development_questions)}.\n")


def _console() -> Console:
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _no_link(passage_id: str, _span: Span | None) -> str:
    return f"https://t.me/terminal?start=p_{passage_id}"
