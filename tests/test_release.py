"""Releases: their version, their text and the steps that make them. `make wheel-test` builds and tries the files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from release.distributions import version_of
from release.notes import CHANGELOG, notes_of

ROOT = Path(__file__).parents[1]
RELEASE = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")


def test_the_notes_of_a_version_are_the_lines_under_its_heading() -> None:
    changelog = "# Changelog\n\n## 0.2.0 (2027-01-01)\n\n### A\n\n- new\n\n## 0.1.0\n\n- first\n"
    assert notes_of("0.2.0", changelog) == "### A\n\n- new"
    assert notes_of("0.1.0", changelog) == "- first"
    with pytest.raises(ValueError, match=r"'## 0\.2'"):
        notes_of("0.2", changelog)
    with pytest.raises(ValueError, match="write what changed"):
        notes_of("0.3.0", changelog + "\n## 0.3.0\n\n")


def test_the_changelog_has_notes_for_the_version_of_the_checkout() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert notes_of(project["version"], CHANGELOG.read_text(encoding="utf-8"))


@pytest.mark.parametrize("tag", ["v0.1.0", "0.1.0", "v1.2.3rc1", "v0.2.0.dev4"])
def test_a_tag_gives_its_version(tag: str) -> None:
    assert version_of(tag) == tag.removeprefix("v")


@pytest.mark.parametrize("tag", ["", "v", "v1", "latest", "v1.0 ", 'v1.0"\nname = "x', "v1.0-3"])
def test_another_text_is_no_version(tag: str) -> None:
    with pytest.raises(ValueError, match="no version such as"):
        version_of(tag)


def test_a_release_reads_its_notes_first_and_publishes_what_was_tried() -> None:
    commands = re.findall(r"- run: (.+)", RELEASE)
    assert [command.split()[:3] for command in commands] == [
        ["python", "-m", "release.notes"],
        ["make", "check", "PYTHON=python"],
        ["make", "wheel-test", "PYTHON=python"],
        ["gh", "release", "create"],
    ]
    assert "VERSION=" in commands[2]
    assert "dist/*" in commands[3]
    assert "\nwheel-test:" in (ROOT / "Makefile").read_text(encoding="utf-8")
