"""Renders the bulletins to choose from, what taking one out would remove, and what it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.administration import callback_data
from bot.locales import Texts
from bot.operations import bulletin_removal, purging
from bot.replies import markup
from retrieval.reading.structure import taken_out

_ON_A_PAGE = 8
_LONGEST_LABEL = 40
_LONGEST_NAME = 120
_MOST_PATHS = 10


def bulletins_reply(
    bulletins: Sequence[bulletin_removal.BulletinKey], texts: Texts, page: int = 0, note: str = ""
) -> markup.Reply:
    """A button for each bulletin, page by page; `note` is a plain line above."""
    purge, pages = texts.admin.purge, max(1, -(-len(bulletins) // _ON_A_PAGE))
    page = min(page, pages - 1)
    shown = bulletins[page * _ON_A_PAGE : (page + 1) * _ON_A_PAGE]
    rows: list[tuple[markup.Button, ...]] = [
        (markup.Button(_label(each, texts), callback_data.shows_removal(each.bulletin_id)),) for each in shown
    ]
    turning = []
    if page > 0:
        turning.append(markup.Button(texts.previous_page, callback_data.lists_bulletins(page - 1)))
    if page + 1 < pages:
        turning.append(markup.Button(texts.next_page, callback_data.lists_bulletins(page + 1)))
    blocks = [markup.escape(note)] if note else []
    blocks.append(purge.list.format(page=page + 1, pages=pages))
    rows += [tuple(turning)] if turning else []
    return markup.Reply(
        ("\n\n".join(blocks),), (*rows, (markup.Button(texts.admin.cancel, callback_data.TAKES_NOTHING_OUT),))
    )


def _label(key: bulletin_removal.BulletinKey, texts: Texts) -> str:
    name = "・".join(filter(None, (markup.collection_name(key.collection, texts), key.name, key.file)))
    return markup.clip(name, _LONGEST_LABEL)


def removal_reply(removal: bulletin_removal.Removal, texts: Texts) -> markup.Reply:
    """The list of all that would go, and the buttons that do it or leave it."""
    purge = texts.admin.purge
    back = (markup.Button(texts.back, callback_data.lists_bulletins()),)
    cancel = markup.Button(texts.admin.cancel, callback_data.TAKES_NOTHING_OUT)
    if removal.is_only_one:
        return markup.Reply(
            ("\n\n".join([_heading(removal, texts), markup.escape(purge.only_one)]),), (back, (cancel,))
        )
    sure = markup.Button(purge.confirm, callback_data.takes_out(removal.key.bulletin_id, removal.digest))
    blocks = [_heading(removal, texts), "\n".join(_consequences(removal, texts)), f"<b>{purge.final}</b>"]
    return markup.Reply(("\n\n".join(blocks),), ((sure, cancel), back))


def _heading(removal: bulletin_removal.Removal, texts: Texts) -> str:
    purge, collection = texts.admin.purge, markup.collection_name(removal.key.collection, texts)
    heading = purge.preview.format(
        bulletin=markup.escape(markup.clip(removal.key.name, _LONGEST_NAME)),
        passages=len(removal.passages),
        places=len(removal.places),
        names=markup.escape(markup.shortened_names(removal.places, texts)) or "—",
    )
    return (
        f"{heading}\n{purge.collection.format(collection=markup.escape(collection))}"
        if collection
        else heading
    )


def _consequences(removal: bulletin_removal.Removal, texts: Texts) -> Iterator[str]:
    purge = texts.admin.purge
    line = {
        bulletin_removal.SourceFate.DELETED: purge.deletes_file,
        bulletin_removal.SourceFate.KEPT: purge.keeps_file,
        bulletin_removal.SourceFate.MISSING: purge.file_missing,
    }[removal.fate]
    yield line.format(
        file=markup.escape(markup.clip(removal.source_name, _LONGEST_NAME)), record=taken_out.TAKEN_OUT_FILE
    )
    yield purge.also.format(generations=len(removal.generations))


def purged_reply(report: purging.PurgeReport, passages: int, texts: Texts) -> markup.Reply:
    """The report of a purge: all that was deleted, the generation a rollback goes to, and the copies out of reach."""
    purge = texts.admin.purge
    done = purge.done.format(
        bulletin=markup.escape(markup.clip(report.name, _LONGEST_NAME)),
        passages=passages,
        generation=markup.escape(report.generation),
        generations=len(report.generations),
        answers=report.answers,
        reports=report.reports,
        conversions=report.conversions,
    )
    file = (
        [purge.file_deleted.format(file=markup.escape(report.deleted_source))]
        if report.deleted_source
        else []
    )
    older = purge.older_kept.format(count=report.older_kept) if report.older_kept else purge.nothing_older
    paths = [f"• <code>{markup.escape(str(path))}</code>" for path in report.out_of_reach[:_MOST_PATHS]]
    left = len(report.out_of_reach) - _MOST_PATHS
    more = [texts.admin.upload_more.format(count=left)] if left > 0 else []
    reach = "\n".join([purge.out_of_reach, *paths, *more, purge.other_places])
    return markup.Reply(("\n\n".join(["\n".join([done, *file]), older, reach]),))
