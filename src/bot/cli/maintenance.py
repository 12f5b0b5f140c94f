"""`bulletin-bot doctor`, `backup` and `restore`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import typer

from bot.maintenance import Level, examine, restore_backup, write_backup
from bot.operations import copies_elsewhere
from bot.settings import Settings
from retrieval.errors import BulletinBotError

_SIGNS = {Level.OK: "ok   ", Level.NOTE: "note ", Level.FAULT: "FAULT"}


def show_diagnosis(settings: Settings, *, offline: bool, as_json: bool) -> None:
    """Print a line a finding; exit status 1 if one is a fault."""
    findings = examine(settings, offline=offline)
    for finding in findings:
        line = (
            json.dumps(asdict(finding), ensure_ascii=False)
            if as_json
            else _line(finding.level, finding.check, finding.sentence)
        )
        sys.stdout.write(line + "\n")
    if any(finding.level is Level.FAULT for finding in findings):
        raise typer.Exit(1)


def _line(level: Level, check: str, sentence: str) -> str:
    return f"{_SIGNS[level]}  {check:<9}  {sentence}"


def back_up(settings: Settings, target: Path, *, with_index: bool) -> None:
    """Write a backup and say what is in it."""
    backup = write_backup(settings, target, with_index=with_index)
    unnoted = _unnoted(settings, target)
    size = target.stat().st_size / 2**20
    index = f"index {backup.generation}" if backup.count("index") else "no index, only its digest"
    state = "state" if backup.count("state/bot.sqlite3") else "no state"
    sys.stdout.write(f"{target}: bulletins: {backup.count('bulletins')}, {state}, {index}, {size:.1f} MB.\n")
    sys.stdout.write(
        "It holds questions and ids of people: keep it as private as the bot. The token is not in it.\n"
    )
    if unnoted:
        sys.stdout.write(f"A later purge will not name this file: {unnoted}\n")
    if settings.index_url:
        sys.stdout.write(
            "The index that serves is not in it: it is on the server of INDEX_URL, which `pg_dump` backs up.\n"
        )
    if settings.state_url:
        sys.stdout.write(
            "The state is not in it: it is on the server of STATE_URL, where `pg_dump --schema=bulletin_bot_state` backs it up.\n"
        )


def _unnoted(settings: Settings, target: Path) -> str:
    """Why the state does not remember that the copy was written; empty if it does."""
    try:
        copies_elsewhere.note_copy(settings, target)
    except BulletinBotError as error:  # a server that is away
        return str(error)
    return ""


def bring_back(settings: Settings, source: Path, *, replace: bool) -> None:
    """Restore a backup and say what is left to do."""
    restored = restore_backup(settings, source, replace=replace)
    sys.stdout.write(f"Restored the backup of {restored.backup.created_at}.\n")
    for path in restored.put_aside:
        sys.stdout.write(f"What was there before is in {path}; delete it when all is well.\n")
    if restored.backup.settings:
        sys.stdout.write("These settings were in use; the secrets were not kept:\n")
        for name, value in restored.backup.settings.items():
            sys.stdout.write(f"  {name}={value}\n")
    if settings.state_url and restored.backup.count("state/bot.sqlite3"):
        sys.stdout.write(
            f"Its state is in {settings.state_db}, and STATE_URL is set: `bulletin-bot copy-state {settings.state_db} "
            "postgresql://…` copies it to an empty state there.\n"
        )
    if not restored.backup.count("index"):
        sys.stdout.write("The index was left out: run `bulletin-bot rebuild`.\n")
