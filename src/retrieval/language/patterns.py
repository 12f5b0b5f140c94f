"""A regular expression as a row of data: the expression beside a text that it finds and one that it must not find."""

from __future__ import annotations

import re
from typing import NamedTuple


class Pattern(NamedTuple):
    """`regex.search` finds something in `example` and nothing in `counterexample`; a test runs both."""

    regex: re.Pattern[str]
    example: str
    counterexample: str
