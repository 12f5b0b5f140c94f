"""Characters wrong on made-up scanned pages: `python -m benchmarks.quality.ocr_pages`, about half a minute a page.

Pages of a bulletin at 200 dots an inch in the fonts of this machine, in one and two columns and with a ruled table, turned by
0.5 to 1 degree, noisy, on light grey. No rule was made for them. The text of each is compared with what reading gives, in
order, white space left out and commas folded. Needs the extra `ocr` and fonts-noto-cjk. The result is written to
`benchmarks/results/ocr_pages.json`; a mean above 1 % ends with status 1.
"""

from __future__ import annotations

import difflib
import io
import json
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from retrieval.reading.formats.loader import read_content

RESULT = Path(__file__).parents[1] / "results" / "ocr_pages.json"
MOST_WRONG = 0.01
_FONTS = Path("/usr/share/fonts/opentype/noto")
# Index of a face in the collections of Noto CJK: 2 is SC, 3 is TC.
_SIMPLIFIED, _TRADITIONAL = 2, 3
_SIZE = (1654, 2339)
_MARGIN, _TEXT, _TITLE, _LEADING = 170, 40, 58, 70
_SIMPLIFIED_TEXT = (
    "泰州市精神文明建设工作简报",
    (
        "泰州市海陵区在二十三个社区开设邻里议事厅，由居民推选议事员，逢单周周四晚间开会。全年办结停车、加装电梯、楼道堆物"
        "等事项一百七十二件，其中六成当月办结。"
    ),
    "一、把课堂搬到河边",
    "姜堰区组织退休水利员担任护河讲师，给十五所小学讲解河道里的生物，学生随队记录水质，每学期交出观察日记四百余篇。",
    "二、让手艺有人接",
    "兴化市把竹编、木船、剪纸三门手艺编成乡土教材，请七位师傅驻校授课；寒暑假办体验营12期，参加者1,386人。",
    "三、算清文明这本账",
    "靖江市给每个村建立文明积分册，借还农具、代送快递、照看独居老人都能记分，积分可在便民超市换取米面油。",
)
_TRADITIONAL_TEXT = (
    "臺州市精神文明建設工作簡報",
    (
        "椒江區聯合公交公司設立流動閱讀車四輛，沿八條線路停靠，讀者憑社保卡借書，可在任何一站歸還。半年借出圖書二萬餘冊，"
        "歸還率達到百分之九十八。"
    ),
    "一、把規矩立在前頭",
    "黃巖區制定鄉村宴席公約，酒席不超過十五桌，剩菜打包；紅白理事會由村民代表投票產生，每季度公布開支。",
    "二、讓志願者有歸處",
    "玉環市在碼頭建成漁嫂驛站26處，夜裏備有熱水、藥箱和雨衣，值班志願者輪流登記出海船隻，幫助漁民家屬辦理手續。",
    "三、把好事講給人聽",
    "天台縣請被幫助者錄下口述短片，每週在廣場螢幕播出；開播以來收到感謝信312封，新增志願者八百餘名。",
)
_TABLE = (
    ("单位", "活动场次", "参加人数"),
    ("海陵区", "128", "9,640"),
    ("姜堰区", "97", "7,215"),
    ("兴化市", "143", "11,308"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be made: its text, its face, and how it was scanned."""

    name: str
    text: tuple[str, ...]
    font: str
    face: int
    columns: int = 1
    table: bool = False
    degrees: float = 0.0
    noise: float = 6.0
    paper: int = 255


PAGES = (
    Page("sans", _SIMPLIFIED_TEXT, "NotoSansCJK-Regular.ttc", _SIMPLIFIED),
    Page("serif, turned", _SIMPLIFIED_TEXT, "NotoSerifCJK-Regular.ttc", _SIMPLIFIED, degrees=0.7, paper=232),
    Page(
        "bold, turned back", _TRADITIONAL_TEXT, "NotoSansCJK-Bold.ttc", _TRADITIONAL, degrees=-1.0, noise=14.0
    ),
    Page(
        "serif, two columns",
        _TRADITIONAL_TEXT,
        "NotoSerifCJK-Regular.ttc",
        _TRADITIONAL,
        columns=2,
        degrees=0.5,
    ),
    Page(
        "sans, two columns",
        _SIMPLIFIED_TEXT,
        "NotoSansCJK-Regular.ttc",
        _SIMPLIFIED,
        columns=2,
        degrees=-0.8,
        paper=225,
    ),
    Page(
        "table",
        _SIMPLIFIED_TEXT[:4],
        "NotoSansCJK-Regular.ttc",
        _SIMPLIFIED,
        table=True,
        degrees=0.5,
        noise=10.0,
    ),
)


def main() -> int:
    """Prints and keeps the share of wrong characters of each page."""
    rows: list[dict[str, str | int]] = []
    wrong = total = 0
    for number, page in enumerate(PAGES):
        document = read_content(scanned(page, np.random.default_rng(number)), f"{number}.pdf")
        read = "".join(line.text for line in document.lines)
        page_wrong, page_total = wrong_characters("".join(_expected(page)), read)
        wrong, total = wrong + page_wrong, total + page_total
        left_out = len(document.left_out)
        rows.append({"page": page.name, "characters": page_total, "wrong": page_wrong, "left out": left_out})
        print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    share = wrong / total
    result = {"pages": rows, "share wrong": round(share, 4)}
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{share:.2%} of the characters wrong")
    return 1 if share > MOST_WRONG else 0


def wrong_characters(expected: str, read: str) -> tuple[int, int]:
    """The characters of the expected text that are missing or others, and those besides, and the number expected."""
    first, second = _plain(expected), _plain(read)
    blocks = difflib.SequenceMatcher(a=first, b=second, autojunk=False).get_matching_blocks()
    same = sum(block.size for block in blocks)
    return max(len(first), len(second)) - same, len(first)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _expected(page: Page) -> Iterator[str]:
    yield from page.text
    if page.table:
        yield from rows_with_headings(_TABLE)


def rows_with_headings(table: Sequence[Sequence[str]]) -> list[str]:
    """The rows below the headings as they are read: each with its headings."""
    head, *others = table
    return [";".join(f"{name}:{cell}" for name, cell in zip(head, row, strict=True)) for row in others]


def scanned(page: Page, chance: np.random.Generator) -> bytes:
    """The page as a PDF that holds a picture."""
    picture = Image.new("L", _SIZE, page.paper)
    draw = ImageDraw.Draw(picture)
    title, *paragraphs = page.text
    font = _font(page, _TEXT)
    draw.text((_SIZE[0] / 2, 200), title, 30, font=_font(page, _TITLE), anchor="mm")
    width = (_SIZE[0] - 2 * _MARGIN - 90 * (page.columns - 1)) // page.columns
    columns = [wrapped(part, width // _TEXT) for part in divided(paragraphs, page.columns)]
    for number, lines in enumerate(columns):
        for row, line in enumerate(lines):
            draw.text((_MARGIN + number * (width + 90), 320 + row * _LEADING), line, 30, font=font)
    if page.table:
        _draw_table(draw, font, 320 + len(columns[0]) * _LEADING + 60)
    turned = picture.rotate(page.degrees, Image.Resampling.BICUBIC, fillcolor=page.paper)
    pixels = np.asarray(turned, float) + chance.normal(0, page.noise, turned.size[::-1])
    stream = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(stream, "PDF", resolution=200)
    return stream.getvalue()


def _font(page: Page, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / page.font, size, index=page.face)


def divided(paragraphs: list[str], columns: int) -> list[list[str]]:
    """The paragraphs in as many columns, whole."""
    middle = len(paragraphs) if columns == 1 else (len(paragraphs) + 1) // 2
    return [paragraphs[:middle], paragraphs[middle:]][:columns]


def wrapped(paragraphs: Sequence[str], width: int) -> list[str]:
    """Lines of so many characters; a paragraph of text is indented by two."""
    lines = []
    for paragraph in paragraphs:
        text = paragraph if paragraph[1] == "、" else "\u3000\u3000" + paragraph
        while text:
            end = width + 1 if text[width : width + 1] in tuple("，。、；") else width
            lines.append(text[:end])
            text = text[end:]
    return lines


def _draw_table(draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, top: int) -> None:
    width, height = 420, 84
    for row, cells in enumerate(_TABLE):
        for column, cell in enumerate(cells):
            left, upper = _MARGIN + column * width, top + row * height
            draw.rectangle((left, upper, left + width, upper + height), outline=40, width=3)
            draw.text((left + 24, upper + height / 2), cell, 30, font=font, anchor="lm")


if __name__ == "__main__":
    sys.exit(main())
