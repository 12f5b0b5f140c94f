"""Reads an uploaded file in a child process, so that the bot goes on answering whatever the file does."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from retrieval.progress import Progress, no_progress
from retrieval.reading import sandbox
from retrieval.reading.formats import Format, format_of, preparation
from retrieval.reading.structure import read_files
from retrieval.types import Finding, Reading

SECONDS = 30
"""Of processor time; a text of 20 MB, the largest that a bot may download, takes 9."""
_NICENESS = 10  # questions that are asked meanwhile are answered first
_LARGEST_OUTPUT = 64 * 2**20
# A plain text is read in linear time by code of our own; so small a one takes less than a process takes to start.
_SMALL = 128 * 1024
_READING = TypeAdapter(Reading)


async def read_upload(path: Path, seconds: int = SECONDS, progress: Progress = no_progress) -> Reading:
    """The outline of the file: its passages without their texts, and its findings.

    A file that reaches the limits gives no passages and one finding that says so. What LibreOffice or OCR has to convert
    is converted before, within limits of its own; the pages of a scan are reported from another thread.
    """
    if path.stat().st_size <= _SMALL and format_of(path.read_bytes(), path.suffix) is Format.TEXT:
        return await asyncio.to_thread(read_files, [path], path.parent)
    await asyncio.to_thread(_convert, path, progress)
    try:
        output = await sandbox.run_async(
            outline_as_json, os.fsencode(path), sandbox.Limits(seconds, _NICENESS)
        )
    except sandbox.UnreadableFileError as error:
        return Reading((), (Finding(path.name, None, f"{error}; skipped"),))
    return await asyncio.to_thread(_READING.validate_json, output)


def _convert(path: Path, progress: Progress) -> None:
    preparation.convert_files([path])
    preparation.convert_scan(path, progress)


def outline_as_json(encoded_path: bytes) -> bytes:
    """The sandbox's job: a `Reading` as JSON, without the texts of its passages."""
    path = Path(os.fsdecode(encoded_path))
    reading = read_files([path], path.parent)
    outlined = tuple(replace(passage, text="", lead="") for passage in reading.passages)
    output = _READING.dump_json(replace(reading, passages=outlined))
    if len(output) > _LARGEST_OUTPUT:
        raise MemoryError
    return output
