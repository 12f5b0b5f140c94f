"""The checks of `bulletin-bot doctor`, cheapest first."""

from __future__ import annotations

from bot.maintenance import local_checks, telegram_checks
from bot.maintenance.diagnosis import Check, Diagnosis, diagnose
from bot.settings import Settings

LOCAL: tuple[tuple[str, Check], ...] = (
    ("settings", local_checks.check_settings_file),
    ("folders", local_checks.check_folders),
    ("bulletins", local_checks.check_bulletins),
    ("state", local_checks.check_state),
    ("model", local_checks.check_model),
    ("index", local_checks.check_index),
    ("programs", local_checks.check_programs),
)
TELEGRAM: tuple[tuple[str, Check], ...] = (("telegram", telegram_checks.check_telegram),)


def examine(settings: Settings, *, offline: bool = False) -> list[Diagnosis]:
    """The findings of every check; offline leaves out what calls Telegram. Changes nothing but the model cache."""
    return diagnose(settings, LOCAL if offline else (*LOCAL, *TELEGRAM))
