"""Tables that an OFD page rules with paths: a row is a line with its headings, as in other formats."""

from __future__ import annotations

import itertools

import pytest

from retrieval.reading.formats.loader import read_content
from tests.retrieval.reading.formats.ofd.ofd_file import Path, Text, grid, lines, ofd

COLUMNS, ROWS = (30.0, 60.0, 110.0, 150.0), (80.0, 90.0, 100.0, 110.0)
CELLS = (
    ("區縣", "志願服務隊", "人數"),
    ("梁溪區", "鄰里守望隊", "1200"),
    ("濱湖區", "護河隊", "860"),
)
EXPECTED = [
    "江蘇無錫市各區志願服務情況如下。",
    "區縣：梁溪區；志願服務隊：鄰里守望隊；人數：1200",
    "區縣：濱湖區；志願服務隊：護河隊；人數：860",
    "以上數據截至六月底。",
]
AROUND = [*lines("　　江蘇無錫市各區志願服務情況如下。", top=70), *lines("　　以上數據截至六月底。", top=125)]


def texts(objects: list[Text | Path], template: list[Text | Path] | None = None) -> list[str]:
    return [line.text for line in read_content(ofd([objects], template or []), "a.ofd").lines]


def table(columns: tuple[float, ...] = COLUMNS) -> list[Text]:
    return [
        Text(cell, column + 2, row + 7, size=4.2)
        for row, cells in zip(ROWS, CELLS, strict=False)
        for column, cell in zip(columns, cells, strict=False)
    ]


def boxes() -> list[Path]:
    """Each cell as a closed rectangle."""
    return [
        Path(f"M {left} {top} L {right} {top} L {right} {bottom} L {left} {bottom} C")
        for left, right in itertools.pairwise(COLUMNS)
        for top, bottom in itertools.pairwise(ROWS)
    ]


def bars() -> list[Path]:
    """Each rule as a thin filled rectangle without a stroke."""
    thin = 'Stroke="false" Fill="true"'
    sides = [(COLUMNS[0], y, COLUMNS[-1], y + 0.3) for y in ROWS] + [
        (x, ROWS[0], x + 0.3, ROWS[-1]) for x in COLUMNS
    ]
    return [Path(f"M {a} {b} L {c} {b} L {c} {d} L {a} {d} C", thin) for a, b, c, d in sides]


@pytest.mark.parametrize("rules", [grid(COLUMNS, ROWS), boxes(), bars()], ids=["lines", "boxes", "bars"])
def test_rows_of_a_ruled_table_have_their_headings(rules: list[Path]) -> None:
    assert texts([*AROUND, *rules, *table()]) == EXPECTED


def test_the_rules_of_a_form_may_stand_in_the_template() -> None:
    assert texts([*AROUND, *table()], [*grid(COLUMNS, ROWS)]) == EXPECTED


def test_a_cell_with_several_lines_is_one_and_the_matrix_moves_rules_with_text() -> None:
    rules = [Path(path.commands, 'CTM="1 0 0 1 0 0"') for path in grid(COLUMNS, (80.0, 90.0, 106.0, 116.0))]
    cells = [
        *table()[:3],
        Text("梁溪區", 32, 100, size=4.2),
        Text("鄰里守望隊，每周", 62, 97, size=4.2),
        Text("巡查河道兩次", 62, 103, size=4.2),
        Text("1200", 112, 100, size=4.2),
        Text("濱湖區", 32, 113, size=4.2),
        Text("護河隊", 62, 113, size=4.2),
        Text("860", 112, 113, size=4.2),
    ]
    assert texts([*rules, *cells]) == [
        "區縣：梁溪區；志願服務隊：鄰里守望隊，每周巡查河道兩次；人數：1200",
        "區縣：濱湖區；志願服務隊：護河隊；人數：860",
    ]


def test_merged_cells_and_two_rows_of_headings() -> None:
    columns, rows = (30.0, 60.0, 90.0, 120.0, 160.0), (80.0, 90.0, 100.0, 110.0, 120.0)
    rules = [Path.line((columns[0], y), (columns[-1], y)) for y in (80.0, 100.0, 110.0, 120.0)]
    rules += [Path.line((60, 90), (120, 90))]
    rules += [Path.line((x, rows[0]), (x, rows[-1])) for x in (30.0, 60.0, 120.0, 160.0)]
    rules += [Path.line((90, 90), (90, 120))]
    cells = [
        Text("區縣", 38, 92, size=4.2),
        Text("註冊志願者", 78, 87, size=4.2),
        Text("備註", 134, 92, size=4.2),
        Text("男", 72, 97, size=4.2),
        Text("女", 102, 97, size=4.2),
        *(
            Text(cell, x + 5, 107, size=4.2)
            for cell, x in zip(("梁溪區", "350", "420", "照常"), columns, strict=False)
        ),
        *(
            Text(cell, x + 5, 117, size=4.2)
            for cell, x in zip(("濱湖區", "128", "200", "延期"), columns, strict=False)
        ),
    ]
    assert texts([*rules, *cells]) == [
        "區縣：梁溪區；註冊志願者·男：350；註冊志願者·女：420；備註：照常",
        "區縣：濱湖區；註冊志願者·男：128；註冊志願者·女：200；備註：延期",
    ]


def test_a_place_over_several_rows_stands_in_each() -> None:
    rules = [Path.line((COLUMNS[0], y), (COLUMNS[-1], y)) for y in (80.0, 90.0, 110.0)]
    rules += [Path.line((60, 100), (150, 100)), *(Path.line((x, 80), (x, 110)) for x in COLUMNS)]
    cells = [*table()[:3], Text("梁溪區", 32, 102, size=4.2), *table()[4:6], *table()[7:]]
    assert texts([*rules, *cells]) == [
        "區縣：梁溪區；志願服務隊：鄰里守望隊；人數：1200",
        "區縣：梁溪區；志願服務隊：護河隊；人數：860",
    ]


def test_the_red_rule_of_a_letter_head_and_hidden_rules_make_no_table() -> None:
    hidden = [
        Path(path.commands, 'Visible="false"') for path in grid((20.0, 60.0, 190.0), (60.0, 85.0, 140.0))
    ]
    red = Path.line((26, 50), (184, 50))
    assert texts([Text("無錫文明簡報", 80, 40), red, *hidden, *AROUND]) == [
        "無錫文明簡報",
        EXPECTED[0],
        EXPECTED[-1],
    ]


@pytest.mark.parametrize("commands", ["", "L", "M 1", "Z Z 9 9", "M NaN 1e999 L -- 0 C", "C C C"])
def test_damaged_commands_leave_the_text_as_it_is(commands: str) -> None:
    assert texts([*AROUND, Path(commands)]) == [EXPECTED[0], EXPECTED[-1]]
