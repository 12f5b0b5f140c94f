"""Replies for admins: progress and result of a rebuild, statistics, preview of an upload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from bot.locales import AdminTexts
from bot.operations import rebuild_subprocess, statistics, uploads
from bot.output import finding_text
from bot.replies import callback_data
from bot.replies.markup import Button, Reply, clip, escape
from bot.state import answer_stats, records
from retrieval.types import Passage, Reading

_BAR_WIDTH = 10
_LONGEST_LINE = 120
_MOST_LINES = 20
_MOST_FINDINGS = 5
_LONGEST_REASON = 600


def stage_text(
    stage: str, done: int, total: int, texts: AdminTexts, *, seconds_left: float | None = None
) -> str:
    """Progress of a stage of a rebuild, with a bar if `total` is known and the time left if given."""
    filled = _BAR_WIDTH * done // total if total else 0
    bar = f"{'▓' * filled}{'░' * (_BAR_WIDTH - filled)} {done}/{total}" if total else "…"
    left = "" if seconds_left is None else texts.rebuild_left.format(time=_time_left(seconds_left, texts))
    return texts.rebuild_stage.format(stage=escape(texts.stages.get(stage, stage)), bar=bar, left=left)


def _time_left(seconds: float, texts: AdminTexts) -> str:
    """Duration in words: below 100 seconds rounded to 5 seconds, above to minutes."""
    if seconds < 100:
        return texts.seconds.format(count=max(5, 5 * round(seconds / 5)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return texts.minutes.format(count=minutes)
    return texts.hours.format(hours=minutes // 60, minutes=minutes % 60)


def built_text(summary: rebuild_subprocess.BuildSummary, texts: AdminTexts) -> str:
    """Result of a rebuild: passages added, changed and removed, for each place with changes."""
    lines = [
        f"• {escape(clip(change.place or '—', _LONGEST_LINE))} +{change.added} ~{change.changed} -{change.removed}"
        for change in summary.changes
        if change.added or change.changed or change.removed
    ]
    blocks = [texts.rebuild_done.format(passages=summary.passages, generation=escape(summary.generation))]
    blocks.append("\n".join(_shortened(lines, texts)) if lines else texts.rebuild_nothing_new)
    if summary.findings:
        blocks.append(texts.rebuild_findings.format(count=summary.findings))
    if summary.left_out:
        blocks.append(_left_out(summary.left_out, texts))
    return "\n\n".join(blocks)


def failed_text(template: str, reason: str) -> str:
    """The error message for a failure, with the reason filled in."""
    return template.format(reason=escape(clip(reason, _LONGEST_REASON)))


def stats_reply(figures: statistics.Statistics, texts: AdminTexts) -> Reply:
    """Statistics: outcomes and verdicts of the last days; memory, uptime and index now."""
    outcomes = figures.outcomes
    text = texts.stats.format(
        days=statistics.DAYS,
        questions=outcomes.questions,
        outcomes="\n".join(_outcome_lines(outcomes, texts)) or texts.no_times,
        median=_time(outcomes.median_ms, texts),
        slow=_time(outcomes.slow_ms, texts),
        good=figures.verdicts[records.Verdict.GOOD],
        bad=figures.verdicts[records.Verdict.BAD],
        wrong=figures.verdicts[records.Verdict.WRONG_CITATION],
        memory=f"{figures.memory_bytes / 2**20:.0f} MB",
        uptime=_duration(figures.uptime_seconds),
        generation=escape(figures.generation),
        passages=figures.passages,
        built=f"{figures.built_at[:16].replace('T', ' ')} UTC",
    )
    return Reply((text,))


def _outcome_lines(outcomes: answer_stats.Outcomes, texts: AdminTexts) -> Iterator[str]:
    for outcome, count in outcomes.counts.items():
        yield f"• {escape(texts.outcomes.get(outcome, outcome))} {count} ({count / outcomes.questions:.0%})"


def _time(milliseconds: float | None, texts: AdminTexts) -> str:
    if milliseconds is None:
        return texts.no_times
    return f"{milliseconds / 1000:.1f} s" if milliseconds >= 1000 else f"{milliseconds:.0f} ms"


def _duration(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes // 1440}d {minutes // 60 % 24}h {minutes % 60}m"


def upload_reply(
    upload: uploads.Upload, reading: Reading, known: int, rival: uploads.Placing | None, texts: AdminTexts
) -> Reply:
    """Preview of an uploaded file, and buttons to add it.

    `known` is the number of its passages that the index already has. `rival` says what a bulletin file of the same name
    calls for: REPLACE if its content differs, CANCEL if it is identical, None if there is no such file.
    """
    name = escape(upload.name)
    blocks = [_heading(name, reading.passages, texts), "\n".join(_shortened(list(_outline(reading)), texts))]
    if not reading.passages:
        blocks = [texts.upload_unreadable.format(name=name)]
    elif known:
        blocks.append(texts.upload_known.format(known=known))
    if reading.findings:
        blocks.append(_findings(reading, texts))
    if reading.left_out:
        blocks.append(_left_out(reading.left_out_counts, texts))
    if rival is uploads.Placing.REPLACE:
        blocks.append(texts.upload_exists)
    if rival is uploads.Placing.CANCEL:
        blocks.append(texts.upload_same)
    can_add = bool(reading.passages) and rival is not uploads.Placing.CANCEL
    return Reply(("\n\n".join(blocks),), _upload_rows(upload, rival, texts) if can_add else ())


def _upload_rows(
    upload: uploads.Upload, rival: uploads.Placing | None, texts: AdminTexts
) -> tuple[tuple[Button, ...], ...]:
    def button(label: str, placing: uploads.Placing) -> Button:
        return Button(label, callback_data.places_upload(placing, upload.upload_id))

    cancel = (button(texts.cancel, uploads.Placing.CANCEL),)
    if rival:
        return (
            (button(texts.replace, uploads.Placing.REPLACE), button(texts.keep_both, uploads.Placing.BESIDE)),
            cancel,
        )
    return ((button(texts.add, uploads.Placing.NEW),), cancel)


def _heading(name: str, passages: Sequence[Passage], texts: AdminTexts) -> str:
    return texts.upload_preview.format(
        name=name,
        bulletins=len({(passage.file, passage.bulletin) for passage in passages}),
        places=len({passage.place_name for passage in passages if passage.place_name}),
        passages=len(passages),
    )


def _outline(reading: Reading) -> Iterator[str]:
    """A line for each bulletin, followed by a line for each of its places with the outermost sections."""
    by_bulletin = groupby(
        reading.passages, key=lambda passage: (passage.file, passage.bulletin, passage.bulletin_title)
    )
    for (_, label, title), in_bulletin in by_bulletin:
        heading = title if label in title else f"{label} {title}"
        yield f"<b>{escape(clip(heading, _LONGEST_LINE))}</b>"
        for place, at_place in groupby(in_bulletin, key=lambda passage: passage.place_name):
            sections = dict.fromkeys(
                passage.section_path[0].full for passage in at_place if passage.section_path
            )
            path = "・".join([place or "—", *sections])
            yield f"• {escape(clip(path, _LONGEST_LINE))}"


def _findings(reading: Reading, texts: AdminTexts) -> str:
    lines = [
        f"• {escape(clip(finding_text(finding), _LONGEST_LINE))}"
        for finding in reading.findings[:_MOST_FINDINGS]
    ]
    return "\n".join([texts.upload_findings.format(count=len(reading.findings)), *lines])


def _left_out(counts: Mapping[str, int], texts: AdminTexts) -> str:
    reasons = texts.left_out_separator.join(
        f"{texts.left_out_reasons.get(reason, reason)} {count}" for reason, count in counts.items()
    )
    return texts.left_out.format(count=sum(counts.values()), reasons=reasons)


def _shortened(lines: Sequence[str], texts: AdminTexts) -> list[str]:
    left_out = len(lines) - _MOST_LINES
    more = [texts.upload_more.format(count=left_out)] if left_out > 0 else []
    return [*lines[:_MOST_LINES], *more]


def upload_placed_reply(name: str, texts: AdminTexts) -> Reply:
    """Confirmation that a file was added to the bulletins, with a button that rebuilds."""
    text = texts.upload_placed.format(name=escape(name))
    return Reply((text,), ((Button(texts.rebuild_now, callback_data.REBUILD_DATA),),))
