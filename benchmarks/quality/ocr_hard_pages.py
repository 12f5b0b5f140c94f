"""Characters wrong on scanned pages that are hard to read: `python -m benchmarks.quality.ocr_hard_pages [FONTS]`.

Pages in kai, song, hei and bold faces at 150 and 200 dots an inch: turned by up to 2 degrees, JPEG of low quality, grey paper
with a dark edge, print that shines through, two columns, a table, and a letter under a red head with a seal over its
signature. No rule was tuned on them. Needs the extra `ocr` and the
Debian packages fonts-arphic-ukai, fonts-arphic-uming, fonts-wqy-zenhei and fonts-noto-cjk, below FONTS (/usr/share/fonts).
The result is written to `benchmarks/results/ocr_hard_pages.json`, a row for each kind of page.
"""

from __future__ import annotations

import io
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from benchmarks.quality.ocr_pages import divided, rows_with_headings, wrapped, wrong_characters
from retrieval.reading.formats.loader import read_content

RESULT = Path(__file__).parents[1] / "results" / "ocr_hard_pages.json"
_A4_INCHES = (8.27, 11.69)
_RED, _BLACK = (196, 30, 36), (32, 32, 32)
KAI, SONG, HEI, BOLD = "ukai.ttc", "uming.ttc", "wqy-zenhei.ttc", "NotoSerifCJK-Bold.ttc"
_TEXT = (
    "镇江市精神文明建设工作简报",
    "京口区在十九个小区设立邻里书屋，由退休教师轮流值守，每晚七时至九时开放。上半年接待读者两万三千余人次，借出图书8,640册。",
    "一、让老街有新事",
    "润州区请老街坊讲述西津渡旧闻，录成短片三十六集，在渡口循环播放；暑期招募小导游48名，带客人走完一千二百步青石路。",
    "二、把难事当场办",
    "丹阳市把议事桌搬到菜场门口，每逢单日由城管、市监、社区三家同坐，当场答复占道、计量、保洁等事项，办结率为96.5%。",
    "三、请孩子来评分",
    "扬中市让小学生给路口文明打分，评分表贴在岗亭，每月公布前三名；半年来斑马线前不礼让的车辆由每日70辆降到9辆。",
)
_LETTER = (
    "镇江市精神文明建设指导委员会",
    "镇文明〔2023〕18号",
    "关于表扬邻里书屋先进单位的通报",
    "各市、区文明委，市各有关单位：",
    "今年以来，全市邻里书屋坚持夜间开放、送书上门，服务居民二十一万人次。经研究，决定对京口区等六个单位予以通报表扬。",
    "希望受表扬的单位再接再厉，各地各单位要学习先进，把书屋办到居民身边，把好事办到群众心里。",
    "镇江市精神文明建设指导委员会",
    "2023年11月9日",
)
_SEAL = "镇江市文明委"
_TABLE = (
    ("地区", "书屋数", "借阅册数"),
    ("京口区", "19", "8,640"),
    ("润州区", "23", "9,172"),
    ("丹阳市", "41", "15,308"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be made, and how it was scanned."""

    name: str
    font: str
    dpi: int = 200
    columns: int = 1
    table: bool = False
    letter: bool = False
    degrees: float = 0.0
    jpeg: int = 85
    paper: int = 250
    edge: float = 0.0
    """By how much the left edge is darker than the paper, as at the spine of a book."""
    through: float = 0.0
    """The strength of the print of the other side."""
    noise: float = 6.0


PAGES = (
    Page("kai, 150 dpi, turned 1.5", KAI, dpi=150, degrees=1.5, jpeg=40),
    Page("song, turned back 2, grey with a dark edge", SONG, degrees=-2.0, paper=205, edge=0.45, noise=9.0),
    Page("kai, two columns, turned 1.2, JPEG 30", KAI, columns=2, degrees=1.2, jpeg=30),
    Page("hei, table, 150 dpi, turned back 1", HEI, dpi=150, table=True, degrees=-1.0, jpeg=45),
    Page("red head, seal over the signature", SONG, letter=True, degrees=0.8, jpeg=60),
    Page("kai, red head, seal, 150 dpi, grey", KAI, dpi=150, letter=True, degrees=-1.0, paper=222),
    Page("bold, print shines through", BOLD, degrees=0.6, through=0.28, noise=10.0),
)


def main() -> None:
    """Prints and keeps the share of wrong characters of each page."""
    fonts = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts")
    rows: list[dict[str, str | int]] = []
    for number, page in enumerate(PAGES):
        content = scanned(page, fonts, np.random.default_rng(number))
        document = read_content(content, f"hard-{number}.pdf")
        read = "".join(line.text for line in document.lines)
        wrong, total = wrong_characters(expected(page), read)
        left_out = sum(len(entry.text) for entry in document.left_out)
        rows.append({"page": page.name, "characters": total, "wrong": wrong, "characters left out": left_out})
        print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    share = sum(int(row["wrong"]) for row in rows) / sum(int(row["characters"]) for row in rows)
    result = {"pages": rows, "share wrong": round(share, 4)}
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{share:.2%} of the characters wrong")


def expected(page: Page) -> str:
    """The text as reading gives it: rows of a table with their headings."""
    if page.letter:
        return "".join(_LETTER)
    return "".join([*_text(page), *(rows_with_headings(_TABLE) if page.table else ())])


def _text(page: Page) -> Sequence[str]:
    return _TEXT[:4] if page.table else _TEXT


def scanned(page: Page, fonts: Path, chance: np.random.Generator) -> bytes:
    """The page as a PDF that holds a picture."""
    size = tuple(round(inches * page.dpi) for inches in _A4_INCHES)
    picture = Image.new("RGB", (size[0], size[1]), (page.paper,) * 3)
    font = next(iter(sorted(fonts.rglob(page.font))))
    (_draw_letter if page.letter else _draw_text)(picture, page, font)
    if page.through:
        other = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).filter(ImageFilter.GaussianBlur(1.6))
        pixels = np.minimum(
            np.asarray(picture, float), 255 - page.through * (page.paper - np.asarray(other, float))
        )
        picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    turned = picture.rotate(page.degrees, Image.Resampling.BICUBIC, fillcolor=(page.paper,) * 3)
    shade = 1 - page.edge * np.exp(-np.linspace(0, 6, size[0]))[None, :, None]
    pixels = np.asarray(turned, float) * shade + chance.normal(0, page.noise, (size[1], size[0], 1))
    stream = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(
        stream, "PDF", resolution=page.dpi, quality=page.jpeg
    )
    return stream.getvalue()


def _draw_text(picture: Image.Image, page: Page, font: Path) -> None:
    draw, unit = ImageDraw.Draw(picture), page.dpi / 200
    text = ImageFont.truetype(font, round(40 * unit))
    title, *paragraphs = _text(page)
    draw.text(
        (picture.width / 2, 200 * unit), title, _BLACK, ImageFont.truetype(font, round(58 * unit)), "mm"
    )
    gap, margin, leading = 70 * unit, 170 * unit, 68 * unit
    width = (picture.width - 2 * margin - gap * (page.columns - 1)) / page.columns
    lowest = 320 * unit
    for number, part in enumerate(divided(paragraphs, page.columns)):
        for row, line in enumerate(wrapped(part, int(width / text.size))):
            lowest = 320 * unit + row * leading
            draw.text((margin + number * (width + gap), lowest), line, _BLACK, text)
    if page.table:
        _draw_table(draw, text, (margin, lowest + 2 * leading))


def _draw_table(draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, corner: tuple[float, float]) -> None:
    width, height = font.size * 10.5, font.size * 2.1
    for row, cells in enumerate(_TABLE):
        for column, cell in enumerate(cells):
            left, top = corner[0] + column * width, corner[1] + row * height
            draw.rectangle((left, top, left + width, top + height), outline=_BLACK, width=2)
            draw.text((left + width / 2, top + height / 2), cell, _BLACK, font, "mm")


def _draw_letter(picture: Image.Image, page: Page, font: Path) -> None:
    draw, unit = ImageDraw.Draw(picture), page.dpi / 200
    text = ImageFont.truetype(font, round(40 * unit))
    head, number, title, opening, *paragraphs, issuer, date = _LETTER
    middle, margin = picture.width / 2, 180 * unit
    draw.text((middle, 260 * unit), head, _RED, ImageFont.truetype(font, round(84 * unit)), "mm")
    draw.text((middle, 420 * unit), number, _BLACK, text, "mm")
    draw.line((margin, 470 * unit, picture.width - margin, 470 * unit), _RED, round(5 * unit))
    draw.text((middle, 590 * unit), title, _BLACK, ImageFont.truetype(font, round(56 * unit)), "mm")
    lines = [opening, *wrapped(paragraphs, int((picture.width - 2 * margin) / text.size))]
    for row, line in enumerate(lines):
        draw.text((margin, (700 + 72 * row) * unit), line, _BLACK, text)
    lowest = (700 + 72 * (len(lines) + 2)) * unit
    for row, line in enumerate((issuer, date)):
        draw.text((picture.width - margin - 300 * unit, lowest + row * 80 * unit), line, _BLACK, text, "mm")
    _stamp(picture, font, (picture.width - margin - 300 * unit, lowest + 40 * unit), 150 * unit)


def _stamp(picture: Image.Image, font: Path, centre: tuple[float, float], radius: float) -> None:
    """A round seal with a name and a star, whose ink lets the print below it through."""
    ink = Image.new("RGB", picture.size, (255, 255, 255))
    draw = ImageDraw.Draw(ink)
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_RED, width=round(radius / 18))
    angles = [math.pi * (0.8 * step - 0.5) for step in range(5)]
    draw.polygon([(x + radius / 3 * math.cos(a), y + radius / 3 * math.sin(a)) for a in angles], fill=_RED)
    side = round(radius / 3.2)
    for number, character in enumerate(_SEAL):
        angle = math.radians(150 + 240 * number / (len(_SEAL) - 1))
        glyph = Image.new("RGB", (side, side), (255, 255, 255))
        ImageDraw.Draw(glyph).text(
            (side / 2, side / 2), character, _RED, ImageFont.truetype(font, side), "mm"
        )
        turned = glyph.rotate(
            270 - math.degrees(angle), Image.Resampling.BICUBIC, True, fillcolor=(255, 255, 255)
        )
        place = (x + 0.78 * radius * math.cos(angle), y + 0.78 * radius * math.sin(angle))
        ink.paste(turned, (round(place[0] - turned.width / 2), round(place[1] - turned.height / 2)))
    pixels = np.asarray(picture, float) * np.asarray(ink, float) / 255
    picture.paste(Image.fromarray(pixels.astype(np.uint8)))


if __name__ == "__main__":
    main()
