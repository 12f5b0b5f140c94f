"""Bulletin marks: which lines begin a bulletin (篇1, 第十二期), and what a bulletin says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from retrieval.language import numerals
from retrieval.reading.lines.boilerplate import DATE

_NUMBER = rf"(?:\d{{1,3}}|[{numerals.CHINESE}]{{1,4}})"
_OPENING, _CLOSING = r"[【\[((〔《「]", r"[】\]))〕》」]"
_ARTICLE = re.compile(
    rf"(?P<label>第\s*{_NUMBER}\s*篇|篇\s*{_OPENING}?\s*{_NUMBER}(?!\s*[章节節]))(?P<close>(?:\s*{_CLOSING})*)",
    re.ASCII,
)
_ISSUE = re.compile(rf"(?P<label>(?<!总)(?<!總)第\s*{_NUMBER}\s*期)(?P<close>(?:\s*{_CLOSING})*)", re.ASCII)
_SENTENCE = re.compile(r"[。!?;,:]")
_BODY = re.compile(r"[。!?;]")
_SEPARATOR = re.compile(r"^[\s:、.,\-—–|]+")
_LONGEST_TITLE = 60
_BEFORE_MARK = " 【[(《〔"
_AFTER_ISSUE = re.compile(
    rf"{DATE.pattern}|[(\[]?(?:总|總)第?\s*\d+\s*期[)\]]?|\S{{0,30}}(?:编印|編印|编|編|印|主办|主辦|办公室|辦公室)$|[\s()\[\]【】·|—\-]"
)
_BULLETIN_NAME = re.compile(
    r"(?:简报|簡報|动态|動態|信息|通讯|通訊|专报|專報|快报|快報|月报|月報|周报|週報|工作报|内刊|專刊|专刊)\s*[(\[【]?\s*$"
)
_OFFICE = r"\S{2,40}?(?:办公室|辦公室|委员会|委員會|宣传部|宣傳部|文明办|文明辦|指导中心|局)"
_ISSUER = re.compile(rf"^(?P<name>{_OFFICE})\s*(?:编印|編印|编|編|主办|主辦|印)?$")


@dataclass(frozen=True, slots=True)
class BulletinMark:
    """A line that may begin a bulletin."""

    kind: Literal["article", "issue", "title"]
    label: str
    """The mark alone, without brackets: 篇1, 第3篇, 第12期."""
    number: int
    title: str
    """The heading as it stands in the text."""
    body: str
    """What follows the heading in the same line; empty when the heading stands alone."""
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
    return not _BODY.search(plain) and len(_ARTICLE.findall(plain)) > 1


def _article_mark(text: str, plain: str) -> BulletinMark | None:
    found = _ARTICLE.search(plain[: _LONGEST_TITLE + 20])
    if not found:
        return None
    before, after = plain[: found.start()], plain[found.end() :]
    if _SENTENCE.search(before.rstrip(_BEFORE_MARK)) or not _is_set_off(before, after, found["close"]):
        return None
    return _mark("article", text, plain, found)


def _is_set_off(before: str, after: str, close: str) -> bool:
    """Whether the mark stands for itself rather than inside a sentence: 第一篇報道發表了 is none."""
    if re.search(r"[这這那每本上前首共有另同在的发發写寫]\s*$", before):
        return False
    if not after or _SEPARATOR.match(after):
        return True
    if close:
        return True
    return (
        not before.strip()
        and not _SENTENCE.search(after)
        and len(after) <= 40
        and after[0] not in "文章幅目的是章報报"
    )


def _issue_mark(text: str, plain: str) -> BulletinMark | None:
    found = _ISSUE.search(plain[: _LONGEST_TITLE + 20])
    if not found:
        return None
    before, after = plain[: found.start()], plain[found.end() :]
    if _SENTENCE.search(before.rstrip(_BEFORE_MARK)) or _BODY.search(after):
        return None
    rest = _AFTER_ISSUE.sub("", DATE.sub("", after).strip())
    named = _BULLETIN_NAME.search(before) or not before.strip(_BEFORE_MARK + "0123456789年总總|·—-")
    titled = named and bool(_SEPARATOR.match(after)) and len(after) <= 60
    return _mark("issue", text, plain, found) if not rest.strip(" :") or titled else None


def _mark(
    kind: Literal["article", "issue"], text: str, plain: str, found: re.Match[str]
) -> BulletinMark | None:
    number = numerals.number_of(re.sub(rf"[第篇期\s]|{_OPENING}", "", found["label"]))
    if not number:
        return None
    label = re.sub(rf"\s|{_OPENING}", "", found["label"])
    after = text[found.end() :]
    is_body = bool(_BODY.search(numerals.half_width(after))) or len(after) > _LONGEST_TITLE
    title = text[: found.end()].rstrip() if is_body else text
    body = _without_separator(after) if is_body else ""
    stem = plain[: found.start()] + ("" if is_body else plain[found.end() :])
    return BulletinMark(kind, label, number, title, body, stem.strip(" :、.,-—–|【】[]()《》"))


def _without_separator(text: str) -> str:
    match = _SEPARATOR.match(numerals.half_width(text))
    return text[match.end() :] if match else text


_NUMBERED_TITLE = re.compile(
    rf"^(?P<stem>.{{2,50}}?)\s*{_OPENING}?\s*(?P<n>\d{{1,2}}|[{numerals.CHINESE}]{{1,3}})\s*{_CLOSING}?$",
    re.ASCII,
)


def numbered_title(text: str) -> tuple[str, int] | None:
    """The stem and number of a title that ends in one: 工作簡報(三) → 工作簡報, 3."""
    if len(text) > _LONGEST_TITLE:
        return None
    plain = numerals.half_width(text).strip()
    found = _NUMBERED_TITLE.match(plain)
    if not found or _SENTENCE.search(plain):
        return None
    number = numerals.number_of(found["n"])
    return (found["stem"].strip(), number) if number and number < 60 else None


def issue_of(text: str) -> str:
    """第12期 as a header line writes it, or an empty text."""
    found = _ISSUE.search(numerals.half_width(text[:120]))
    return re.sub(r"\s", "", found["label"]) if found else ""


def date_of(text: str) -> str:
    """The date a header line carries, as written, or an empty text."""
    found = DATE.search(numerals.half_width(text[:160]))
    return re.sub(r"\s", "", found.group()) if found else ""


def issuer_of(text: str) -> str:
    """The office that edits the bulletin, where a line of its head says so, or an empty text."""
    plain = numerals.half_width(text[:100]).strip()
    dated = DATE.search(plain)
    found = _ISSUER.match(DATE.sub("", plain).strip())
    return found["name"] if found and (dated or plain[-1] in "编編办辦印") else ""
