"""Mutated OFD, Office, mail, sheet and scan files: `python -m benchmarks.faults.fuzz_formats [PYTHON] [OFFICE] [SCANS] [SEED]`.

PYTHON files (2,000) for the readers written in Python, OFFICE (200) for each format that LibreOffice converts, in calls of
20, and SCANS (50) for OCR. Each has to be read or named within its limits, without an exception. The result is written to
`benchmarks/results/fuzz_formats.json`; a failure ends with status 1. Without LibreOffice or OCR their part is left out.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path

from tests.retrieval.reading.formats.slides.pptx_file import Slide, paragraph, pptx, shape, table
from tests.retrieval.reading.formats.test_ebook import ebook

from retrieval.reading.formats.loader import read_contents
from retrieval.reading.formats.office import convert_all, libreoffice
from retrieval.reading.formats.scans import ocr_tool

ROOT = Path(__file__).parents[2]
FORMATS = ROOT / "tests" / "retrieval" / "reading" / "formats"
RESULT = ROOT / "benchmarks" / "results" / "fuzz_formats.json"
_FILES_A_CALL = 20
_COMPOUND, _COMPOUND_HEADER = b"\xd0\xcf\x11\xe0", 512
# Values that are well-formed XML and no sense: a reader meets them where a damaged archive never gets.
_MARKUP = (
    b"",
    b"0",
    b"-1",
    b"1e308",
    b"NaN",
    b"999999999",
    b"x",
    b"0 0",
    b"true",
    b"../../x",
    "簡報".encode(),
)


def main() -> None:
    """Runs the three parts; prints a line for each kind of file and writes what is done so far."""
    python, office, scans, seed = ([int(count) for count in sys.argv[1:]] + [2_000, 200, 50, 2])[:4]
    rows = []
    with tempfile.TemporaryDirectory() as cache:
        os.environ["CONVERSION_CACHE"] = cache
        for row in outcomes(python, office, scans, random.Random(seed)):
            rows.append(row)
            print(json.dumps(row, ensure_ascii=False), flush=True)
            result = {"seed": seed, "kinds": rows}
            RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    sys.exit(any(row["exceptions"] for row in rows))


def outcomes(python: int, office: int, scans: int, chance: random.Random) -> Iterator[dict[str, object]]:
    """One row a kind of file, Python first."""
    kinds = python_samples()
    for name, content in kinds.items():
        yield outcome(name, list(mutated(content, python // len(kinds), chance)))
    for ending in ("doc", "rtf", "odt") if libreoffice().path else ():
        content = (FORMATS / "office" / "files" / f"huzhou.{ending}").read_bytes()
        yield office_outcome(f"a.{ending}", list(mutated(content, office, chance)))
    if ocr_tool().version:
        content = (FORMATS / "handed" / "suzhou_scan.pdf").read_bytes()
        yield outcome("scan.pdf", list(mutated(content, scans, chance)))


def python_samples() -> dict[str, bytes]:
    """One file a format that is read in Python."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", "報送第7期簡報"
    mail.set_content("現報送第7期簡報。\n")
    ofd = (FORMATS / "handed" / "suzhou.ofd").read_bytes()
    mail.add_attachment(ofd, maintype="application", subtype="octet-stream", filename="蘇州.ofd")
    return {
        "a.ofd": ofd,
        "a.xlsx": _workbook(),
        "a.csv": "城市,活動場次\n南京,12\n蘇州,8\n".encode("gb18030"),
        "a.eml": bytes(mail),
        "a.mht": bytes(mail).replace(b"To:", b"X-To:"),
        "a.pptx": pptx(
            Slide(
                [shape(paragraph("第7期"), kind="title"), table([["城市", "場次"], ["南京", "12"]])],
                notes="備註",
            )
        ),
        "a.epub": ebook(),
    }


def _workbook() -> bytes:
    import openpyxl

    workbook, stream = openpyxl.Workbook(), io.BytesIO()
    workbook.active.append(["城市", "註冊志願者", "佔比"])
    workbook.active.append(["南京", 3500, 0.356])
    workbook.active.merge_cells("B1:C1")
    workbook.save(stream)
    return stream.getvalue()


def mutated(content: bytes, count: int, chance: random.Random) -> Iterator[bytes]:
    """So many damaged files; of an archive three in four are whole outside and damaged in one of their members.

    Of a compound file, as .doc is, three in four keep the places of their parts, or LibreOffice refuses them all.
    """
    for number in range(count):
        if content.startswith(b"PK") and number % 4:
            yield _with_damaged_member(content, chance)
        elif content.startswith(_COMPOUND) and number % 4:
            yield _overwritten(content, chance)
        else:
            yield _damaged(content, chance)


def _with_damaged_member(content: bytes, chance: random.Random) -> bytes:
    source, stream = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    names = source.namelist()
    chosen = chance.choice(names)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            member = source.read(name)
            archive.writestr(name, _damaged(member, chance, _MARKUP) if name == chosen else member)
    return stream.getvalue()


def _overwritten(content: bytes, chance: random.Random) -> bytes:
    """With one to twelve runs of up to four bytes changed, as long as before and behind the header."""
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        start, length = chance.randrange(_COMPOUND_HEADER, len(damaged) - 4), chance.randint(1, 4)
        damaged[start : start + length] = chance.randbytes(length)
    return bytes(damaged)


def _damaged(content: bytes, chance: random.Random, pieces: Sequence[bytes] = ()) -> bytes:
    """With bytes changed, cut out, doubled or the end cut off; with `pieces`, one to three numbers or values of XML."""
    damaged = bytearray(content)
    if pieces and chance.randrange(3):
        for _ in range(chance.randint(1, 3)):
            values = [*re.finditer(rb'(?<==")[^"]*(?=")|(?<=>)[^<]+(?=<)', damaged)]
            if values:
                start, end = chance.choice(values).span()
                damaged[start:end] = chance.choice(pieces)
        return bytes(damaged)
    for _ in range(chance.randint(1, 12)):
        start = chance.randrange(len(damaged) or 1)
        end = start + chance.randint(1, 64)
        match chance.randrange(4):
            case 0:
                damaged[start:end] = bytes(chance.randrange(256) for _ in range(min(4, end - start)))
            case 1:
                del damaged[start:end]
            case 2:
                damaged[start:start] = damaged[start:end]
            case _:
                del damaged[max(start, len(damaged) // 2) :]
    return bytes(damaged)


def outcome(name: str, files: list[bytes]) -> dict[str, object]:
    """The numbers read and named, the exceptions, and the seconds of the slowest."""
    read, named, slowest, exceptions = 0, 0, 0.0, []
    for content in files:
        started = time.monotonic()
        try:
            documents = [*read_contents(content, name)]
        except Exception as error:  # noqa: BLE001 - what is looked for
            exceptions.append(repr(error))
            continue
        slowest = max(slowest, time.monotonic() - started)
        read += any(document.lines for document in documents)
        named += not any(document.lines for document in documents)
    return {
        "file": name,
        "files": len(files),
        "read": read,
        "named": named,
        "exceptions": exceptions,
        "slowest_seconds": round(slowest, 2),
    }


def office_outcome(name: str, files: list[bytes]) -> dict[str, object]:
    """As `outcome`, converted in calls of twenty before; with the seconds of the slowest call."""
    slowest = 0.0
    for start in range(0, len(files), _FILES_A_CALL):
        started = time.monotonic()
        convert_all(
            [(content, Path(name).suffix) for content in files[start : start + _FILES_A_CALL]], libreoffice()
        )
        slowest = max(slowest, time.monotonic() - started)
    return {**outcome(name, files), "slowest_call_seconds": round(slowest, 2)}


if __name__ == "__main__":
    main()
