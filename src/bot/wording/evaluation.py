"""Measures the check on stored sentences, and a model on questions with known answers."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from bot.wording.client import ModelError
from bot.wording.reply_parser import parse_reply
from bot.wording.writer import Wording, is_worded
from retrieval.answering.wording_check import Evidence, WordedSentence, check_wording
from retrieval.errors import BulletinBotError
from retrieval.types import Answer

PAIRS, REPLIES = "pairs.jsonl", "replies.jsonl"


@dataclass(frozen=True, slots=True)
class CheckScore:
    """Sentences right and wrong, and how the check judged them, in all and by kind."""

    kept: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, *, is_right: bool, is_kept: bool) -> None:
        """Count one sentence."""
        side = "right" if is_right else "wrong"
        counter = self.kept if is_kept else self.dropped
        counter.update([side, f"{side}: {kind}"])

    def as_json(self) -> dict[str, object]:
        """[kept, of all] by side and kind."""
        names = sorted({*self.kept, *self.dropped})
        return {name: [self.kept[name], self.kept[name] + self.dropped[name]] for name in names}


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence, the numbers of the quotes that it cites, the quotes, and whether these say it."""

    text: str
    cites: tuple[int, ...]
    quotes: tuple[Evidence, ...]
    is_right: bool
    kind: str

    @property
    def worded(self) -> WordedSentence:
        """The sentence as the check takes it."""
        return WordedSentence(self.text, self.cites)


def measure_wording(folder: Path) -> dict[str, object]:
    """The numbers of right and wrong sentences of the files in the folder that the check keeps, as JSON.

    Raises BulletinBotError naming the line that is not as it should be.
    """
    pairs, replies = folder / PAIRS, folder / REPLIES
    if not (pairs.exists() or replies.exists()):
        raise BulletinBotError(f"{folder} holds neither {PAIRS} nor {REPLIES}.")
    return measure_files(pairs if pairs.exists() else None, replies if replies.exists() else None)


def measure_files(pairs: Path | None, replies: Path | None) -> dict[str, object]:
    """As `measure_wording`, of single files."""
    found: dict[str, object] = {}
    if pairs:
        found["pairs"] = _pairs_score(read_pairs(pairs)).as_json()
    if replies:
        found["replies"] = _replies_score(_rows(replies))
    return found


def _rows(path: Path) -> Iterator[dict[str, object]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
        except ValueError:
            raise BulletinBotError(f"Line {number} of {path} is not JSON.") from None
        if not isinstance(row, dict):
            raise BulletinBotError(f"Line {number} of {path} is not a JSON object.")
        yield row


def read_pairs(path: Path) -> Iterator[LabelledSentence]:
    """The sentences of a file of pairs."""
    for row in _rows(path):
        place = str(row.get("place", ""))
        quotes = tuple(Evidence(quote, place) for quote in cast("list[str]", row["quotes"]))
        cites = tuple(cast("list[int]", row["cites"]))
        yield LabelledSentence(str(row["sentence"]), cites, quotes, bool(row["right"]), str(row["kind"]))


def read_replies(path: Path) -> Iterator[LabelledSentence]:
    """The sentences of a file of replies that the parser finds and that have a label."""
    for row in _rows(path):
        labels = _labels(row)
        sentences, _ = parse_reply(str(row["reply"]))
        quotes = tuple(Evidence(quote) for quote in cast("list[str]", row["quotes"]))
        for sentence in sentences:
            label = labels.get(_plain(sentence.text))
            if label:
                yield LabelledSentence(
                    sentence.text, sentence.cites, quotes, bool(label["right"]), str(label["kind"])
                )


def _labels(row: dict[str, object]) -> dict[str, dict[str, object]]:
    return {_plain(str(label["text"])): label for label in cast("list[dict[str, object]]", row["sentences"])}


def _pairs_score(sentences: Iterable[LabelledSentence]) -> CheckScore:
    score = CheckScore()
    for one in sentences:
        (checked,) = check_wording([one.worded], one.quotes)
        score.add(one.kind, is_right=one.is_right, is_kept=checked.holds)
    return score


def _replies_score(rows: Iterable[dict[str, object]]) -> dict[str, object]:
    """Sentences sent of whole replies, through the parser and the check; one that no label knows counts as wrong."""
    score = CheckScore()
    replies = with_sentences = 0
    for row in rows:
        labels = _labels(row)
        sentences, _ = parse_reply(str(row["reply"]))
        checked = check_wording(sentences, [Evidence(quote) for quote in cast("list[str]", row["quotes"])])
        kept = {_plain(one.sentence.text) for one in checked if one.holds}
        for text, label in labels.items():
            score.add(str(label["kind"]), is_right=bool(label["right"]), is_kept=text in kept)
        for _ in kept - labels.keys():
            score.add("without a label", is_right=False, is_kept=True)
        replies += 1
        with_sentences += bool(kept)
    return {"replies": replies, "replies with a sentence sent": with_sentences, **score.as_json()}


_CITATIONS = re.compile(r"[\[〔【\uff3b]\s*[0-9]{1,2}\s*[\]〕】\uff3d]")


def _plain(text: str) -> str:
    """The letters, digits and characters of a sentence without its citations."""
    return "".join(character for character in _CITATIONS.sub("", text) if character.isalnum())


async def measure_model(wording: Wording, answers: Iterable[Answer]) -> dict[str, object]:
    """Counts of what the model of the settings makes of answers: sentences kept and dropped, failures, seconds and tokens."""
    asked = failed = worded = 0
    for answer in answers:
        if not is_worded(answer):
            continue
        asked += 1
        try:
            draft = await wording.draft(answer.question, answer.quotes)
        except ModelError:
            failed += 1
            continue
        worded += bool(draft.kept)
    return {
        "host": wording.host,
        "answers": asked,
        "worded": worded,
        "failed": failed,
        "sentences kept": wording.counts["kept"],
        "sentences dropped": wording.counts["dropped"],
        "seconds an answer": round(wording.seconds / max(asked - failed, 1), 3),
        "tokens": wording.tokens,
    }
