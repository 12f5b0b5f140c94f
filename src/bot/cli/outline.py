"""`bulletin-bot outline`: the files as they are read, of all collections or of some."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from bot.output import finding_text, outline_json_lines, outline_tree, terminal
from retrieval.errors import BulletinBotError
from retrieval.reading import collections as bulletin_collections
from retrieval.reading import find_files, read_files
from retrieval.types import Reading


def show_outline(reading: Reading, *, as_json: bool, with_left_out: bool) -> None:
    """Print what was read; as JSON lines, with the findings on standard error."""
    if not as_json:
        tree = outline_tree(reading, with_left_out=with_left_out)
        terminal().print(tree)
        return
    for line in outline_json_lines(reading):
        sys.stdout.write(line + "\n")
    for finding in reading.findings:
        sys.stderr.write(finding_text(finding) + "\n")


def read_outline(folder: Path, files: Sequence[Path], collections: Sequence[str]) -> Reading:
    """The reading of these files, or of all in the folder, that are in these collections, or in any.

    Raises BulletinBotError for a name that no collection has, and for a folder among the files.
    """
    for file in files:
        if file.is_dir():
            raise BulletinBotError(
                f"{file} is a folder: give it with `--data {file}`, or name the files in it."
            )
    paths = [*files] or find_files(folder)
    if collections:
        paths = bulletin_collections.Collections.in_folder(folder).files_of(collections, paths)
    return read_files(paths, folder)
