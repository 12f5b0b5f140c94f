"""Prints the part of CHANGELOG.md about a version, the text of its release: `python -m release.notes v0.1.0`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
_HEADING = re.compile(r"^## (?P<version>\S+).*$", re.MULTILINE)


def notes_of(version: str, changelog: str) -> str:
    """The lines under the heading of the version; raises ValueError if there is no such heading or nothing under it."""
    headings = list(_HEADING.finditer(changelog))
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        if heading["version"] == version:
            notes = changelog[heading.end() : following.start() if following else None].strip()
            if notes:
                return notes
    raise ValueError(
        f"CHANGELOG.md says nothing under a heading '## {version}': write what changed, then tag again."
    )


def main() -> None:
    """Print the notes of the version of the tag; one sentence and status 1 if there are none."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        notes = notes_of(sys.argv[1].removeprefix("v"), CHANGELOG.read_text(encoding="utf-8"))
    except ValueError as error:
        sys.exit(str(error))
    sys.stdout.write(notes + "\n")


if __name__ == "__main__":
    main()
