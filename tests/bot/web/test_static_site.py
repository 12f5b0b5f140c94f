from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.locales import EN, ZH_HANT
from bot.serving.answerer import Answerer
from bot.web import export_site
from retrieval.building.builder import build_generation, write_generation
from retrieval.errors import BulletinBotError
from retrieval.types import Passage, Recognition
from tests.bot.web.conftest import answerer_of, make_passage
from tests.doubles import SMALL_PASSAGES, HashEncoder


def test_every_link_of_every_file_leads_to_a_file_and_an_anchor_in_it(
    small: Answerer, tmp_path: Path
) -> None:
    count = export_site(small.whole, ZH_HANT, tmp_path / "site")
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert len(pages) == count == 1 + 3 * 3
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for address in re.findall(r'(?:href|src)="([^"]+)"', text):
            name, _, anchor = unquote(html.unescape(address)).partition("#")
            target = (page.parent / name) if name else page
            assert target.is_file(), f"{page.name} leads to {address}"
            if anchor:
                assert f'id="{anchor}"' in target.read_text(encoding="utf-8")


def test_every_passage_has_its_anchor_and_what_is_left_out_is_said(small: Answerer, tmp_path: Path) -> None:
    export_site(small.whole, ZH_HANT, tmp_path)
    whole = "".join(page.read_text(encoding="utf-8") for page in tmp_path.glob("b/*.html"))
    for passage in SMALL_PASSAGES:
        assert f'id="p_{passage.passage_id}"' in whole
    assert whole.count("這是靜態網頁：不能搜尋，也不能提問。") == len(list(tmp_path.glob("b/*.html")))
    assert "<form" not in whole
    assert "/ask" not in whole


def test_both_conversions_are_files_that_say_so(small: Answerer, tmp_path: Path) -> None:
    export_site(small.whole, EN, tmp_path)
    converted = (tmp_path / "b" / "篇1.hans.html").read_text(encoding="utf-8")
    assert "北京市评选身边好人" in converted
    assert "Converted to Simplified Chinese by a program" in converted
    assert 'lang="en"' in converted


def test_long_bulletins_and_long_lists_are_split_as_on_the_server(tmp_path: Path) -> None:
    passages = [
        make_passage(f"{n:016x}", f"第{n}段。" + "志願者走進社區。" * 60, place=f"地方{n // 30}")
        for n in range(1, 301)
    ]
    more = [make_passage(f"{n:016x}", "短。", bulletin=f"篇{n}") for n in range(1000, 1101)]
    answerer = answerer_of([*passages, *more])
    export_site(answerer.whole, ZH_HANT, tmp_path)
    assert (tmp_path / "b" / "篇1.2.html").is_file()
    assert (tmp_path / "index.2.html").is_file()
    assert "篇1100" in (tmp_path / "index.2.html").read_text(encoding="utf-8")
    assert max(page.stat().st_size for page in tmp_path.rglob("*.html")) < 300_000
    answerer.close()


def picture(passage: Passage) -> bytes | None:
    return b"\xff\xd8\xff" if passage.recognized else None


def test_pictures_stand_beside_their_recognised_text(tmp_path: Path) -> None:
    encoder = HashEncoder()
    scanned = replace(SMALL_PASSAGES[0], recognized=Recognition(0.968, "0f" * 20, ()))
    parts = build_generation((scanned, *SMALL_PASSAGES[1:]), encoder)
    index = write_generation(
        parts, encoder, tmp_path / "index", {}, picture_of=lambda p: b"\xff\xd8\xff" if p.recognized else None
    )
    export_site(index, ZH_HANT, tmp_path / "site")
    page = (tmp_path / "site" / "b" / "篇1.html").read_text(encoding="utf-8")
    assert 'src="../picture/00000000000000a1.jpg"' in page
    assert "掃描識別 97%" in page
    assert (tmp_path / "site" / "picture" / "00000000000000a1.jpg").read_bytes() == b"\xff\xd8\xff"


def test_a_folder_with_something_in_it_is_left_alone(small: Answerer, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(BulletinBotError, match="empty folder"):
        export_site(small.whole, ZH_HANT, tmp_path)
    with pytest.raises(BulletinBotError, match="cannot be written"):
        export_site(small.whole, ZH_HANT, Path("/dev/null/site"))
