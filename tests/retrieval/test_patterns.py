"""Every pattern of the rules finds its example and not its counterexample."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import retrieval
from retrieval.language import Pattern
from retrieval.reading.lines.section_marks import FORMS, mark_at


def patterns_in(value: object) -> Iterator[Pattern]:
    """The patterns in a module-level value: itself, or those in its rows."""
    if isinstance(value, Pattern):
        yield value
    elif isinstance(value, dict):
        yield from patterns_in(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for row in value:
            yield from patterns_in(row)


def all_patterns() -> dict[str, Pattern]:
    """The patterns of all modules of the package by module, name and number of the row."""
    modules = [module.name for module in pkgutil.walk_packages(retrieval.__path__, "retrieval.")]
    return {
        f"{module.removeprefix('retrieval.')}.{name}.{row}": pattern
        for module in modules
        for name, value in vars(importlib.import_module(module)).items()
        for row, pattern in enumerate(patterns_in(value))
    }


PATTERNS = all_patterns()


def test_the_rules_are_rows_of_patterns() -> None:
    assert len(PATTERNS) > 60


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_finds_its_example_and_not_its_counterexample(name: str) -> None:
    regex, example, counterexample = PATTERNS[name]
    assert regex.search(example)
    assert not regex.search(counterexample)


@pytest.mark.parametrize(("kind", "form"), FORMS)
def test_the_example_of_a_form_is_a_mark_of_its_kind(kind: str, form: Pattern) -> None:
    mark = mark_at(form.example)
    assert mark is not None
    assert mark.kind == kind
