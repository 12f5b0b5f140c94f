"""LibreOffice on this machine: its path and its version, read without starting it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from retrieval.reading.formats.conversion import Tool

INSTALL = "install LibreOffice (Debian: apt-get install --no-install-recommends libreoffice-writer-nogui)"
_NAMES = ("soffice", "libreoffice")
_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
# Part of the version of conversions, and raised when what is done before LibreOffice changes.
_PREPARATION = 2


@dataclass(frozen=True, slots=True)
class LibreOffice:
    """The program, or its absence."""

    path: Path | None

    @property
    def tool(self) -> Tool:
        """The tool by whose version conversions are kept: what the file beside the program says of its build."""
        if self.path is None:
            return Tool("libreoffice", None)
        program = self.path.resolve()
        about = program.with_name("versionrc")
        build = about.read_bytes() if about.is_file() else str(program.stat().st_mtime_ns).encode()
        return Tool("libreoffice", f"{hashlib.sha256(build).hexdigest()[:12]}-{_PREPARATION}")


def libreoffice() -> LibreOffice:
    """LibreOffice as it is found on the path or in its usual places."""
    found = next(filter(None, map(shutil.which, (*_NAMES, *_PLACES))), None)
    return LibreOffice(Path(found) if found else None)
