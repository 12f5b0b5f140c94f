"""Writes the pages for reading as files for any web server; search and questions need the server and are left out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

from bot.locales import Texts
from bot.replies import callback_data
from bot.web.addresses import FileAddresses, Script, bulletin_file, index_file
from bot.web.bulletin_book import book_of
from bot.web.reading_pages import ReadingPages
from bot.web.site import STATIC
from retrieval.errors import BulletinBotError
from retrieval.index import Index, collections

_FILES = ("site.css", "icon.svg")


def export_site(index: Index, texts: Texts, folder: Path) -> int:
    """Write the site of all collections into a folder, which must be empty or new; returns the number of pages.

    Raises BulletinBotError if something is in the folder, or if it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BulletinBotError(
            f"{folder} is not an empty folder: give a new one, so that no old page stays in it."
        )
    try:
        count = 0
        for name, content in _files(index, texts):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            count += name.endswith(".html")
        (folder / "static").mkdir(exist_ok=True)
        for name in _FILES:
            shutil.copyfile(STATIC / name, folder / "static" / name)
    except OSError as error:
        raise BulletinBotError(
            f"The site cannot be written to {error.filename or folder} ({error.strerror}): mend that and export it into "
            "another folder."
        ) from error
    return count


def _files(index: Index, texts: Texts) -> Iterator[tuple[str, bytes]]:
    """Every file by its name in the folder, with its content."""
    yield "robots.txt", b"User-agent: *\nDisallow: /\n"
    above, below = (ReadingPages(index, texts, FileAddresses(root), is_static=True) for root in ("", "../"))
    names = collections.names_of(index)
    for collection in names:
        own = "" if collection == names[0] else callback_data.collection_id(collection)
        for page in range(1, above.index_pages(collection) + 1):
            yield index_file(own, page), above.index_page(collection, page) or b""
    for entry in book_of(index).entries:
        for target in below.bulletin_pages(entry):
            for script in get_args(Script):
                written = replace(target, script=script)
                yield bulletin_file(written), below.bulletin_page(written) or b""
    for position, passage in enumerate(index.passages):
        picture = index.passages.picture(position) if passage.recognized else None
        if picture:
            yield f"picture/{passage.passage_id}.jpg", picture
