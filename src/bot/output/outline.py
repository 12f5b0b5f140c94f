"""The passages and findings read from files, as a tree for people and as JSON lines for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from rich.text import Text
from rich.tree import Tree

from bot.output.json_output import json_line
from bot.output.printable import printable
from retrieval.types import Finding, LeftOut, Passage, Reading, Section

_CHARACTERS_SHOWN = 32


def outline_tree(reading: Reading, *, with_left_out: bool = False) -> Tree:
    """Tree of file → bulletin with issue and date → place → sections → beginnings of paragraphs; then the findings."""
    root = Tree(_summary(reading))
    for file, in_file in groupby(reading.passages, key=lambda passage: passage.file):
        passages = list(in_file)
        collection = f"  {passages[0].collection}" if passages[0].collection else ""
        branch = root.add(Text.assemble((file, "bold"), (collection, "dim")))
        for bulletin, in_bulletin in groupby(
            passages, key=lambda passage: (passage.bulletin, passage.bulletin_title)
        ):
            _add_bulletin(branch, bulletin, list(in_bulletin))
    if reading.findings:
        _add_findings(root, reading.findings)
    _add_left_out(root, reading.left_out if with_left_out else (), left_out_text(reading.left_out_counts))
    return root


def _summary(reading: Reading) -> Text:
    files = len({passage.file for passage in reading.passages})
    bulletins = len({(passage.file, passage.bulletin) for passage in reading.passages})
    places = len({passage.place_name for passage in reading.passages if passage.place_name})
    parts = (
        _count(len(reading.passages), "passage"),
        _count(bulletins, "bulletin"),
        _count(places, "place"),
        _count(files, "file"),
        _count(len(reading.findings), "finding"),
    )
    return Text(" · ".join(parts))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _add_bulletin(branch: Tree, bulletin: tuple[str, str], passages: list[Passage]) -> None:
    label, title = bulletin
    shown = title if title and label in title else f"{label}  {title}".rstrip()
    dated = [extra for extra in (passages[0].issue, passages[0].date) if extra and extra not in shown]
    node = branch.add(Text.assemble((shown, "cyan"), (("  " + " ".join(dated)) if dated else "", "dim")))
    for place, at_place in groupby(passages, key=lambda passage: passage.place_name):
        place_node = node.add(Text(place or "no place", style="green" if place else "yellow"))
        _add_sections(place_node, at_place)


def _add_sections(node: Tree, passages: Iterable[Passage]) -> None:
    """Add each section once, below the section that contains it, with its paragraphs as leaves."""
    nodes: list[tuple[Section, Tree]] = []
    for passage in passages:
        shared = 0
        for (open_section, _), section in zip(nodes, passage.section_path, strict=False):
            if open_section != section:
                break
            shared += 1
        del nodes[shared:]
        for section in passage.section_path[shared:]:
            parent = nodes[-1][1] if nodes else node
            nodes.append((section, parent.add(Text(section.full))))
        (nodes[-1][1] if nodes else node).add(_leaf(passage))


def _leaf(passage: Passage) -> Text:
    number = f"{passage.line}: " if passage.line is not None else ""
    beginning = passage.text[:_CHARACTERS_SHOWN] + ("…" if len(passage.text) > _CHARACTERS_SHOWN else "")
    recognized = f"  recognised {passage.recognized.score:.0%}" if passage.recognized else ""
    return Text.assemble((number, "dim"), beginning, (recognized, "magenta"))


def _add_findings(root: Tree, findings: Iterable[Finding]) -> None:
    node = root.add(Text("to look at", style="bold yellow"))
    for finding in findings:
        node.add(Text.assemble((_position(finding), "yellow"), "  ", finding.message))


def _add_left_out(root: Tree, entries: Iterable[LeftOut], summary: str) -> None:
    node = root.add(Text(summary, style="dim"))
    for entry in entries:
        where = entry.file if entry.line is None else f"{entry.file}:{entry.line}"
        node.add(Text.assemble((where, "dim"), f"  {entry.reason}  ", entry.text))


def left_out_text(counts: Mapping[str, int]) -> str:
    """One line such as "left out: 14 lines (12 boilerplate, 2 repeated page head)"."""
    if not counts:
        return "left out: nothing"
    reasons = ", ".join(f"{count} {reason}" for reason, count in counts.items())
    return f"left out: {_count(sum(counts.values()), 'line')} ({reasons})"


def finding_text(finding: Finding) -> str:
    """A finding on one line: file, line and message."""
    return printable(f"{_position(finding)}: {finding.message}")


def _position(finding: Finding) -> str:
    return finding.file if finding.line is None else f"{finding.file}:{finding.line}"


def outline_json_lines(reading: Reading) -> Iterator[str]:
    """One JSON object a passage, in the order of the text, then one a line that was left out."""
    for passage in reading.passages:
        yield json_line(_as_json(passage))
    for entry in reading.left_out:
        fields = {
            "left_out": entry.text,
            "reason": entry.reason.value,
            "file": entry.file,
            "line": entry.line,
        }
        yield json_line(fields)


def _as_json(passage: Passage) -> dict[str, object]:
    place = passage.place
    return {
        "passage_id": passage.passage_id,
        "file": passage.file,
        "line": passage.line,
        "bulletin": passage.bulletin,
        "place": place
        and {"name": place.name, "province": place.province, "city": place.city, "district": place.district},
        "section": passage.section,
        "section_path": [section.full for section in passage.section_path],
        "heading": passage.heading,
        "text": passage.text,
        "date": passage.date,
        "issue": passage.issue,
        "recognized": passage.recognized.score if passage.recognized else None,
        "collection": passage.collection,
    }
