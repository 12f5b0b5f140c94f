"""Scores of recognised lines against the characters wrong in them: `python -m benchmarks.quality.read_scans`.

A page of a PDF with a text layer is rendered at 200 dots an inch, made worse step by step (smaller, blurred, noisy), and
recognised. Each line is compared with the printed line that is nearest to it. Needs the extra `ocr`.
"""

from __future__ import annotations

import difflib
import io
import itertools
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

from retrieval.reading.formats.loader import read_content
from retrieval.reading.formats.scans.engine import page_part, recognize_into_folder

PAGE = (
    Path(__file__).parents[2]
    / "tests"
    / "retrieval"
    / "reading"
    / "formats"
    / "handed"
    / "suzhou_libreoffice.pdf"
)
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
_STEPS = (
    (1.0, 0.0, 8),
    (0.5, 0.6, 20),
    (0.35, 0.8, 30),
    (0.3, 0.8, 40),
    (0.25, 0.8, 40),
    (0.22, 0.8, 50),
    (0.18, 0.6, 50),
)
"""Size, blur in pixels and noise of each step."""


def main() -> None:
    """Prints, for each range of scores, the number of lines and the share of wrong characters."""
    text = "".join(line.text for line in read_content(PAGE.read_bytes(), "a.pdf").lines).replace(
        "\uff0c", ","
    )
    scored = [(score, wrong_share(line.replace("\uff0c", ","), text)) for line, score in recognized()]
    for low, high in itertools.pairwise(BINS):
        shares = [share for score, share in scored if low <= score < high]
        if shares:
            print(
                f"score {low:.2f} to {high:.2f}: {len(shares)} lines, {np.mean(shares):.3f} of the characters wrong"
            )


def recognized() -> Iterator[tuple[str, float]]:
    """Text and score of each line of all steps."""
    sharp = pypdfium2.PdfDocument(PAGE)[0].render(scale=200 / 72).to_pil().convert("L")
    chance = np.random.default_rng(7)
    for size, blur, noise in _STEPS:
        small = sharp.resize((int(sharp.width * size), int(sharp.height * size))).filter(
            ImageFilter.GaussianBlur(blur)
        )
        pixels = np.asarray(small, float) + chance.normal(0, noise, (small.height, small.width))
        page = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).resize(sharp.size)
        stream = io.BytesIO()
        page.save(stream, "PDF", resolution=200)
        with tempfile.TemporaryDirectory() as folder:
            recognize_into_folder(json.dumps([folder, [0]]).encode() + b"\n" + stream.getvalue())
            for text, score, _ in json.loads((Path(folder) / page_part(0)).read_bytes())[2]:
                yield text, score


def wrong_share(line: str, text: str) -> float:
    """The share of the characters of a line that do not stand, in order, in the part of the text nearest to it."""
    matcher = difflib.SequenceMatcher(a=text, b=line, autojunk=False)
    match = matcher.find_longest_match()
    start = max(match.a - match.b, 0)
    nearest = difflib.SequenceMatcher(a=text[start : start + len(line) + 2], b=line, autojunk=False)
    return 1 - sum(block.size for block in nearest.get_matching_blocks()) / max(len(line), 1)


if __name__ == "__main__":
    main()
