"""What the bot says of itself: coverage and quality, and what it keeps of a person."""

from __future__ import annotations

from bot.locales import Texts
from bot.locales.about import KeepingTexts
from bot.replies.reply import Reply, escape, some
from bot.replies.welcome import home_row
from bot.serving import coverage_summary

_MOST_DATES = 12


def about_reply(
    coverage: coverage_summary.Coverage,
    quality: coverage_summary.Quality | None,
    said: KeepingTexts,
    texts: Texts,
) -> Reply:
    """What is covered, when it was built, and how often it is wrong in either way."""
    covered = said.about.format(
        places=len(coverage.places),
        bulletins=coverage.bulletins,
        passages=coverage.passages,
        names=escape(some(coverage.places, texts)),
    )
    built = said.built.format(built=coverage.built_at[:16].replace("T", " "))
    blocks = (f"{covered}\n{_dates(coverage, said, texts)}", built, _measured(quality, said))
    return Reply(("\n\n".join(blocks),), (home_row(texts),))


def _dates(coverage: coverage_summary.Coverage, said: KeepingTexts, texts: Texts) -> str:
    if not coverage.dates:
        return said.no_dates
    return said.dates.format(dates=escape(some(coverage.dates[:_MOST_DATES], texts)))


def _measured(quality: coverage_summary.Quality | None, said: KeepingTexts) -> str:
    if quality is None:
        return said.no_measurement
    return said.measured.format(
        questions=quality.questions,
        day=escape(quality.day),
        commit=escape(quality.commit),
        hit=_percent(quality.first_hit),
        quote=_percent(quality.first_quote),
        wrong_refusals=_percent(quality.wrong_refusals),
        near=_percent(quality.near_answered),
        far=_percent(quality.far_answered),
    )


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def forgotten_reply(rows: int, said: KeepingTexts, texts: Texts) -> Reply:
    """How much was deleted."""
    return Reply((said.forgotten.format(rows=rows) if rows else said.nothing_kept,), (home_row(texts),))
