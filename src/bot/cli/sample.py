"""The answerer of a command; where the bulletins are those of an installed wheel, their index is built first."""

from __future__ import annotations

import sys

from bot.operations import rebuilding
from bot.serving import Answerer, open_answerer
from bot.settings import SAMPLE, Settings
from retrieval.errors import BulletinBotError
from retrieval.reading import source_files
from retrieval.storage import manifests

_NOTICE = (
    "There is no data/bulletins here: the seven bulletins that come with the program answer. "
    "Their index is built first, once; this takes about a minute.\n"
)


def open_answerer_or_sample(settings: Settings) -> Answerer:
    """As `open_answerer`, after a notice and a build where the sample is asked and has no index of its present files."""
    if settings.bulletins_dir == SAMPLE and not _is_built(settings):
        sys.stderr.write(_NOTICE)
        rebuilding.build(settings)
    return open_answerer(settings)


def _is_built(settings: Settings) -> bool:
    home = settings.index_home()
    if not home.has_current():
        return False
    sources = manifests.hash_sources(source_files(settings.bulletins_dir))
    try:
        return home.manifest().sources == sources
    except BulletinBotError:
        return False
