"""`bulletin-bot ask` and `search`: answers and ranked passages, as text or JSON."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.sample import open_answerer_or_sample
from bot.export import ExportFormat, document_of, save
from bot.locales import ZH_HANT
from bot.operations import copies_elsewhere
from bot.output import answer_json, hits_json, json_line, render, terminal
from bot.replies import answers, markup
from bot.replies import search as search_replies
from bot.settings import Settings
from retrieval.answering import for_chat
from retrieval.errors import BulletinBotError
from retrieval.index import Filter


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search: its words, and the passages and collections that it is limited to."""

    query: str
    only: Filter
    top_k: int
    collections: tuple[str, ...] = ()
    """Without any, the default one is searched."""


def answer_once(
    settings: Settings,
    question: str,
    collections: Sequence[str],
    *,
    as_json: bool,
    exports: Mapping[ExportFormat, Path],
) -> None:
    """Print the answer to one question, from these collections or from the default one; save its quotes as files.

    Raises BulletinBotError if a file cannot be saved, or if there is no quote to save.
    """
    answerer = open_answerer_or_sample(settings).within(collections)
    answer = answerer.answer_now(question)
    as_shown = for_chat(answer)
    if as_json:
        _write(answer_json(answer, None))
    else:
        for message in answers.answer_reply(as_shown, answerer.covered_places(), ZH_HANT, _no_link).messages:
            terminal().print(render(message))
    if exports and not as_shown.quotes:
        names = " and ".join(map(str, exports.values()))
        raise BulletinBotError(
            f"The bulletins do not answer this, so {names} is not written: ask another question."
        )
    for kind, path in exports.items():
        save(
            document_of(question, as_shown.quotes, ZH_HANT, datetime.now(tz=UTC).astimezone().date()),
            kind,
            path,
        )
        copies_elsewhere.note_copy(settings, path)


def answer_lines(settings: Settings, source: str, collections: Sequence[str]) -> None:
    """Print a line of JSON for each line of the file ("-": standard input), in order, each as soon as it is answered.

    A line that cannot be answered gives `{"id", "error"}` in its place, and the others are answered; raises
    BulletinBotError at the end if there was one.
    """
    lines = list(_read_lines(source))
    answerer = open_answerer_or_sample(settings).within(collections)
    failed = 0
    for line in lines:
        try:
            if line.error:
                raise ValueError(line.error)
            _write(answer_json(answerer.answer_now(line.question), line.question_id))
        except Exception as error:  # noqa: BLE001 - one question, whatever is in it, must not end the batch
            failed += 1
            reason = line.error or f"line {line.number} could not be answered ({type(error).__name__})"
            _write(json_line({"id": line.question_id, "error": reason}))
    if failed:
        raise BulletinBotError(
            f'{source}: {failed} of {len(lines)} lines could not be answered, each marked by its "error"; mend them '
            "and ask them again."
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of questions; with an error instead of a question if it holds none."""

    number: int
    question_id: str | None
    question: str
    error: str = ""


def _read_lines(source: str) -> Iterator[_Line]:
    """The lines that are not blank, ended by line feeds alone: a text may hold other separators, such as U+2028."""
    for number, line in enumerate(_source(source).split(b"\n"), start=1):
        if line.strip():
            yield _parsed(number, line)


def _parsed(number: int, line: bytes) -> _Line:
    try:
        fields = json.loads(line.decode("utf-8-sig"))
        question_id, question = str(fields["id"]), fields["q"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return _Line(number, None, "", f'line {number} is not an object with "id" and "q"')
    if not isinstance(question, str):
        return _Line(number, question_id, "", f'"q" of line {number} is not a text')
    return _Line(number, question_id, question)


def _source(source: str) -> bytes:
    if source == "-":
        is_of_bytes = isinstance(sys.stdin, io.TextIOWrapper)
        return sys.stdin.buffer.read() if is_of_bytes else sys.stdin.read().encode("utf-8", "surrogatepass")
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise BulletinBotError(
            f"The questions in {source} cannot be read ({error.strerror}): give a file with a JSON object a line."
        ) from error


def search_once(settings: Settings, request: SearchRequest, *, as_json: bool) -> None:
    """Print the passages nearest to the query."""
    answerer = open_answerer_or_sample(settings).within(request.collections)
    hits = answerer.search_now(request.query, request.only, request.top_k)
    if as_json:
        _write(hits_json(request.query, hits))
        return
    blocks = search_replies.hit_blocks(request.query, hits, ZH_HANT, _no_link) or [
        markup.escape(ZH_HANT.no_results)
    ]
    terminal().print(render("\n\n".join(blocks)))


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _no_link(passage_id: str, _span: markup.Span | None) -> str:
    return f"https://t.me/terminal?start=p_{passage_id}"
