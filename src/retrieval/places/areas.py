"""Recognises areas that are no divisions by their form: a development zone, a new area, an industrial park."""

from __future__ import annotations

import re

from retrieval.language import Pattern
from retrieval.places.gazetteer import Division, names

# Patterns meet folded text.
_KINDS = (
    "高新技术产业开发区|高新技术开发区|新技术(?:产业)?开发区|经济技术开发区|开发区(?!域)|高新区|经开区|"
    "综合保税区|综保区|保税港?区|园区|新区(?!域)|新城(?![区市县镇乡])|自由贸易试验区|自贸试验区|自贸区|"
    "综合[试实]验区|合作区|度假区|管理区|垦区|新片区|生态城|科学城|航空港区|工业区|商务区"
)
# Words that say of what sort an area is, and not which one.
_SORTS = (
    "国家|级|省级|市级|现代|临空|临港|空港|航空港?|经济|技术|高新|产业|综合|国际|旅游|生态|科技|工业|农业|化工|物流|软件|"
    "文化|创意|创新|创业|特色|重点|保税|出口加工|循环|数字|智慧|绿色|示范|核心|沿海|沿江|大型|老|大"
)
# A name that holds one of these is a clause: 打造新区, 各地园区.
_NO_NAME = (
    "的了在和与及或为以对将把被让使用按各全本该我其每此这那开展建创推打举办组织实施召启设制布加强落完善着有是不也都还就"
    "市省县镇乡村街到从向等哪几谁个什么"
)
_SORT_OF_AREA = Pattern(re.compile(f"(?:{_SORTS}){{0,4}}(?:{_KINDS})"), "经济技术开发区", "经济技术合作")
_NAMED_AREA = Pattern(
    re.compile(f"(?P<name>[^\\W\\d_a-z{_NO_NAME}]{{2,5}}?)(?:{_SORTS}){{0,4}}(?:{_KINDS})"),
    "滨湖新区",
    "打造新区",
)
_ONLY_SORTS = Pattern(re.compile(f"(?:{_SORTS})+"), "国家级", "滨湖")
_LOCAL = Pattern(
    re.compile(
        "(?:国家级)?(?:高新技术产业开发区|高新技术开发区|经济技术开发区|经济开发区|高新区|经开区|开发区(?!域)|综保区|新区(?!域))"
    ),
    "高新区",
    "园区",
)


def area_end(folded: str, start: int, outer: Division) -> int | None:
    """The end of the area whose name goes on at the offset behind that of the division: 合肥|高新区; None if none does."""
    sort = _SORT_OF_AREA.regex.match(folded, start)
    if sort:
        return sort.end()
    named = _NAMED_AREA.regex.match(folded, start)
    return None if named is None or _names_division(named["name"], outer) else named.end()


def _names_division(name: str, outer: Division) -> bool:
    """Whether the name is or begins with that of a division inside, behind which the area is looked for: 合肥包河|经开区.

    The bare name of a county counts only as a whole: 长白山保护开发区 is not 长白's.
    """
    beginnings = (name[:length] for length in range(2, len(name) + 1))
    bearers = (bearer for beginning in beginnings for bearer in names().get(beginning, ()))
    inside = [bearer for bearer in bearers if bearer.is_inside(outer)]
    return any(bearer.level == "city" or name in (bearer.bare, bearer.name) for bearer in inside)


def named_area_end(folded: str) -> int | None:
    """The end of the area with a name of its own with which the text opens: 滨湖新区, but not 国家级开发区."""
    named = _NAMED_AREA.regex.match(folded)
    is_name = named is not None and not _ONLY_SORTS.regex.fullmatch(named["name"])
    return named.end() if named and is_name else None


def local_area_end(folded: str) -> int | None:
    """The end of the area without a name with which the text opens, which says where it lies elsewhere: 高新区."""
    local = _LOCAL.regex.match(folded)
    return local.end() if local else None


def is_unplaced(division: Division) -> bool:
    """Whether it is an area of which is not known where it lies."""
    return division.is_area and division.code.startswith("00")


def is_local_area(division: Division) -> bool:
    """Whether it is an area without a name of its own of which is not known where it lies: 高新区."""
    return is_unplaced(division) and bool(_LOCAL.regex.fullmatch(division.name))
