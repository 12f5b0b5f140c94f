"""Cost of a rebuild after one change, of many files: `python -m benchmarks.scale.rebuild_large [FILES]`.

With the bundled model, and with a question about every seventh file, so that the figures include the gate. Shows the
cost of a rebuild after one change beside that of a full one, and what a full one spends outside embedding.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.rebuilds import record
from bot.operations.rebuilding import build, load_configured_encoder
from bot.settings import Settings
from retrieval.building.reports import BuildReport
from retrieval.index.generations import load_serving
from retrieval.types import Encoder

_PLACES = (
    "上海",
    "江蘇南京",
    "湖南長沙",
    "四川成都",
    "山東日照",
    "安徽合肥包河區",
    "江西瑞金",
    "北京",
    "浙江",
    "重慶",
)
_THINGS = ("手冊", "書包", "橫幅", "雨傘", "燈籠", "春聯", "月餅", "圖書", "口罩", "種子", "郵票")
_ASKED_EVERY = 7


def main() -> int:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder), files)
        start = time.perf_counter()
        encoder = load_configured_encoder(settings)
        encoder.encode_passages(["warm"])
        loading_model = time.perf_counter() - start
        full, full_seconds = _timed(settings, encoder)
        _write(settings.bulletins_dir, files // 2, "這一句是後來加上的。")
        start = time.perf_counter()
        load_serving(settings.index_dir, encoder.name)
        loading_index = time.perf_counter() - start
        changed, changed_seconds = _timed(settings, encoder)
    figures = _figures(full, full_seconds, changed, changed_seconds)
    loading = {"loading the model": round(loading_model, 1), "loading the index": round(loading_index, 2)}
    record("rebuild_large", {"files": files, **figures, **loading})
    share = (changed_seconds - loading_index) / full_seconds
    return 0 if share <= 0.03 and changed.embedded == 1 and _outside(full, full_seconds) <= 0.1 else 1


def _figures(
    full: BuildReport, full_seconds: float, changed: BuildReport, seconds: float
) -> dict[str, object]:
    gate = full.gate
    return {
        "passages": full.passages,
        "full": round(full_seconds, 1),
        "full by stage": full.seconds,
        "outside embedding": round(_outside(full, full_seconds), 4),
        "one file changed": round(seconds, 2),
        "one file changed by stage": changed.seconds,
        "passages embedded": changed.embedded,
        "share of the full one": round(seconds / full_seconds, 4),
        "questions of the gate": len(gate.outcomes) if gate else 0,
    }


def _outside(report: BuildReport, seconds: float) -> float:
    return 1 - report.seconds["embedding"] / seconds


def _timed(settings: Settings, encoder: Encoder) -> tuple[BuildReport, float]:
    start = time.perf_counter()
    report = build(settings, encoder=encoder)
    return report, time.perf_counter() - start


def _settings(folder: Path, files: int) -> Settings:
    (folder / "bulletins").mkdir()
    for number in range(files):
        _write(folder / "bulletins", number)
    questions = [
        json.dumps(_question(number), ensure_ascii=False) for number in range(0, files, _ASKED_EVERY)
    ]
    (folder / "questions.jsonl").write_text("\n".join(questions) + "\n", encoding="utf-8")
    return Settings(
        bulletins_dir=folder / "bulletins",
        index_dir=folder / "index",
        development_questions=folder / "questions.jsonl",
    )


def _write(folder: Path, number: int, more: str = "") -> None:
    place, thing = _PLACES[number % len(_PLACES)], _THINGS[number % len(_THINGS)]
    text = (
        f"精神文明建設工作簡報 篇{number + 1}\n\n"
        f"{place}開展第{number}次文明實踐活動,組織志願者走進社區、學校、企業。\n\n"
        f"一、送去{thing}\n\n"
        f"第{number}次活動共發放{thing}{number * 7 + 3}份,受益群眾{number * 13 + 5}人次。居民們說,志願者第{number}次"
        f"把{thing}送到家門口,心裡很溫暖。媒體報道{number % 90 + 1}篇,點擊量達到{number * 3 + 7}萬次。\n\n"
        f"二、形成長效機制\n\n"
        f"下一步,{place}將把第{number}次活動的做法推廣到全部街道,讓志願服務成為風尚。{more}"
        f"各街道已經報名{number * 5 + 9}支隊伍,計劃在年內再辦{number % 30 + 2}場。\n"
    )
    (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")


def _question(number: int) -> dict[str, object]:
    place, thing = _PLACES[number % len(_PLACES)], _THINGS[number % len(_THINGS)]
    gold = {"bulletin": f"篇{number + 1}", "place": place, "answer": f"{number * 7 + 3}份"}
    text = f"{place}第{number}次文明實踐活動發放了多少份{thing}?"
    return {"id": f"q{number}", "q": text, "type": "number", "gold": [gold]}


if __name__ == "__main__":
    sys.exit(main())
