"""Plot of the growth of search as SVG: time, memory and disk over the number of passages, both axes logarithmic."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_WIDTH, _HEIGHT = 300, 260
_LEFT, _TOP, _BOTTOM, _RIGHT = 52, 44, 40, 14
_STYLE = (
    "text{font:12px 'Helvetica Neue',Arial,sans-serif;fill:#555}.title{font-weight:600;fill:#222}"
    ".grid{stroke:#ddd}.goal{stroke:#c0392b;stroke-dasharray:4 3}.goal-name{fill:#c0392b}"
)
_COLOURS = ("#1f77b4", "#9aa5b1")


@dataclass(frozen=True, slots=True)
class _Panel:
    """One measure: lines by name, and the goal at a million."""

    title: str
    lines: Mapping[str, Sequence[float]]
    goal: float
    unit: str


def draw_growth(sizes: Mapping[str, Mapping[str, Any]]) -> str:
    """The figures of `results/million.json`, by size, as an SVG file."""
    counts = [int(size) for size in sizes]
    searched = [figures["searched"] for figures in sizes.values()]
    panels = (
        _Panel(
            "search within a place, ms",
            {
                name: [figures["within a place"][f"{name} ms"] for figures in searched]
                for name in ("p95", "p50")
            },
            20,
            "p50",
        ),
        _Panel("resident, MB", {"": [figures["resident MB"] for figures in searched]}, 3072, "3 GB"),
        _Panel("on disk, MB", {"": [figures["disk MB"] for figures in searched]}, 4096, "4 GB"),
    )
    drawn = "".join(
        f'<g transform="translate({_WIDTH * number},0)">{_draw(panel, counts)}</g>'
        for number, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH * len(panels)} {_HEIGHT}" role="img">'
        f"<title>How search grows with the number of passages</title><style>{_STYLE}</style>"
        f'<rect width="100%" height="100%" fill="#fff"/>{drawn}</svg>\n'
    )


def _draw(panel: _Panel, counts: Sequence[int]) -> str:
    values = [value for line in panel.lines.values() for value in line] + [panel.goal]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))

    def x(count: float) -> float:
        first, last = math.log10(counts[0]), math.log10(max(counts[-1], counts[0] * 10))
        return _LEFT + (math.log10(count) - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        share = (math.log10(value) - low) / (high - low)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    parts = [f'<text class="title" x="{_LEFT}" y="22">{panel.title}</text>']
    for power in range(low, high + 1):
        height = y(10.0**power)
        parts.append(f'<path class="grid" d="M{_LEFT} {height:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{height + 4:.1f}" text-anchor="end">{10**power:,}</text>')
    parts.extend(
        f'<text x="{x(count):.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{_short(count)}</text>'
        for count in counts
    )
    height = y(panel.goal)
    parts.append(f'<path class="goal" d="M{_LEFT} {height:.1f}H{_WIDTH - _RIGHT}"/>')
    parts.append(
        f'<text class="goal-name" x="{_LEFT + 4}" y="{height - 5:.1f}">goal: {panel.unit or panel.goal}</text>'
    )
    for colour, (name, line) in zip(_COLOURS[: len(panel.lines)][::-1], panel.lines.items(), strict=True):
        points = [(x(count), y(value)) for count, value in zip(counts, line, strict=True)]
        path = " ".join(f"{across:.1f},{up:.1f}" for across, up in points)
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{path}"/>')
        parts.extend(
            f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3" fill="{colour}"/>' for across, up in points
        )
        across, up = points[-1]
        parts.append(f'<text x="{across:.1f}" y="{up - 8:.1f}" text-anchor="end">{name} {line[-1]:g}</text>')
    return "".join(parts)


def _short(count: int) -> str:
    return f"{count // 1_000_000}M" if count >= 1_000_000 else f"{count // 1000}k"
