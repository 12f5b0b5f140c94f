"""Compares detectors of encodings on short Chinese texts: `python -m benchmarks.quality.short_texts [CUTS]`.

Random cuts of the bulletins and fixtures, of 4 to 40 characters, encoded as GB18030 in both scripts and as Big5, without
digits and Latin letters alone. `chardet` and `charset_normalizer` are compared where they are installed.
"""

from __future__ import annotations

import importlib
import random
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import opencc

from retrieval.reading.lines import encodings

ROOT = Path(__file__).parents[2]
LENGTHS = (4, 8, 16, 40)
_CHINESE = re.compile("[一-鿿]")

Decoder = Callable[[bytes], str | None]


def decoders() -> Iterator[tuple[str, Decoder]]:
    """Our own, and those that are installed."""
    yield "own", _own
    for name in ("chardet", "charset_normalizer"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        yield name, _detecting(module.detect)


def _own(content: bytes) -> str | None:
    decoded = encodings.decode(content)
    return decoded.text if decoded else None


def _detecting(detect: Callable[[bytes], object]) -> Decoder:
    def decode(content: bytes) -> str | None:
        found = detect(content)
        encoding = found.get("encoding") if isinstance(found, dict) else None
        try:
            return content.decode(encoding) if isinstance(encoding, str) else None
        except (LookupError, UnicodeDecodeError):
            return None

    return decode


def cuts(count: int, length: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Pairs of an encoding and a text of that length that it can hold, half of whose characters are Chinese."""
    text = "".join(
        path.read_text(encoding="utf-8", errors="ignore")
        for path in sorted((ROOT / "data" / "bulletins").glob("*.txt"))
    )
    plain = re.sub(r"\s+", "", text)
    scripts = {"t": plain, "s": opencc.OpenCC("t2s").convert(plain)}
    chance = random.Random(seed)
    kinds = (("gb18030", "s"), ("gb18030", "t"), ("big5", "t"))
    for number in range(count * 50):
        encoding, script = kinds[number % len(kinds)]
        start = chance.randrange(len(plain) - length)
        cut = scripts[script][start : start + length]
        if len(_CHINESE.findall(cut)) * 2 > length and _holds(encoding, cut):
            yield f"{encoding}-{script}", cut
            count -= 1
        if not count:
            return


def _holds(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def main() -> None:
    """Prints, for each decoder and length, the share that comes back unchanged, by encoding."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    for name, decode in decoders():
        for length in LENGTHS:
            right: dict[str, list[bool]] = {}
            for kind, text in cuts(count, length):
                right.setdefault(kind, []).append(decode(text.encode(kind.split("-")[0])) == text)
            shown = ", ".join(f"{kind} {sum(of) / len(of):.2f}" for kind, of in sorted(right.items()))
            print(f"{name}, {length} characters: {shown}")


if __name__ == "__main__":
    main()
