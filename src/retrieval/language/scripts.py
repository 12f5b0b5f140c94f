"""Converts texts between Simplified and Traditional Chinese by words, with the tables of OpenCC.

For showing and comparing; the result may differ in length. Matching goes through `fold`, which keeps offsets.
"""

from __future__ import annotations

import functools

import opencc


def to_simplified(text: str) -> str:
    """The text in Simplified characters."""
    converted: str = _converter("t2s").convert(text)
    return converted


def to_traditional(text: str) -> str:
    """The text in Traditional characters."""
    converted: str = _converter("s2t").convert(text)
    return converted


@functools.cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)
