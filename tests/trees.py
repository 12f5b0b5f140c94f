"""A reading as lines that a person can check and a test can compare."""

from __future__ import annotations

from pathlib import Path

from retrieval.types import Passage, Reading

BULLETINS = Path(__file__).parent / "bulletins"
EXPECTED = Path(__file__).parent / "expected"
SEED = Path(__file__).parent.parent / "data" / "bulletins"


def tree_lines(reading: Reading, shown: int | None = None) -> list[str]:
    """One line a passage: file, bulletin, place, section, path and text, separated by tabs."""
    return [_tree_line(passage, shown) for passage in reading.passages]


def _tree_line(passage: Passage, shown: int | None) -> str:
    path = " → ".join(section.full for section in passage.section_path)
    columns = (
        passage.file,
        passage.bulletin,
        passage.place_name or "-",
        passage.section or "-",
        path or "-",
        passage.text[:shown],
    )
    return "\t".join(column.replace("\n", "⏎").replace("\t", " ") for column in columns)


def expected_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
