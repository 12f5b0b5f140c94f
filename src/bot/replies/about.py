"""Replies about the bot itself: coverage, measured quality, and the deletion of personal data."""

from __future__ import annotations

from bot.locales import AboutTexts, Texts
from bot.replies.markup import Reply, escape, shortened_names
from bot.replies.welcome import home_row
from bot.serving import coverage_summary

_MOST_DATES = 12


def about_reply(
    coverage: coverage_summary.Coverage, quality: coverage_summary.Quality | None, texts: Texts
) -> Reply:
    """Coverage, build time and error rates of the index in service."""
    covered = texts.about.coverage.format(
        places=len(coverage.places),
        bulletins=coverage.bulletins,
        passages=coverage.passages,
        names=escape(shortened_names(coverage.places, texts)),
    )
    built = texts.about.built.format(built=coverage.built_at[:16].replace("T", " "))
    blocks = (f"{covered}\n{_dates(coverage, texts)}", built, _measured(quality, texts.about))
    return Reply(("\n\n".join(blocks),), (home_row(texts),))


def _dates(coverage: coverage_summary.Coverage, texts: Texts) -> str:
    if not coverage.dates:
        return texts.about.no_dates
    return texts.about.dates.format(dates=escape(shortened_names(coverage.dates[:_MOST_DATES], texts)))


def _measured(quality: coverage_summary.Quality | None, texts: AboutTexts) -> str:
    if quality is None:
        return texts.no_measurement
    return texts.measured.format(
        questions=quality.questions,
        day=escape(quality.day),
        commit=escape(quality.commit),
        hit=_percent(quality.first_hit),
        quote=_percent(quality.first_quote),
        wrong_refusals=_percent(quality.wrong_refusals),
        near=_percent(quality.near_answered),
        far=_percent(quality.far_answered),
    )


def _percent(share: coverage_summary.Share | None) -> str:
    """The share with its interval: 91.2% (88-94%)."""
    return "—" if share is None else f"{share.value:.1%} ({100 * share.low:.0f}-{share.high:.0%})"


def forgotten_reply(rows: int, texts: Texts) -> Reply:
    """Confirmation of a deletion with its number of rows."""
    text = texts.about.forgotten.format(rows=rows) if rows else texts.about.nothing_kept
    return Reply((text,), (home_row(texts),))
