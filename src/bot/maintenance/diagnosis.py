"""Finds what is wrong with an installation: every check, in order, each finding with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.settings import Settings
from retrieval.errors import BulletinBotError


class Level(StrEnum):
    """The gravity of a finding; only a fault changes the exit status."""

    OK = "ok"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A finding of one check."""

    check: str
    level: Level
    sentence: str
    """A fault or a note says what to do."""


Check = Callable[[Settings], Iterable[Diagnosis]]


def diagnose(settings: Settings, checks: Iterable[tuple[str, Check]]) -> list[Diagnosis]:
    """The findings of all checks, in order; a check that raises BulletinBotError or OSError has found a fault."""
    return [finding for name, check in checks for finding in _findings(settings, name, check)]


def _findings(settings: Settings, name: str, check: Check) -> list[Diagnosis]:
    try:
        return list(check(settings))
    except BulletinBotError as error:
        return [Diagnosis(name, Level.FAULT, str(error))]
    except OSError as error:
        sentence = (
            f"{error.filename or name} cannot be used ({error.strerror}): mend that and ask doctor again."
        )
        return [Diagnosis(name, Level.FAULT, sentence)]
