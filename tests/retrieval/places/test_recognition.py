"""Which places a text names, and which it only seems to name."""

from __future__ import annotations

import pytest

from retrieval.places.aliases import ABBREVIATIONS, CITY_ABBREVIATIONS, NICKNAMES, latin_names
from retrieval.places.display import display_place
from retrieval.places.gazetteer import divisions
from retrieval.places.name_candidates import may_open_with_place
from retrieval.places.recognition import find_places
from retrieval.types import Reading

_LISTED = (
    "大方 和平 文明 東方少年網 高中 朝阳 鼓楼 鼓樓區 成都.mp3 《成都》 上海大众汽车有限公司 南京东路 北京大学 孙中山 "
    "张海林同志 各位来宾 发展中山区经济 平安建设 人民公安 阿里巴巴 大同小异 高新区 城区 市中区 澄江街道 東京 印度尼西亚 "
    "国家级开发区 各地园区 打造新区 哪个园区 两江四湖 湘江岸边"
)
LOOKALIKES = _LISTED.split()


def named(text: str) -> list[str]:
    return [mention.code for mention in find_places(text)]


@pytest.mark.parametrize(
    "text",
    LOOKALIKES,
)
def test_what_only_looks_like_a_place_is_none(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("瑞金", "360781"),
        ("包河", "340111"),
        ("海林", "231083"),
        ("吉林", "220000"),
        ("吉林市", "220200"),
        ("吉林省吉林市", "220200"),
        ("海南", "460000"),
        ("海南藏族自治州", "632500"),
        ("青海海南州", "632500"),
        ("北京朝陽區", "110105"),
        ("長春朝陽區", "220104"),
        ("安徽·合肥", "340100"),
        ("臺北市", "830100"),
        ("中国香港", "810000"),
        ("内蒙古自治区呼和浩特市", "150100"),
        ("新疆伊犁哈萨克自治州伊宁市", "654002"),
        ("上海市民", "310000"),
        ("其中山东省", "370000"),
        ("在沪企业", "310000"),
        ("鹏城", "440300"),
        ("Beijing", "110000"),
        ("Shaanxi", "610000"),
        ("Shanxi", "140000"),
        ("Inner Mongolia", "150000"),
        ("Hong Kong", "810000"),
        ("What did Ruijin do?", "360781"),
        ("Taiwan", "830000"),
        ("Xi'an", "610100"),
        ("Xi\u2019an", "610100"),
        ("穗有什麼志願服務", "440100"),
        ("江城的志願者", "420100"),
        ("云南江城县", "530826"),
        ("沙县", "350405"),
        ("沙縣區", "350405"),
        ("龍海市", "350604"),
        ("江干區", "330102"),
        ("臨平區", "330113"),
        ("錯那縣", "540581"),
        ("乾縣", "610424"),
        ("雄安", "13雄安新区"),
        ("四川天府新區", "51天府新区"),
        ("兩江新區", "500157"),
        ("合肥市高新技術產業開發區", "3401高新技术产业开发区"),
        ("合肥包河經開區", "340111经开区"),
        ("武漢東湖高新區", "4201东湖高新区"),
        ("濱湖新區", "00滨湖新区"),
        ("長沙望城經開區", "430112经开区"),
    ],
)
def test_a_place_is_found_by_any_of_its_names(text: str, code: str) -> None:
    assert named(text) == [code]


def test_every_other_name_is_of_a_division_that_is_known() -> None:
    codes = {*NICKNAMES.values(), *ABBREVIATIONS.values(), *CITY_ABBREVIATIONS.values()}
    assert codes <= divisions().keys()
    assert {code for code in latin_names().values() if code} <= divisions().keys()


def test_a_name_that_several_places_bear_counts_where_the_context_decides() -> None:
    assert named("鼓楼区") == []
    assert named("南京的鼓楼区和玄武区") == ["320100", "320106", "320102"]


def test_a_place_is_filled_in_from_what_the_text_names() -> None:
    text = "安徽合肥包河區打造社區"
    place = display_place(find_places(text)[0], text)
    assert (place.name, place.province, place.city, place.district) == (
        "安徽合肥包河區",
        "安徽省",
        "合肥市",
        "包河區",
    )


def test_full_names_are_shown_short_unless_that_names_another_place() -> None:
    def shown(text: str) -> str:
        return display_place(find_places(text)[0], text).name

    assert shown("遼寧省大連市") == "遼寧大連"
    assert shown("海林市") == "海林"
    assert shown("吉林市") == "吉林市"


def test_latin_letters_do_not_make_a_simplified_text_traditional() -> None:
    text = "浙江湖州承办G20活动"
    assert display_place(find_places(text)[0], text).province == "浙江省"
    text = "广东广州举办AI论坛"
    assert display_place(find_places(text)[0], text).province == "广东省"


def test_a_place_stands_at_the_beginning_only_where_one_may(seed_reading: Reading) -> None:
    texts = [
        passage.text[start : start + 80] for passage in seed_reading.passages for start in range(0, 200, 3)
    ]
    texts += [
        *NICKNAMES,
        *ABBREVIATIONS,
        *CITY_ABBREVIATIONS,
        *latin_names(),
        *(division.name for division in divisions().values()),
    ]
    for text in texts:
        mentions = find_places(text)
        assert may_open_with_place(text) or not mentions or mentions[0].start > 0, text
    slices = texts[: 60 * len(seed_reading.passages)]
    assert sum(map(may_open_with_place, slices)) < len(slices) / 2


@pytest.mark.parametrize(
    ("text", "name"),
    [("上海市民修身手冊", "上海"), ("南京市民", "南京"), ("長沙市民政局", "長沙市"), ("南京市区", "南京市")],
)
def test_the_people_of_a_city_are_told_from_its_offices(text: str, name: str) -> None:
    (place,) = find_places(text)
    assert text[place.start : place.end] == name
