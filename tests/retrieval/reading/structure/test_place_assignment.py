"""Each paragraph of a digest gets the place that it names, and none that only stands before it."""

from __future__ import annotations

import opencc
import pytest

from retrieval.reading.formats.loader import read_content
from retrieval.reading.structure.bulletin_parser import outline_document, paragraphs_of
from retrieval.types import Place

Row = tuple[str, str | None]

DIGEST: tuple[Row, ...] = (
    ("四川推行村晚直播，二十一个县的舞台同步开演。", "四川"),
    ("桦川县博物馆把展板搬进集市，三天接待观众两千人。", "桦川"),
    ("贵安新区在机房旁建起夜读驿站六处。", "贵安新区"),
    ("湖南湘江新区组织楼道议事会一百二十场。", "湖南湘江新区"),
    ("合肥高新区开设职工夜校，报名一千人。", "合肥高新区"),
    ("滨湖新区把阅读亭修到环湖步道上。", "滨湖新区"),
    ("武汉东湖新技术开发区举办开放日十二场。", "武汉东湖新技术开发区"),
    ("上海临港新片区试行错时停车。", "上海临港新片区"),
    ("杭州市临平区评选好邻居三十户。", "杭州临平区"),
    ("福建三明沙县区办起小吃夜校。", "福建三明沙县区"),
    ("敦煌研究院讲解员走进十所小学。", "敦煌"),
    ("大连理工大学志愿队为渔村安装路灯。", "大连"),
    ("新疆生产建设兵团第一师开展垦荒故事巡讲。", "新疆生产建设兵团"),
    ("石河子市上线便民地图。", "石河子"),
    ("天津滨海新区整治楼道杂物。", "天津滨海新区"),
    ("南京市江宁开发区设立新市民书屋。", "南京江宁开发区"),
    ("浙江以微改造擦亮老街巷。", "浙江"),
    ("海南各地把文明劝导岗设在渡口。", "海南"),
    ("青岛西海岸新区建成口袋公园四十座。", "青岛西海岸新区"),
    ("长沙望城经济技术开发区收集金点子三百条。", "长沙望城经济技术开发区"),
    ("横州市发放茉莉花主题公益海报。", "横州"),
    ("偃师区修缮村史馆十二处。", "偃师区"),
    ("重庆两江新区培训楼栋长八百人。", "重庆两江新区"),
    ("四川天府新区推出十五分钟文化圈地图。", "四川天府新区"),
    ("湖北省图书馆延长夜间开放时间。", "湖北"),
    ("河北雄安新区为建设者放映电影百场。", "河北雄安新区"),
    ("西咸招募古渡讲解员九十名。", "西咸"),
    ("芜湖市三山经开区试点垃圾不落地。", "芜湖三山经开区"),
    ("横琴粤澳深度合作区举行两地青年合唱节。", "横琴粤澳深度合作区"),
    ("白杨市首次举行开镰节。", "白杨"),
    ("广西横县编印茉莉花童谣。", "广西横县"),
    ("黑龙江垦区收到家书二千封。", "黑龙江垦区"),
    ("西藏自治区米林市印制双语手册。", "西藏米林"),
    ("吉林长白山保护开发区招募巡山志愿者。", "吉林长白山保护开发区"),
    ("国家图书馆开放夜间阅览室。", None),
    ("河南郑州航空港区改造公交站台。", "河南郑州航空港区"),
    ("东北林业大学种植校友林。", None),
    ("陕西杨凌示范区举办农民诗会。", "陕西杨凌示范区"),
    ("北京经济技术开发区开展机器人进社区活动。", "北京经济技术开发区"),
    ("故宫博物院推出无障碍导览。", None),
    ("厦门火炬高新区上线技能地图。", "厦门火炬高新区"),
    ("苏州工业园区评出友善商户百家。", "苏州工业园区"),
)
"""Items of one paragraph each, one after another, in a file that names no place."""

CITY: tuple[Row, ...] = (
    ("芜湖市今年改造背街小巷五十条。", "芜湖"),
    ("高新区在园区食堂设公益书架。", "高新区"),
    ("各开发区同步开展清洁行动。", "芜湖"),
    ("国家级园区建设顺利。", "芜湖"),
    ("镜湖区举办社区运动会。", "镜湖区"),
    ("园区企业捐书三千册。", "芜湖"),
    ("上海话培训班不设门槛。", "芜湖"),
    ("北京时间八点，全市同时开读。", "芜湖"),
)
"""A bulletin of a city."""

REPORT: tuple[Row, ...] = (
    ("宿迁市今年建成文明实践站点八十个。", "宿迁"),
    ("一、县区动态", None),
    ("宿豫区把流动书车开到田头。", "宿豫区"),
    ("洋河新区组织职工慰问老人三百户。", "洋河新区"),
    ("经开区设立骑手驿站。", "经开区"),
    ("上海志愿者应邀来宿交流。", "宿迁"),
    ("市图书馆延长开放时间。", "宿迁"),
    ("二、外地经验", None),
    ("四川实行积分超市，兑换物品一万件。", "四川"),
    ("浙江义乌推出商户道德银行。", "浙江义乌"),
    ("贵安新区开办夜校。", "贵安新区"),
)
"""A report of a city in two sections; the rows with a number are their headings."""


def places_of(text: str) -> list[Place | None]:
    outline = outline_document(read_content(text.encode(), "x.txt"))
    return [paragraph.place for _, paragraph in paragraphs_of(outline)]


def names_of(rows: tuple[Row, ...], title: str, script: str) -> list[tuple[str, str | None, str | None]]:
    """Of the rows whose paragraph got another name than it should: its beginning, that name and the one it should get."""
    convert = opencc.OpenCC("s2t").convert if script == "Traditional" else str
    text = "\n".join(convert(line) for line in (title, *(text for text, _ in rows)))
    names = [place.name if place else None for place in places_of(text)]
    assert len(names) == len(rows)
    expected = [convert(name) if name else None for _, name in rows]
    return [
        (text[:8], name, right)
        for (text, _), name, right in zip(rows, names, expected, strict=True)
        if name != right
    ]


@pytest.mark.parametrize("script", ["Simplified", "Traditional"])
@pytest.mark.parametrize("order", [1, -1])
def test_each_item_of_a_digest_has_the_place_that_it_names(order: int, script: str) -> None:
    assert names_of(DIGEST[::order], "各地简讯", script) == []


@pytest.mark.parametrize("script", ["Simplified", "Traditional"])
def test_what_only_sounds_like_a_place_leaves_the_place_of_the_item(script: str) -> None:
    assert names_of(CITY, "文明创建简讯", script) == []


@pytest.mark.parametrize("script", ["Simplified", "Traditional"])
def test_a_place_elsewhere_that_acts_is_the_place_of_its_paragraph(script: str) -> None:
    convert = opencc.OpenCC("s2t").convert if script == "Traditional" else str
    names = [place and place.name for place in places_of(convert("\n".join(text for text, _ in REPORT)))]
    assert names == [convert(name) for text, name in REPORT if name]


def test_an_area_lies_in_what_it_is_known_or_said_to_lie_in() -> None:
    text = "贵安新区开办夜校。\n合肥高新区开办夜校。\n滨湖新区开办夜校。\n广西横县开办夜校。\n"
    assert places_of(text) == [
        Place("贵安新区", "贵州省", None, "贵安新区"),
        Place("合肥高新区", "安徽省", "合肥市", "高新区"),
        Place("滨湖新区", None, None, "滨湖新区"),
        Place("广西横县", "广西壮族自治区", "南宁市", "横州市"),
    ]


def shown(text: str) -> list[str | None]:
    return [place.name if place else None for place in places_of(text)]


def test_an_item_has_the_fuller_of_the_forms_of_heading_and_lead() -> None:
    text = "河長簡報\n\n江蘇鹽城：灘塗上的觀鳥員\n\n鹽城市有觀鳥員四百名，每週巡查一次。\n\n志願者還學會了救助。\n"
    assert shown(text) == ["江蘇鹽城"] * 2
    assert shown(text.replace("江蘇鹽城", "鹽城").replace("鹽城市有", "江蘇省鹽城市有")) == ["江蘇鹽城"] * 2


def test_a_paragraph_that_opens_with_the_place_of_its_heading_stays_in_the_item() -> None:
    text = "校園簡報\n\n【遼寧鞍山】\n1.校車。鞍山有校車九十輛。\n2.食堂。每天公示菜單。\n鞍山還和高校合辦夜校。\n"
    assert shown(text) == ["遼寧鞍山"] * 3


@pytest.mark.parametrize(
    ("news", "office", "place"),
    [
        ("铜山区疏通河道。", "市水务局新建泵站三座。", "徐州"),
        ("邳州市疏通河道。", "市水务局新建泵站三座。", "徐州"),
        ("邳州市疏通河道。", "市民自发捐书三百册。", "邳州"),
    ],
)
def test_an_office_of_the_level_of_the_bulletin_is_not_of_the_county_above(
    news: str, office: str, place: str
) -> None:
    others = "徐州市工作简讯\n云龙区举办音乐会二十场。\n泉山区选出楼道长。\n沛县建成书屋。\n"
    assert shown(f"{others}{news}\n{office}\n")[-1] == place


def test_an_office_in_a_report_on_a_county_city_is_its_own() -> None:
    text = "徐州市工作简报\n\n邳州市：河边的书屋\n\n邳州市建成书屋三十间。\n\n市图书馆每月送书一次。\n"
    assert shown(text) == ["邳州"] * 2


@pytest.mark.parametrize("line", ["编印:基层卫生处　　2023年9月5日", "编印：基层卫生处"])
def test_a_colophon_is_no_heading(line: str) -> None:
    outline = outline_document(
        read_content(
            f"工作动态\n\n2023年第3期\n\n{line}\n\n江苏盐城：观鸟员\n\n盐城市有观鸟员。\n".encode(), "x.txt"
        )
    )
    assert [
        section.full for _, paragraph in paragraphs_of(outline) for section in paragraph.section_path
    ] == ["江苏盐城：观鸟员"]
    assert line in [entry.text for entry in outline.left_out]


def test_a_row_of_a_table_has_the_place_that_is_its_first_cell() -> None:
    rows = [["地区", "做法"], ["无锡", "组织护河队"], ["大同", "开设食堂"], ["合计", "两地"]]
    page = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    outline = outline_document(
        read_content(f"<p>各地做法如下，供参考。</p><table>{page}</table>".encode(), "x.html")
    )
    names = [paragraph.place and paragraph.place.name for _, paragraph in paragraphs_of(outline)]
    assert names == [None, "无锡", "大同", None]


def test_a_city_below_its_fuller_name_is_not_the_county_of_the_same_name_in_it() -> None:
    text = "校園安全工作通報\n\n【福建廈門】\n\n廈門設護學崗。\n\n【湖南岳陽】\n\n岳陽水多,防溺水是第一件大事。\n"
    assert shown(text)[-1] == "湖南岳陽"
