from __future__ import annotations

import subprocess
import sys

import pytest

from retrieval.language import pinyin

_LOADED = """
from retrieval.language import pinyin
pinyin.readings("重")
from pypinyin.constants import PHRASES_DICT
print(bool(PHRASES_DICT))
pinyin.syllables("重庆")
print(bool(PHRASES_DICT))
"""


@pytest.mark.parametrize(
    ("character", "expected"), [("重", {"zhong", "chong"}), ("北", {"bei"}), ("a", {"a"})]
)
def test_a_character_has_all_its_readings(character: str, expected: set[str]) -> None:
    assert expected <= pinyin.readings(character)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("重庆", ("chong", "qing")), ("长春", ("chang", "chun")), ("六安", ("lu", "an"))],
)
def test_a_word_has_the_readings_of_its_phrase(text: str, expected: tuple[str, ...]) -> None:
    assert pinyin.syllables(text) == expected


def test_the_table_of_phrases_is_loaded_for_a_word_and_not_for_a_character() -> None:
    done = subprocess.run([sys.executable, "-c", _LOADED], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "True"]


def test_threads_that_ask_first_at_once_all_get_readings() -> None:
    """In a process of its own: the tables are loaded once a process."""
    program = (
        "import sys, threading\n"
        "sys.setswitchinterval(1e-5)\n"
        "from retrieval.language import pinyin\n"
        "read = []\n"
        "threads = [threading.Thread(target=lambda: read.append(pinyin.syllables('重庆'))) for _ in range(8)]\n"
        "[thread.start() for thread in threads]\n"
        "[thread.join() for thread in threads]\n"
        "assert read == [('chong', 'qing')] * 8, read\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
