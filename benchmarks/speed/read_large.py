"""Reads a generated text of 20 MB and smaller ones: `python -m benchmarks.speed.read_large [MEGABYTES]`.

Shows that the time is linear in the length: seconds per megabyte stay the same.
"""

from __future__ import annotations

import sys
import time
from itertools import count

from retrieval.reading.formats.loader import read_content
from retrieval.reading.structure.bulletin_parser import outline_document, paragraphs_of

_PLACES = (
    "上海市文明办",
    "江苏南京",
    "安徽合肥包河区",
    "四川成都",
    "辽宁省大连市",
    "江西瑞金",
    "黑龙江省海林市",
)
_SENTENCE = (
    "坚持以人民为中心,组织志愿者走进社区、学校、企业,开展宣讲、义诊、助老等活动{}场次,受益群众{}人次。"
)


def text_of(megabytes: float) -> str:
    """Bulletins in one text of about this size in UTF-8."""
    parts: list[str] = []
    size, target = 0, megabytes * 1_000_000
    for number in count(1):
        part = _bulletin(number)
        parts.append(part)
        size += len(part.encode())
        if size >= target:
            return "".join(parts)
    raise AssertionError


def _bulletin(number: int) -> str:
    lines = [
        f"精神文明建设工作简报 篇{number % 900 + 1}",
        f"{_PLACES[number % len(_PLACES)]}开展第{number}次文明实践活动。",
    ]
    for label in "一二三四":
        body = "".join(_SENTENCE.format(number + step, number * 7 + step) for step in range(6))
        lines += [f"{label}、做好第{label}项工作", f"{body}一是抓机制,{body}二是抓阵地,{body}"]
    return "\n\n".join(lines) + "\n\n"


def main() -> int:
    largest = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    outline_document(read_content(b"x", "warm.txt"))
    for megabytes in (largest / 16, largest / 4, largest):
        content = text_of(megabytes).encode()
        start = time.perf_counter()
        outline = outline_document(read_content(content, "large.txt"))
        took = time.perf_counter() - start
        passages = sum(1 for _ in paragraphs_of(outline))
        size = len(content) / 1e6
        print(f"{size:6.2f} MB  {passages:7d} passages  {took:6.2f} s  {took / size:.2f} s/MB")
    return 0 if took < 60 else 1


if __name__ == "__main__":
    sys.exit(main())
