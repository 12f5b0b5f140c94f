"""The house as a whole: which module may know which."""

from __future__ import annotations

import ast
import graphlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "src"
MODULES = sorted(SOURCES.rglob("*.py"))


def imports_of(module: Path) -> Iterator[str]:
    """Every dotted name imported anywhere in the module, inside functions too; `from a import b` gives a and a.b."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.name} imports relatively"
            yield from (node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names))


def packages_imported_by(package: str) -> dict[str, set[str]]:
    """The top-level packages that each module of the package imports, by its name."""
    modules = sorted((SOURCES / package).rglob("*.py"))
    return {module.name: {name.split(".")[0] for name in imports_of(module)} for module in modules}


def test_retrieval_never_imports_the_bot_or_telegram() -> None:
    for module, packages in packages_imported_by("retrieval").items():
        assert not packages & {"bot", "telegram"}, module


def test_the_bot_never_imports_faiss_bm25s_or_jieba() -> None:
    for module, packages in packages_imported_by("bot").items():
        assert not packages & {"faiss", "bm25s", "jieba"}, module


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.relative_to(SOURCES).as_posix())
def test_nothing_is_pickled(module: Path) -> None:
    picklers = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
    assert not picklers & {name.split(".")[0] for name in imports_of(module)}
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert isinstance(node.value, ast.Constant)
            assert node.value.value is False


def test_imports_within_retrieval_form_no_cycle() -> None:
    modules = {f"retrieval.{module.stem}": module for module in (SOURCES / "retrieval").glob("*.py")}
    graph = {name: set(imports_of(module)) & modules.keys() for name, module in modules.items()}
    order = list(graphlib.TopologicalSorter(graph).static_order())
    assert set(order) == modules.keys()
    assert graph["retrieval.types"] == set()


NOQA = re.compile(r"#.*\bnoqa\b(?P<codes>.*)")
# What ruff forbids (eval, exec, a shell, unsafe YAML, XML or temporary files, …) may be allowed line by line only for
# these: a fixed command (S603), SQL of constants (S608), words that look like passwords (S105, S106), dice (S311).
HARMLESS = {"S603", "S607", "S608", "S105", "S106", "S310", "S311"}


@pytest.mark.parametrize("folder", ["src", "benchmarks", "requirements"])
def test_nothing_dangerous_is_hidden_from_the_linter(folder: str) -> None:
    for module in sorted((SOURCES.parent / folder).rglob("*.py")):
        for line in module.read_text(encoding="utf-8").splitlines():
            found = NOQA.search(line)
            if found is None:
                continue
            codes = set(re.findall(r"\b[A-Z]+[0-9]+\b", found["codes"]))
            assert codes, f"{module.name} silences every rule: {line.strip()}"
            dangerous = {code for code in codes if re.fullmatch(r"S[0-9]+", code)}
            assert dangerous <= HARMLESS, f"{module.name}: {line.strip()}"


def test_the_linter_looks_for_what_is_dangerous_everywhere() -> None:
    lint = tomllib.loads((SOURCES.parent / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"][
        "lint"
    ]
    assert "S" in lint["extend-select"]
    off = {code for codes in [lint["ignore"], *lint["per-file-ignores"].values()] for code in codes}
    assert {code for code in off if re.fullmatch(r"S[0-9]*", code)} <= HARMLESS | {"S101", "S104"}
