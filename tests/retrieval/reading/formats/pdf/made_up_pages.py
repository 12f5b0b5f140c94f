"""Pages made of glyphs with boxes, without a PDF around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from retrieval.reading.formats.pdf.glyphs import Glyphs
from retrieval.reading.formats.pdf.rows import Row, page_rows

WIDTH, HEIGHT = 595.0, 842.0


@dataclass
class Page:
    """Glyphs in the order of drawing. Sizes in points; an ASCII character is half as wide as a Chinese one."""

    texts: list[str] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def draw(self, text: str, left: float, bottom: float, size: float = 12.0, *, space: float = 0.0) -> Page:
        """Draws a line of text, with that much space between its characters."""
        for character in text:
            width = size / 2 if character.isascii() else size
            self.texts.append(character)
            self.boxes.append((left, bottom, left + width, bottom + size))
            left += width + space
        return self

    def draw_lines(self, lines: Sequence[str], left: float, top: float, leading: float = 18.0) -> Page:
        for number, line in enumerate(lines):
            self.draw(line, left, top - 12.0 - leading * number)
        return self

    def draw_down(self, text: str, left: float, top: float, size: float = 12.0) -> Page:
        """Draws a column of vertical text."""
        for number, character in enumerate(text):
            self.draw(character, left, top - size * (number + 1), size)
        return self

    @property
    def glyphs(self) -> Glyphs:
        return Glyphs.of(self.texts, self.boxes)

    @property
    def rows(self) -> list[Row]:
        return page_rows(self.glyphs, 0, (WIDTH, HEIGHT))

    @property
    def lines(self) -> list[str]:
        return [row.text for row in self.rows]
