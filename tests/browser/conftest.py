"""Tests in a real browser, run by `make test-browser`; where playwright is missing there are none."""

from __future__ import annotations

import importlib.util

HAS_PLAYWRIGHT = importlib.util.find_spec("playwright") is not None
collect_ignore_glob = [] if HAS_PLAYWRIGHT else ["*.py"]

if HAS_PLAYWRIGHT:
    from tests.browser.visits import axe, browser, visit

    __all__ = ["axe", "browser", "visit"]


def pytest_report_header() -> str:
    """Says that the tests are left out, if they are."""
    return (
        ""
        if HAS_PLAYWRIGHT
        else "tests/browser: playwright is missing; the tests in a real browser are skipped"
    )
