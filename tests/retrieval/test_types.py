"""The examples beside regular expressions and word lists."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping

import pytest

import retrieval
from retrieval.language.folding import fold
from retrieval.types import Wording


def wordings() -> Iterator[tuple[str, Wording]]:
    """Every wording that a module of `retrieval` holds, alone or in a tuple or a mapping, with where it is."""
    for module in pkgutil.walk_packages(retrieval.__path__, "retrieval."):
        for name, value in vars(importlib.import_module(module.name)).items():
            values = (
                value.values()
                if isinstance(value, Mapping)
                else value
                if isinstance(value, tuple)
                else [value]
            )
            yield from ((f"{module.name}.{name}", each) for each in values if isinstance(each, Wording))


WORDINGS = list(wordings())


def matches(wording: Wording, text: str) -> bool:
    match = wording.pattern.fullmatch if wording.is_whole else wording.pattern.search
    return match(fold(text)) is not None


@pytest.mark.parametrize(("name", "wording"), WORDINGS, ids=[name for name, _ in WORDINGS])
def test_a_wording_matches_its_example_and_not_its_counterexample(name: str, wording: Wording) -> None:
    assert matches(wording, wording.example), name
    assert not matches(wording, wording.counterexample), name


def test_wordings_are_found() -> None:
    assert len({name for name, _ in WORDINGS}) >= 20
