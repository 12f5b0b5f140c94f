"""Converts office files to .docx with LibreOffice: many in one call, in a child process with limits, without network.

LibreOffice gets a home of its own, in which macros and the updating of links are switched off.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from retrieval.reading import sandbox
from retrieval.reading.formats.conversion import Tool, find_kept, keep, source_of
from retrieval.reading.formats.office.open_document import mended_open_document
from retrieval.reading.formats.office.program import LibreOffice
from retrieval.reading.formats.office.rich_text import mended

DOCX = "converted.docx"
_REJECTED = "rejected"
"""The part that says that LibreOffice could not read a file: it is not tried again."""
# A start takes 2 s of processor time, a bulletin half a second; a file that takes more is not one.
_SECONDS_A_START, _SECONDS_A_FILE = 40, 15
_FILES_A_CALL = 20
# Without a filter LibreOffice takes what it cannot read for plain text, and its codes for words.
_FILTERS = {".doc": "MS Word 97", ".wps": "MS Word 97", ".rtf": "Rich Text Format", ".odt": "writer8"}
# What LibreOffice itself gets wrong on the way, put right before it.
_MENDED: dict[str, Callable[[bytes], bytes]] = {".rtf": mended, ".odt": mended_open_document}
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = (
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)


def convert_all(contents: Iterable[tuple[bytes, str]], program: LibreOffice) -> None:
    """Convert the files (content, suffix) that are not yet converted, and keep the results."""
    if program.path is None:
        return
    tool = program.tool
    waiting: dict[str, dict[str, tuple[bytes, str]]] = {}
    for content, suffix in contents:
        if not is_settled(source := source_of(content), tool):
            waiting.setdefault(_FILTERS.get(suffix, ""), {})[source] = content, suffix
    for files in waiting.values():
        names = sorted(files)
        for start in range(0, len(names), _FILES_A_CALL):
            _convert_batch(
                {name: files[name] for name in names[start : start + _FILES_A_CALL]}, program, tool
            )


def is_settled(source: str, tool: Tool) -> bool:
    """Whether the file was converted or rejected before."""
    return any(find_kept(source, tool, part) is not None for part in (DOCX, _REJECTED))


def _convert_batch(batch: dict[str, tuple[bytes, str]], program: LibreOffice, tool: Tool) -> None:
    """Convert together; if that fails, each alone, so that one bad file does not stop the others."""
    results, _ = _converted(batch, program)
    for source, (content, suffix) in batch.items():
        result, is_final = results.get(source), True
        if result is None:
            alone, is_final = _converted({source: (content, suffix)}, program)
            result = alone.get(source)
        if result or is_final:
            keep(source, tool, *((DOCX, result) if result else (_REJECTED, b"1")))


def _converted(files: dict[str, tuple[bytes, str]], program: LibreOffice) -> tuple[dict[str, bytes], bool]:
    """The .docx of each file that LibreOffice could read, by its source, and whether it ended within the limits."""
    with tempfile.TemporaryDirectory(prefix="bulletin-office-") as name:
        folder = Path(name)
        for part in ("in", "out", "home"):
            (folder / part).mkdir()
        for source, (content, suffix) in files.items():
            (folder / "in" / f"{source}{suffix}").write_bytes(_MENDED.get(suffix, bytes)(content))
        limits = sandbox.Limits(_SECONDS_A_START + _SECONDS_A_FILE * len(files))
        filters = {_FILTERS.get(suffix, "") for _, suffix in files.values()}
        request = json.dumps([str(program.path), str(folder), *filters]).encode()
        has_ended = True
        try:
            sandbox.run(convert_folder, request, limits)
        except sandbox.UnreadableFileError:
            has_ended = False  # what was written before is whole
        return {path.stem: path.read_bytes() for path in (folder / "out").glob("*.docx")}, has_ended


def convert_folder(request: bytes) -> bytes:
    """The sandbox's job: LibreOffice on the folder `in`, with `home` as its home, into `out`."""
    program, name, import_filter = json.loads(request)
    folder = Path(name)
    profile = folder / "home" / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_settings_file(), encoding="utf-8")
    command = [
        *_without_network(),
        program,
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nolockcheck"),
        *((f"--infilter={import_filter}",) if import_filter else ()),
        *("--convert-to", "docx"),
        *("--outdir", str(folder / "out")),
        *sorted(str(path) for path in (folder / "in").iterdir()),
    ]
    environment = {"HOME": str(folder / "home"), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603
    return b""


def _settings_file() -> str:
    items = (
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    spaces = 'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items {spaces}>{"".join(items)}</oor:items>\n'


def _without_network() -> Sequence[str]:
    """A prefix that runs a command in a network namespace of its own; empty where the system forbids that."""
    unshare = shutil.which("unshare")
    command = [unshare or "", "--map-root-user", "--net"]
    if unshare is None or subprocess.run([*command, "true"], capture_output=True, check=False).returncode:  # noqa: S603
        return ()
    return command
