"""Display names of places, in the script of the text that names them, with province, city and district."""

from __future__ import annotations

import functools
import operator

from retrieval.language import fold, scripts
from retrieval.places.gazetteer import Division, names, official_name, parents
from retrieval.places.recognition import PlaceMention
from retrieval.types import Place

# The script of a text shows in its first characters.
_ENOUGH_FOR_SCRIPT = 500


def display_place(mention: PlaceMention, text: str) -> Place:
    """The place with its province, city and district filled in, in the script of the text."""
    written = text[mention.start : mention.end]
    traditional = _is_traditional(text[:_ENOUGH_FOR_SCRIPT])
    division = mention.divisions[-1]
    province, city = parents(division)
    return Place(
        name=_display_name(mention, written),
        province=_in_script(province, traditional),
        city=_in_script(city, traditional),
        district=_in_script(division if division.level == "district" else None, traditional),
    )


def _display_name(mention: PlaceMention, written: str) -> str:
    """The short names joined, as written in the text: 遼寧省大連市 → 遼寧大連."""
    folded = fold(written)
    parts: list[str] = []
    cursor = 0
    for division in mention.divisions:
        used = next((name for name in _forms(division) if folded.find(name, cursor) >= 0), folded[cursor:])
        cursor = max(cursor, folded.find(used, cursor))
        # 吉林市 and 海南州 keep their level: without it they are the province.
        is_clear = names().get(division.short, (division,))[0] == division
        shown = division.short if used.startswith(division.short) and is_clear else used
        parts.append(written[cursor : cursor + len(shown)])
        cursor += len(used)
    return "".join(parts)


def _forms(division: Division) -> tuple[str, ...]:
    """The names of a division, longest first."""
    forms = (division.name, division.short + "州", division.short + "县", division.short, division.bare)
    return tuple(form for form in forms if division in names().get(form, ()))


def _in_script(division: Division | None, traditional: bool) -> str | None:
    if division is None:
        return None
    name = official_name(division)
    return scripts.to_traditional(name) if traditional else name


# The paragraphs of an item are displayed one after the other, with the same text.
@functools.lru_cache(maxsize=64)
def _is_traditional(text: str) -> bool:
    """Whether more characters are of the Traditional script alone than of the Simplified."""
    simplified = scripts.to_simplified(text)
    rewritten = scripts.to_traditional(text)
    return _differences(text, simplified) > _differences(text, rewritten)


def _differences(one: str, other: str) -> int:
    return sum(map(operator.ne, one, other))
