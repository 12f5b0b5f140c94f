"""The optional programs as an operator is told of them."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from retrieval.reading.formats.office import program
from retrieval.reading.formats.preparation import optional_programs


def test_what_is_missing_is_named_with_how_to_add_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    monkeypatch.setattr(program, "_PLACES", ())
    monkeypatch.setenv("PATH", "")
    office, ocr = optional_programs()
    assert (office.name, office.found, ocr.name, ocr.found) == ("LibreOffice", "", "OCR", "")
    assert "apt-get install" in office.remedy
    assert "make ocr" in ocr.remedy


def test_what_is_there_is_named_with_its_path_or_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soffice = tmp_path / "soffice"
    soffice.write_text("#!/bin/sh\n")
    soffice.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(importlib.metadata, "version", {"rapidocr": "3.10.0", "onnxruntime": "1.32.0"}.get)
    office, ocr = optional_programs()
    assert office.found == str(soffice)
    assert ocr.found.startswith("rapidocr 3.10.0-1.32.0")
