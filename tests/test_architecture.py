"""The rooms and the imports allowed between them."""

from __future__ import annotations

import ast
import graphlib
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "src"
MODULES = sorted(SOURCES.rglob("*.py"))
TOPS = ("retrieval", "bot")


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


# Packages that each package may import; the root modules of its own top package (types, errors, settings, …) besides.
# A row that is not here is no accident but a decision: add it together with the reason in the commit.
ARROWS = {
    "retrieval.language": "",
    "retrieval.places": "language",
    "retrieval.reading.lines": "language",
    "retrieval.reading.formats.pdf": "language reading reading.lines",
    "retrieval.reading.formats.docx": "language reading reading.formats reading.formats.html reading.lines",
    "retrieval.reading.formats.html": "language reading reading.lines",
    "retrieval.reading.formats.conversion": "",
    "retrieval.reading.formats.office": (
        "reading reading.formats reading.formats.conversion reading.formats.docx reading.lines"
    ),
    "retrieval.reading.formats.ofd": "reading reading.formats reading.formats.pdf reading.lines",
    "retrieval.reading.formats.scans": "reading reading.formats.conversion reading.formats.pdf",
    "retrieval.reading.formats.sheets": "reading reading.formats reading.lines",
    "retrieval.reading.formats.slides": "reading reading.formats reading.formats.docx reading.lines",
    "retrieval.reading.formats": (
        "language reading reading.formats.conversion reading.formats.docx reading.formats.html "
        "reading.formats.office reading.formats.ofd reading.formats.pdf "
        "reading.formats.scans reading.formats.sheets reading.formats.slides reading.lines"
    ),
    "retrieval.reading.structure": "language places reading reading.formats reading.lines storage",
    "retrieval.reading": "language reading.formats reading.lines reading.structure",
    "retrieval.storage": "language",
    "retrieval.embedding.bundled": "storage",
    "retrieval.embedding": "embedding.bundled storage",
    "retrieval.index.lexical": "storage",
    "retrieval.index.vectors": "storage",
    "retrieval.index.quantized": "index.vectors storage",
    "retrieval.index.postgres.server": "storage",
    "retrieval.index.postgres": (
        "index index.lexical index.postgres.server index.quantized index.vectors language storage"
    ),
    "retrieval.index": ("index.lexical index.postgres index.quantized index.vectors language places storage"),
    "retrieval.questions": "index index.lexical language places",
    "retrieval.ranking": "index index.vectors language questions storage",
    "retrieval.answering": "index language places questions ranking storage",
    "retrieval.answering.wording_check": "language places questions",
    "retrieval.evaluation": "answering index language places questions ranking storage",
    "retrieval.building": "evaluation index index.lexical index.quantized index.vectors language storage",
    "retrieval": "answering building embedding index reading storage",
    "bot.state": "state.postgres state.sqlite",
    "bot.state.sqlite": "state",
    "bot.state.postgres": "state",
    "bot.telegram": "state state.postgres telegram.sharing",
    "bot.telegram.sharing": "state state.postgres telegram",
    "bot.locales": "",
    "bot.observability": "output",
    "bot.output": "",
    "bot.operations": "state",
    "bot.maintenance": "operations state",
    "bot.serving": "operations state",
    # Who may read over HTTP: the pages, the interface for programs, and MCP ask it.
    "bot.web_access": "",
    "bot.replies": "locales operations output serving state",
    "bot.api": "operations output serving web_access",
    # The pages say what the chat says: `replies` renders the answers for both.
    "bot.web": "api locales replies serving state web_access",
    "bot.groups": "locales replies serving",
    "bot.wording": "locales replies",
    "bot.handlers": "groups locales observability operations replies serving state telegram web_access wording",
    "bot.export": "locales replies",
    # Registers its handlers itself: what the chat exports is `export`, and nothing below knows of either.
    "bot.basket": "export handlers locales replies serving state",
    "bot.shared_chats": "groups handlers observability replies reports serving state telegram",
    "bot.subscriptions": "handlers locales replies state telegram",
    "bot.mcp": "output serving state web_access",
    "bot.reports": "handlers locales operations replies state telegram",
    "bot.administration": "handlers locales operations replies reports state",
    "bot": "administration basket handlers locales observability replies reports serving "
    "shared_chats state subscriptions telegram wording",
    "bot.cli": "export handlers locales maintenance mcp observability operations output replies serving state "
    "subscriptions web web_access wording",
}
PAGE = (SOURCES.parent / "docs/architecture.md").read_text(encoding="utf-8")
NAMES_OF_MODULES = {".".join(module.relative_to(SOURCES).with_suffix("").parts) for module in MODULES}
MOST_MODULES, MOST_AT_THE_ROOT, MOST_EXPORTS = 15, 6, 10


def package_of(module: Path) -> str:
    return ".".join(module.relative_to(SOURCES).parent.parts)


DOORS = {package_of(module): module.parent for module in MODULES}


def imports_across_packages() -> Iterator[tuple[Path, str, str]]:
    """Every import of one of our packages by another: the importing module, the package imported, the dotted name."""
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in TOPS:
                for alias in node.names:
                    package = node.module if node.module in DOORS else node.module.rpartition(".")[0]
                    if package != package_of(module):
                        yield module, package, f"{node.module}.{alias.name}"


def exports_of(package: str) -> list[str]:
    """`__all__` of the package, read and not run."""
    for node in ast.parse((DOORS[package] / "__init__.py").read_text(encoding="utf-8")).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "__all__"
        ):
            names: list[str] = ast.literal_eval(node.value)
            return names
    return []


def test_every_import_between_packages_is_an_arrow_of_the_table() -> None:
    drawn = {
        (package, f"{package.split('.')[0]}.{other}")
        for package, others in ARROWS.items()
        for other in others.split()
    }
    for module, package, name in imports_across_packages():
        own = package_of(module)
        if (
            package in TOPS
            or module.name == "__init__.py"
            or (own.startswith("bot") and package.startswith("retrieval"))
        ):
            continue
        assert (own, package) in drawn, f"{module.relative_to(SOURCES)} imports {name}"


def arrows_on_the_page() -> Iterator[tuple[str, str]]:
    """The packages at both ends of each arrow of docs/architecture.md; a module at the root stands for its top package."""
    drawing = PAGE.partition("## Arrows")[2].split("```")[1]
    for top, block in zip(TOPS, drawing.strip().split("\n\n"), strict=True):
        packages = {name.rpartition(".")[2]: name for name in ARROWS if name.startswith(f"{top}.")}
        roots = {module.stem: top for module in (SOURCES / top).glob("*.py")}
        for chain in re.split(r" {4,}|\n", block.removeprefix(top)):
            links = [re.split(r",\s*", link.strip()) for link in chain.split("→")]
            for above, below in pairwise(links):
                for name, other in product(above, below):
                    yield tuple((packages | roots)[end.rpartition("/")[2]] for end in (name, other))  # type: ignore[misc]


def test_the_page_on_architecture_draws_allowed_arrows_and_names_every_package() -> None:
    drawn = {(above, below) for above, below in arrows_on_the_page() if below not in TOPS}
    assert len(drawn) > 50
    for above, below in sorted(drawn):
        top, _, name = below.partition(".")
        assert above.startswith(top)
        assert name in ARROWS[above].split(), f"docs/architecture.md: {above} → {below}"
    rows = re.findall(
        r"^\| (`[^|]+`) \|", PAGE.partition("## Rooms")[2].partition("## Beside")[0], re.MULTILINE
    )
    named = {name.rpartition("/")[2] for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert named == {name.rpartition(".")[2] for name in ARROWS if name not in (*TOPS, "retrieval.reading")}


def test_the_arrows_form_no_cycle() -> None:
    graph = {
        package: {f"{package.split('.')[0]}.{other}" for other in others.split()}
        for package, others in ARROWS.items()
    }
    # A package and the packages inside it stand and fall together: the outer one only opens a door to them.
    inner = {
        package: {other for other in others if not package.startswith(f"{other}.")}
        for package, others in graph.items()
    }
    assert set(graphlib.TopologicalSorter(inner).static_order()) == ARROWS.keys()
    assert ARROWS.keys() == DOORS.keys()


def test_packages_meet_only_through_what_their_doors_list() -> None:
    for module, package, name in imports_across_packages():
        if package in TOPS or module.name == "__init__.py":
            continue
        assert name.removeprefix(f"{package}.") in exports_of(package), (
            f"{module.relative_to(SOURCES)} imports {name}"
        )


def test_a_room_is_small_and_its_door_narrow() -> None:
    for package, folder in DOORS.items():
        modules = [module for module in folder.glob("*.py") if module.name != "__init__.py"]
        assert len(modules) <= (MOST_AT_THE_ROOT if package in TOPS else MOST_MODULES), package
        assert len(exports_of(package)) <= MOST_EXPORTS, package
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))), package


def test_modules_import_each_other_in_no_circle() -> None:
    graph = {
        name: set(imports_of(SOURCES / Path(*name.split(".")).with_suffix(".py"))) & NAMES_OF_MODULES
        for name in NAMES_OF_MODULES
        if not name.endswith("__init__")
    }
    assert set(graphlib.TopologicalSorter(graph).static_order()) <= NAMES_OF_MODULES


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
