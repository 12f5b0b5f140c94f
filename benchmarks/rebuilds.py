"""An index to break and the checks of it afterwards; shared by the commands that interrupt rebuilds."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.doubles import HashEncoder

from bot.operations.rebuilding import build
from bot.settings import Settings
from retrieval.answering.answerer import answer
from retrieval.index.generations import load_serving
from retrieval.index.index import Index
from retrieval.storage.current_pointer import POINTER, is_generation_name
from retrieval.storage.lock import holder_of

RESULTS = Path(__file__).parent / "results"
QUESTION = "北京市評選身邊好人,每月發佈多少名月榜人物?"


def record(name: str, figures: dict[str, object]) -> None:
    """Print the figures and save them as `benchmarks/results/NAME.json`."""
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)


@contextmanager
def seed_settings(index_folder: Path | None = None) -> Iterator[Settings]:
    """The seven bulletins and an index folder of their own, without questions for the gate."""
    with tempfile.TemporaryDirectory() as folder:
        yield Settings(
            index_dir=index_folder or Path(folder) / "index", development_questions=Path(folder) / "none"
        )


def rebuilt(settings: Settings, *, full: bool = True) -> str:
    """Name of a generation built with the hashing encoder."""
    return build(settings, encoder=HashEncoder(), full=full).generation


def serving(settings: Settings) -> Index:
    """The generation that a bot serves after a start, once it has answered with citations that resolve."""
    encoder = HashEncoder()
    index = load_serving(settings.index_dir, encoder.name)
    given = answer(QUESTION, index, encoder)
    for passage in (*(hit.passage for hit in given.hits), *(cited.passage for cited in given.citations)):
        position = index.position(passage.passage_id)
        assert position is not None
        assert index.passages[position] == passage
    return index


def leftovers(settings: Settings, *, but: str = "") -> list[str]:
    """Names in the index folder besides generations and the pointer, except those that begin with `but`.

    An interrupted build leaves its checkpoint on purpose (`but=checkpoint.PREFIX`): the next one continues from it.
    """
    names = (path.name for path in settings.index_dir.iterdir())
    others = (name for name in names if name != POINTER and not is_generation_name(name))
    return sorted(name for name in others if not but or not name.startswith(but))


def assert_sound(settings: Settings) -> None:
    """Check an index after an interrupted rebuild, and after the one that follows it."""
    serving(settings)
    assert holder_of(settings.index_dir) is None, "a lock is left"
    name = rebuilt(settings)
    assert serving(settings).name == name
    assert leftovers(settings) == []
