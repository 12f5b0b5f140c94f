"""`bulletin-bot purge`: lists the bulletins, shows what taking one out would remove, asks, and does it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import typer
from rich.table import Table

from bot.operations import bulletin_removal, purging
from bot.output import printable, terminal
from bot.settings import Settings
from retrieval.errors import BulletinBotError
from retrieval.index import Index
from retrieval.reading.structure import taken_out

_MOST_PLACES = 12


def list_bulletins(settings: Settings, collections: Sequence[str]) -> None:
    """Print every bulletin of the index in service with its file."""
    table = Table("bulletin", "file", "collection")
    for each in bulletin_removal.bulletins_of(_index(settings), collections):
        table.add_row(each.name, each.file, each.collection or "")
    terminal(markup=False).print(table)


def purge_bulletin(settings: Settings, name: str, collections: Sequence[str], *, is_sure: bool) -> None:
    """Take the one bulletin of that name out, once the operator has seen what goes and agreed.

    Raises BulletinBotError if none or several have the name, and where nobody can be asked without `is_sure`.
    """
    _finish_earlier(settings)
    removal = bulletin_removal.removal_of(settings, *_named(settings, name, collections))
    sys.stdout.writelines(f"{printable(line)}\n" for line in _preview(removal))
    if removal.is_only_one:
        raise BulletinBotError("It is the only bulletin of the index: add another one and rebuild first.")
    if not is_sure:
        if not sys.stdin.isatty():
            raise BulletinBotError("Nothing was taken out: there is nobody to ask here, so add --yes.")
        typer.confirm("Take it out?", abort=True)
    report = purging.purge(settings, removal)
    sys.stdout.writelines(f"{printable(line)}\n" for line in _outcome(report))


def _finish_earlier(settings: Settings) -> None:
    """Finish a purge that was killed, and say so."""
    report = purging.finish_purge(settings)
    if report:
        sys.stdout.write(f"An earlier purge of {printable(report.name)} is finished now.\n")


def _index(settings: Settings) -> Index:
    return settings.index_home().load_current(None)


def _named(
    settings: Settings, name: str, collections: Sequence[str]
) -> tuple[Index, bulletin_removal.BulletinKey]:
    index = _index(settings)
    found = bulletin_removal.named(name, bulletin_removal.bulletins_of(index, collections))
    if not found:
        raise BulletinBotError(f"No bulletin is called {name!r}: `bulletin-bot purge` lists them.")
    if len(found) > 1:
        names = "; ".join(f"{each.name} ({each.file})" for each in found)
        raise BulletinBotError(
            f"{name!r} names {len(found)} bulletins: {names}. Give one by its title or file."
        )
    return index, found[0]


def _preview(removal: bulletin_removal.Removal) -> Iterator[str]:
    places = removal.places
    more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    yield f"{removal.key.name}: {len(removal.passages)} passages, {len(places)} places"
    yield f"  places: {', '.join(places[:_MOST_PLACES]) or 'none'}{more}"
    match removal.fate:
        case bulletin_removal.SourceFate.DELETED:
            yield f"  the file {removal.source} is deleted; it holds this bulletin alone"
        case bulletin_removal.SourceFate.KEPT:
            yield (
                f"  the file {removal.source} stays as it is, since it holds other bulletins or was changed since the last "
                f"build; every rebuild leaves this one out ({taken_out.TAKEN_OUT_FILE})"
            )
        case bulletin_removal.SourceFate.MISSING:
            yield f"  the file {removal.key.file} is no longer there"
    yield (
        f"  deleted whole: {', '.join(removal.generations)}; with cached vectors and conversions, page pictures, and "
        "the answers and reports that quote it"
    )
    yield "  This cannot be undone, not by a rollback either."


def _outcome(report: purging.PurgeReport) -> Iterator[str]:
    yield f"{report.name} is taken out; {report.generation} is in service."
    if report.deleted_source:
        yield f"Deleted: the file {report.deleted_source}"
    yield (
        f"Deleted: {len(report.generations)} generations, {report.answers} answers, {report.reports} reports, "
        f"{report.conversions} conversions"
    )
    kept = f"{report.older_kept} that never held it are kept" if report.older_kept else "none is kept"
    yield f"Older generations: {kept}."
    if report.out_of_reach:
        yield "Out of reach, see to these yourself:"
        yield from (f"  {path}" for path in report.out_of_reach)
    yield "Backups and exports elsewhere, and answers already sent to chats, are out of reach too."
