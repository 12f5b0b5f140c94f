"""A generation without some passages of another one: nothing is embedded again, and the report holds none of the text."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence

from bot.settings import Settings
from retrieval.building import Inspection, build_generation, diff, reports, write_generation
from retrieval.errors import BulletinBotError
from retrieval.index import Index
from retrieval.progress import Progress
from retrieval.storage import manifests
from retrieval.types import Encoder, Encoding, Extractor, Passage


def write_without(
    settings: Settings,
    index: Index,
    gone: Collection[int],
    sources: Mapping[str, str],
    tools: tuple[Encoder | None, Progress],
) -> str:
    """Write the generation without the passages at the positions `gone` and put it into service; returns its name.

    `sources` has the hashes of its source files by cited name. Raises BulletinBotError as a build does.
    """
    encoder, progress = tools
    kept = [passage for position, passage in enumerate(index.passages) if position not in gone]
    stored = _StoredVectors(index, settings, encoder)
    parts = build_generation(kept, stored, progress, [index])
    written = write_generation(
        parts,
        stored,
        settings.index_dir,
        dict(sources),
        functools.partial(_inspect, index, kept),
        progress,
        picture_of=functools.partial(_picture, index),
    )
    return written.name


def _inspect(before: Index, kept: list[Passage], new: Index) -> Inspection:
    """A report that counts what is gone by place, without any of its text."""
    details = diff.passage_changes(before.passages, new.passages)
    report = reports.BuildReport(
        generation=new.name,
        replaces=before.name,
        passages=len(kept),
        embedded=0,
        encoder=new.manifest.encoder,
        changes=diff.count_by_place(details, before.passages, new.passages),
        details=(),
        findings=(),
        gate=None,
        forced=True,
        seconds={},
    )
    return Inspection(documents={reports.REPORT_FILE: reports.report_json(report)})


def _picture(index: Index, passage: Passage) -> bytes | None:
    position = index.position(passage.passage_id)
    return None if position is None else index.passages.picture(position)


class _StoredVectors:
    """The encoder of an index whose texts are all embedded; the model is loaded only if one should not be."""

    extractor: Extractor | None = None

    def __init__(self, index: Index, settings: Settings, encoder: Encoder | None) -> None:
        self._manifest, self._settings, self._encoder = index.manifest, settings, encoder

    @property
    def name(self) -> str:
        return self._manifest.encoder

    @property
    def dimension(self) -> int:
        return self._manifest.dimension

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        return self._loaded().encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        return self._loaded().encode_passages(texts)

    def _loaded(self) -> Encoder:
        if self._encoder is None:
            from retrieval.embedding import load_rebuild_encoder

            settings = self._settings
            self._encoder = load_rebuild_encoder(
                settings.embedding_model, settings.model_cache, settings.embedding_threads
            )
        if not manifests.is_served_by(self._manifest.encoder, self._encoder.name):
            raise BulletinBotError(
                f"The index was built with the encoder {self._manifest.encoder} but {self._encoder.name} is configured: set "
                "EMBEDDING_MODEL back; the purge is then finished by the next start."
            )
        return self._encoder
