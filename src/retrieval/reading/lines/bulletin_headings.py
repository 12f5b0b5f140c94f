"""Parses the headings of bulletins (篇1, 第十二期) and the issue, date and issuer in the lines below them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from retrieval.language import Pattern, numerals
from retrieval.reading.lines.bulletin_dates import (
    DATE,
    ISSUE,
    date_of,
    issue_of,
    read_date,
    read_issue,
    total_issue_of,
)

__all__ = [
    "BulletinMark",
    "bulletin_mark",
    "date_of",
    "is_contents_line",
    "issue_of",
    "issuer_of",
    "numbered_title",
    "read_date",
    "read_issue",
    "total_issue_of",
]

# Patterns meet text at half width, in either script.
_NUMBER = rf"(?:\d{{1,3}}|[{numerals.CHINESE}]{{1,4}})"
_OPENING, _CLOSING = r"[【\[((〔《「]", r"[】\]))〕》」]"
_ARTICLE = Pattern(
    re.compile(
        rf"(?P<label>第\s*{_NUMBER}\s*篇|篇\s*{_OPENING}?\s*{_NUMBER}(?!\s*[章节節]))(?P<close>(?:\s*{_CLOSING})*)",
        re.ASCII,
    ),
    "工作简报 篇1",
    "篇一章",
)
_NUMBERED_TITLE = Pattern(
    re.compile(
        rf"^(?P<stem>.{{2,50}}?)\s*{_OPENING}?\s*(?P<n>\d{{1,2}}|[{numerals.CHINESE}]{{1,3}})\s*{_CLOSING}?$",
        re.ASCII,
    ),
    "工作简报(三)",
    "工作简报(三)续",
)
_NO_SERIES = Pattern(
    re.compile(r"^[(\[【]?(?:附\s*[件表录錄]|[图圖表註注]|步骤|步驟|案例)$"), "附件", "附件工作简报"
)
"""Numbered, yet no bulletins: parts of one."""
_CLAUSE_MARK = Pattern(re.compile(r"[。!?;,:]"), "上海,南京", "上海、南京")
_SENTENCE_MARK = Pattern(re.compile(r"[。!?;]"), "开展活动。", "开展,活动")
_SEPARATOR = Pattern(re.compile(r"^[\s:、.,\-—–|]+"), ": 乡镇报告", "乡镇: 报告")
_IN_SENTENCE = Pattern(re.compile(r"[这這那每本上前首共有另同在的发發写寫]\s*$"), "他写", "工作简报 ")
"""A number of a 篇 behind these is part of a sentence: 發第三篇."""
_AFTER_ISSUE = Pattern(
    re.compile(
        rf"{DATE.pattern}|[(\[]?(?:总|總)第?\s*\d+\s*期[)\]]?"
        r"|\S{0,30}(?:编印|編印|编|編|印|主办|主辦|办公室|辦公室)$|[\s()\[\]【】·|—\-]"
    ),
    "市文明办编印",
    "干部培训班在我市举办",
)
_BULLETIN_NAME = Pattern(
    re.compile(
        r"(?:简报|簡報|动态|動態|信息|通讯|通訊|专报|專報|快报|快報|月报|月報|周报|週報|工作报|内刊|專刊|专刊)\s*[(\[【]?\s*$"
    ),
    "精神文明建设工作简报(",
    "简报显示",
)
_OFFICE = r"\S{2,40}?(?:办公室|辦公室|委员会|委員會|宣传部|宣傳部|文明办|文明辦|指导中心|局)"
_ISSUER = Pattern(
    re.compile(rf"^(?P<name>{_OFFICE})\s*(?:编印|編印|编|編|主办|主辦|印)?$"),
    "合肥市文明办编印",
    "合肥市文明办开展活动",
)
_LONGEST_TITLE = 60
_BEFORE_MARK = " 【[(《〔"


@dataclass(frozen=True, slots=True)
class BulletinMark:
    """A line that may begin a bulletin."""

    kind: Literal["article", "issue", "title"]
    label: str
    """The mark alone, without brackets: 篇1, 第3篇, 第12期."""
    number: int
    title: str
    """The whole heading, as written."""
    body: str
    """The text behind the heading in the same line; empty if there is none."""
    stem: str
    """The heading without its mark."""


def bulletin_mark(text: str) -> BulletinMark | None:
    """The bulletin mark of a line, or None."""
    plain = numerals.half_width(text[:200]).strip()
    if is_contents_line(plain):
        return None
    return _article_mark(text.strip(), plain) or _issue_mark(text.strip(), plain)


def is_contents_line(text: str) -> bool:
    """Whether one line lists several bulletins: 第1篇… 第2篇…, without a sentence."""
    plain = numerals.half_width(text[:400])
    return not _SENTENCE_MARK.regex.search(plain) and len(_ARTICLE.regex.findall(plain)) > 1


def _article_mark(text: str, plain: str) -> BulletinMark | None:
    match = _ARTICLE.regex.search(plain[: _LONGEST_TITLE + 20])
    if not match:
        return None
    before, after = plain[: match.start()], plain[match.end() :]
    if _CLAUSE_MARK.regex.search(before.rstrip(_BEFORE_MARK)) or not _is_set_off(
        before, after, match["close"]
    ):
        return None
    return _mark("article", text, plain, match)


def _is_set_off(before: str, after: str, close: str) -> bool:
    """Whether the mark is a heading's rather than part of a sentence: 第一篇報道發表了 is none."""
    if _IN_SENTENCE.regex.search(before):
        return False
    if not after or _SEPARATOR.regex.match(after):
        return True
    if close:
        return True
    return (
        not before.strip()
        and not _CLAUSE_MARK.regex.search(after)
        and len(after) <= 40
        and after[0] not in "文章幅目的是章報报"
    )


def _issue_mark(text: str, plain: str) -> BulletinMark | None:
    match = ISSUE.regex.search(plain[: _LONGEST_TITLE + 20])
    if not match:
        return None
    before, after = plain[: match.start()], plain[match.end() :]
    if _CLAUSE_MARK.regex.search(before.rstrip(_BEFORE_MARK)) or _SENTENCE_MARK.regex.search(after):
        return None
    rest = _AFTER_ISSUE.regex.sub("", DATE.sub("", after).strip())
    is_named = _BULLETIN_NAME.regex.search(before) or not before.strip(_BEFORE_MARK + "0123456789年总總|·—-")
    is_titled = is_named and bool(_SEPARATOR.regex.match(after)) and len(after) <= 60
    return _mark("issue", text, plain, match) if not rest.strip(" :") or is_titled else None


def _mark(
    kind: Literal["article", "issue"], text: str, plain: str, match: re.Match[str]
) -> BulletinMark | None:
    number = numerals.parse_numeral(re.sub(rf"[第篇期辑輯\s]|{_OPENING}", "", match["label"]))
    if not number:
        return None
    label = re.sub(rf"\s|{_OPENING}", "", match["label"])
    after = text[match.end() :]
    is_body = bool(_SENTENCE_MARK.regex.search(numerals.half_width(after))) or len(after) > _LONGEST_TITLE
    title = text[: match.end()].rstrip() if is_body else text
    body = _without_separator(after) if is_body else ""
    stem = plain[: match.start()] + ("" if is_body else plain[match.end() :])
    return BulletinMark(kind, label, number, title, body, stem.strip(" :、.,-—–|【】[]()《》"))


def _without_separator(text: str) -> str:
    match = _SEPARATOR.regex.match(numerals.half_width(text))
    return text[match.end() :] if match else text


def numbered_title(text: str) -> tuple[str, int] | None:
    """The stem and number of a title that ends in a number below 60, or None: 工作簡報(三) → 工作簡報, 3."""
    if len(text) > _LONGEST_TITLE:
        return None
    plain = numerals.half_width(text).strip()
    match = _NUMBERED_TITLE.regex.match(plain)
    if not match or _CLAUSE_MARK.regex.search(plain):
        return None
    if _NO_SERIES.regex.match(match["stem"].strip()):
        return None
    number = numerals.parse_numeral(match["n"])
    return (match["stem"].strip(), number) if number and number < 60 else None


def issuer_of(text: str) -> str:
    """The office that edits the bulletin, if the line names one with a date or 编, else an empty text."""
    plain = numerals.half_width(text[:100]).strip()
    dated = DATE.search(plain)
    match = _ISSUER.regex.match(DATE.sub("", plain).strip())
    return match["name"] if match and (dated or plain[-1] in "编編办辦印") else ""
