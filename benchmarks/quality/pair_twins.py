"""Unanswerable twins of the written pairs, made by exchanging a word of the question or by taking the answer out of the passage.

Each exchange of a place or year also adds the question with the right place or year, so that its mere presence says nothing;
so do the passages that were told an answer, which serve the other questions of their paragraph too.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import jieba.posseg
from opencc import OpenCC

from benchmarks.quality.written_pairs import SENTENCE, Pair, WrittenBulletin

CLAUSE = re.compile(r"[^，。；：！？、,;:!?]+[，。；：！？、,;:!?]?")
CITY = re.compile(r"^([一-鿿]{2,4}?)(?:市|州|地區|地区)：")
YEAR = re.compile(r"20\d\d")
RELATIVE_TIME = re.compile(r"[今去前当當那上]年|年|月|[Ww]h")  # example: 今年; counterexample: 多少
NOUN_FLAGS = frozenset(("n", "ng", "nr", "nz", "vn", "k", "g", "j"))
ASKED_FIGURE = re.compile(r"(?:多少|几)(.?)")  # example: 几座; counterexample: 座位
COUNTED = {  # measure word of a question: nouns that go with it
    "个": "车站 学生 摊位 网站 小组 村庄 家庭 路口 奖杯 岗位 公园 研究生 窗口 水池",
    "座": "桥梁 水塔 戏台 公厕 粮仓 泵站 凉亭 大棚 展馆 码头",
    "家": "医院 银行 工厂 饭店 书店 药店 旅行社 养老院 报社 超市",
    "支": "球队 合唱队 工程队 救援队 乐队 舞龙队 巡逻队",
    "名": "医生 教师 司机 民警 学生 干部 保安 律师 退伍军人 记者",
    "位": "医生 教师 司机 民警 劳模 院士 画家 律师 村支书 教练",
    "条": "公路 热线 街道 河流 渔船 标语 规定 生产线",
    "项": "制度 课题 工程 奖项 专利 指标 活动 测试",
    "件": "文物 提案 案件 作品 衣物 行李 仪器",
    "所": "小学 医院 幼儿园 大学 敬老院 职校",
    "处": "公园 水井 停车场 遗址 工地 隐患 温泉",
    "场": "球赛 讲座 招聘会 音乐会 电影 培训 庙会",
    "户": "商户 牧民 渔民 茶农 军属 低保户",
    "本": "杂志 画册 账本 词典 护照 小说",
    "辆": "公交车 救护车 洒水车 自行车 货车 出租车",
    "部": "电影 手机 法规 纪录片 电话",
    "份": "合同 问卷 报告 订单 协议 简历",
    "次": "会议 演习 检查 比赛 地震 体检",
    "间": "教室 病房 仓库 宿舍 会议室",
    "棵": "果树 松树 银杏 茶树",
}
MEASURES = frozenset(COUNTED)
FEWEST_LEFT = 25  # characters of a passage without its answer; less is no passage a reader would be shown
YEARS = tuple(range(2011, 2027))
_fold = OpenCC("t2s").convert
_unfold = OpenCC("s2t").convert


@dataclass(frozen=True, slots=True)
class Counted:
    """A noun that a question counts: offsets in the question, its words in Simplified characters, its measure word."""

    start: int
    end: int
    noun: str
    measure: str


def twins(bulletins: Sequence[WrittenBulletin], seed: int) -> Iterator[Pair]:
    """All twins of all bulletins in their order; the same seed makes the same ones."""
    rng = random.Random(seed)
    places = tuple(place for bulletin in bulletins for place in bulletin.places)
    names = tuple(name for bulletin in bulletins for name in bulletin.names)
    for bulletin in bulletins:
        for pair in (
            pair for pair in bulletin.pairs if pair.answer is not None and not pair.kind.startswith("told_")
        ):
            yield from _word_exchanged(pair, bulletin.places, places, "place", rng)
            yield from _word_exchanged(pair, bulletin.names, names, "name", rng)
            yield from _place_set_before(pair, places, rng)
            yield from _year_set_before(pair, rng)
            yield from _noun_exchanged(pair, rng)
            yield from _without_answer(pair, SENTENCE, "sentence_deleted")
            yield from _without_answer(pair, CLAUSE, "clause_deleted")
            yield from _other_paragraph(pair, bulletin, rng)
        yield from _beside_told(bulletin.pairs, rng)


def _none(pair: Pair, kind: str, question: str = "", passage: str = "") -> Pair:
    return replace(
        pair,
        identity=f"{pair.identity}-{kind}",
        question=question or pair.question,
        passage=passage or pair.passage,
        start=-1,
        end=-1,
        kind=f"twin_{kind}",
    )


def _foreign(words: Sequence[str], pair: Pair, rng: random.Random) -> str:
    """A word that neither the passage, its path nor the question holds, in the script of the passage; "" where there is none."""
    text = _fold(pair.passage + "".join(pair.path) + pair.question)
    foreign = [word for word in words if _fold(word) not in text]
    word = str(_fold(rng.choice(foreign))) if foreign else ""
    return word if _fold(pair.passage) == pair.passage else str(_unfold(word))


def _word_exchanged(
    pair: Pair, own: Sequence[str], every: Sequence[str], kind: str, rng: random.Random
) -> Iterator[Pair]:
    """The question with a place or person that it names exchanged."""
    named = [word for word in own if word in pair.question and word not in (pair.answer or "")]
    if named:
        old = max(named, key=len)
        yield _none(pair, f"{kind}_exchanged", pair.question.replace(old, _foreign(every, pair, rng)))


def _place_set_before(pair: Pair, places: Sequence[str], rng: random.Random) -> Iterator[Pair]:
    """The question with the item's city before it, answered as ever, and with another place, answered by none."""
    city = CITY.match(pair.path[1]) if len(pair.path) > 1 else None
    if city and not any(place in pair.question for place in places) and rng.random() < 0.5:
        link = rng.choice(
            ("", "，", "的", "那邊", "這裡，")
            if _fold(pair.passage) != pair.passage
            else ("", "，", "的", "那边", "这里，")
        )
        link = "" if link == "的" and pair.kind not in ("count", "who") else link
        placed = f"{city[1]}{link}{pair.question}"
        yield replace(pair, identity=f"{pair.identity}-placed", question=placed, kind="placed")
        yield _none(pair, "place_before", f"{_foreign(places, pair, rng)}{link}{pair.question}")


def _year_set_before(pair: Pair, rng: random.Random) -> Iterator[Pair]:
    """The question with the year of the answer's sentence, or of the bulletin's title, before it; and with another year."""
    if RELATIVE_TIME.search(pair.question + pair.passage.replace("20", "")) and not YEAR.search(pair.passage):
        return
    stated, titled = set(YEAR.findall(pair.passage)), YEAR.findall(pair.path[0])
    sentence = next(m[0] for m in SENTENCE.finditer(pair.passage) if m.end() > pair.start)
    years = YEAR.findall(sentence) if stated else titled
    if (
        len(set(years)) != 1
        or RELATIVE_TIME.search(pair.question)
        or "年" in (pair.answer or "")
        or len(stated) > 1
    ):
        return
    kind = "year_before" if stated else "titled_year_before"
    other = rng.choice([year for year in YEARS if str(year) not in stated and str(year) not in titled])
    yield replace(
        pair,
        identity=f"{pair.identity}-dated",
        question=f"{years[0]}年{pair.question}",
        kind="dated" if stated else "dated_by_title",
    )
    yield _none(pair, kind, f"{other}年{pair.question}")


def _counted(question: str) -> Counted | None:
    """The noun that a question counts: the words after 多少 or 几 and a measure word."""
    position, asked, measure, start = 0, False, "", -1
    for token in [*jieba.posseg.cut(_fold(question)), jieba.posseg.pair("？", "x")]:
        word, noun = str(token.word), str(token.flag) in NOUN_FLAGS
        if start >= 0 and not noun:
            words = _fold(question)[start:position]
            return Counted(start, position, words, measure) if len(words) > 1 else None
        opening = ASKED_FIGURE.fullmatch(word)
        if opening:
            asked, measure = True, opening[1]
        elif asked and start < 0 and not measure and word in MEASURES:
            measure = word
        elif asked and measure and start < 0 and noun:
            start = position
        elif start < 0:
            asked = False
        position += len(word)
    return None


def _noun_exchanged(pair: Pair, rng: random.Random) -> Iterator[Pair]:
    """The question with the noun it counts exchanged for one of the same measure word that the passage does not hold."""
    noun = _counted(pair.question) if pair.kind == "count" else None
    word = _foreign(COUNTED.get(noun.measure, "").split(), pair, rng) if noun else ""
    if noun and word:
        yield _none(pair, "noun_exchanged", pair.question[: noun.start] + word + pair.question[noun.end :])


def _without_answer(pair: Pair, unit: re.Pattern[str], kind: str) -> Iterator[Pair]:
    """The passage without the sentence or clause that answers, where enough is left and the answer does not stand in it again."""
    kept = "".join(
        m[0] for m in unit.finditer(pair.passage) if m.end() <= pair.start or m.start() >= pair.end
    )
    if len(kept) >= FEWEST_LEFT and pair.answer not in (None, "") and str(pair.answer) not in kept:
        yield _none(pair, kind, passage=kept)


def _other_paragraph(pair: Pair, bulletin: WrittenBulletin, rng: random.Random) -> Iterator[Pair]:
    """Another paragraph of the same item, or of the bulletin where the item has one, that does not hold the answer."""
    near = {
        other.passage: other
        for other in bulletin.pairs
        if other.passage != pair.passage and str(pair.answer) not in other.passage
    }
    same = [passage for passage, other in near.items() if other.path[:2] == pair.path[:2]]
    chosen = rng.choice(same or list(near))
    yield replace(
        _none(pair, "other_paragraph" if same else "other_item", passage=chosen), path=near[chosen].path
    )


def _beside_told(pairs: Sequence[Pair], rng: random.Random) -> Iterator[Pair]:
    """Passages that were told the answer of one question, asked another: a near miss of another kind, or one with an answer."""
    for near, told in itertools.pairwise(pairs):
        if told.identity != f"{near.identity}-told":
            continue
        kind = told.kind.removeprefix("told_")
        others = [pair for pair in pairs if pair.passage == near.passage and not pair.kind.endswith(kind)]
        missed = [pair for pair in others if pair.answer is None]
        if missed:
            other = rng.choice(missed)
            yield replace(
                _none(other, "told_other", passage=told.passage), identity=f"{told.identity}-{other.identity}"
            )
        answered = [
            pair for pair in others if pair.answer is not None and told.passage.count(pair.answer) == 1
        ]
        if answered:
            other = rng.choice(answered)
            start = told.passage.index(str(other.answer))
            identity = f"{told.identity}-{other.identity}"
            yield replace(
                other,
                identity=identity,
                passage=told.passage,
                start=start,
                end=start + len(str(other.answer)),
                kind="told_beside",
            )
