"""Boxes of a web page by what they hold: characters of prose, links, nearly all of the text."""

from __future__ import annotations

from lxml.etree import _Element

from retrieval.reading.formats.html.block import Block

_PARAGRAPH_TAGS_LISTED = "p li ul ol dl dt dd h1 h2 h3 h4 h5 h6 a tr tbody button pre hr summary"
_PARAGRAPH_TAGS = frozenset(_PARAGRAPH_TAGS_LISTED.split())
"""Boxes of one paragraph, or of parts of one whole."""
# The text is the smallest box with this share of the prose.
_TEXT_SHARE = 0.95


def main_box(prose: list[Block]) -> _Element | None:
    """The innermost box with nearly all of the prose that can hold several paragraphs."""
    total = sum(len(block.text) for block in prose)
    lengths = lengths_by_box(prose)
    depths = {box: depth for block in prose for depth, box in enumerate(block.boxes)}
    holding = [
        box for box in depths if lengths[box] >= _TEXT_SHARE * total and box.tag not in _PARAGRAPH_TAGS
    ]
    return max(holding, key=lambda box: depths[box], default=None)


def lengths_by_box(prose: list[Block]) -> dict[_Element, int]:
    """The number of characters of prose in each box."""
    lengths: dict[_Element, int] = {}
    for block in prose:
        for box in block.boxes:
            lengths[box] = lengths.get(box, 0) + len(block.text)
    return lengths


def regions_of(blocks: list[Block]) -> dict[_Element, tuple[int, int, int]]:
    """(characters, of them in links, number of blocks with links) in each box."""
    regions: dict[_Element, tuple[int, int, int]] = {}
    for block in blocks:
        for box in block.boxes:
            characters, linked, links = regions.get(box, (0, 0, 0))
            regions[box] = (characters + len(block.text), linked + block.linked, links + (block.linked > 0))
    return regions
