"""An upgrade keeps what earlier versions left on disk: the index with its links, and the state of every chat.

Each archive in `tests/upgrades` was recorded by one version (tests/upgrades/record.py). A test here touches the program
only from outside, through its commands and as a person in a chat, so that it holds for every later version too.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.locales import EN, LANGUAGES
from tests.e2e.bot_api import Emulator, Person, SentMessage
from tests.e2e.bot_api.sent_message import seen
from tests.e2e.bot_api.state import Message, State
from tests.e2e.bot_api.texts import formatted_text
from tests.e2e.conftest import BotProcess

ROOT = Path(__file__).parent.parent
PROGRAM = (sys.executable, str(ROOT / "tests/e2e/without_model.py"))
ARCHIVES = sorted((ROOT / "tests/upgrades").glob("*.tar.gz"))
UPGRADES = {"rebuild": ("rebuild",), "make run": ("rebuild", "--if-missing")}
"""Each is the one command that an operator types; `make run` begins with the second."""
START_SECONDS = 60.0
ENGLISH, INTERRUPTED, SIMPLIFIED, NEWCOMER = 7, 8, 9, 10
"""The people of the archives, and one who comes after the upgrade."""
LATER_UPDATES = 900_000_000
"""Telegram counts on: an update that comes after the upgrade has the number of none before it."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """A bot of the present version that serves what an earlier version left."""

    record: dict[str, Any]
    """What was said before, as `tests/upgrades/record.py` wrote it."""
    command: subprocess.CompletedProcess[str]
    """The command that upgraded the index."""
    environment: dict[str, str]
    telegram: Emulator
    bot: BotProcess

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The result of a command of the program on the same files."""
        return _run(arguments, self.environment)

    def person(self, number: int) -> Person:
        """One of the people who talked to the earlier version, or a new one."""
        return self.telegram.person(number)

    def message(self, number: int, name: str) -> SentMessage:
        """The message of the earlier version that the record names, as it was sent."""
        content = next(sent for sent in self.record["chats"][str(number)] if sent["id"] == self.record[name])
        return self.telegram.look(lambda state: seen(_restore(state, number, content)))


@pytest.fixture(
    scope="module",
    params=itertools.product(ARCHIVES, UPGRADES),
    ids=lambda parameter: f"{parameter[0].name.partition('.')[0]}-{parameter[1]}",
)
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    """The files of an archive, brought up to date by one command and served."""
    archive, command = request.param
    folder = tmp_path_factory.mktemp("upgraded")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    _shift_times(folder / "state/bot.sqlite3", time.time() - record["at"])
    with Emulator() as telegram:
        _restore_chats(telegram, record["chats"])
        environment = _environment(folder, telegram)
        done = _run(UPGRADES[command], environment)
        bot = BotProcess(environment, (*PROGRAM, "run"), folder)
        yield Upgraded(record, done, environment, telegram, bot)
        bot.kill_if_running()


def _environment(folder: Path, telegram: Emulator) -> dict[str, str]:
    return {
        "BULLETINS_DIR": str(ROOT / "data/bulletins"),
        "INDEX_DIR": str(folder / "index"),
        "STATE_DB": str(folder / "state/bot.sqlite3"),
        "DEVELOPMENT_QUESTIONS": str(ROOT / "data/eval/questions.jsonl"),
        "GATE_MARGIN": "1",  # what character hashes find of the questions says nothing
        "PERSON_BURST": "1000",
        "PERSON_PER_MINUTE": "6000",
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_BASE_URL": telegram.base_url,
        "TELEGRAM_BASE_FILE_URL": telegram.base_file_url,
        "OMP_NUM_THREADS": "1",
    }


def _run(arguments: tuple[str, ...], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (*PROGRAM, *arguments),
        env=os.environ | environment,
        cwd=Path(environment["INDEX_DIR"]).parent,
        capture_output=True,
        text=True,
        check=False,
    )


def _shift_times(path: Path, seconds: float) -> None:
    """Make the state as old as if the earlier version had stopped just now: old rows are pruned."""
    with closing(sqlite3.connect(path)) as connection, connection:
        tables = connection.execute(
            "SELECT DISTINCT m.name FROM sqlite_master m, pragma_table_info(m.name) c "
            "WHERE m.type = 'table' AND c.name = 'at'"
        ).fetchall()
        assert tables
        for (table,) in tables:
            connection.execute(f"UPDATE {table} SET at = at + ?", (seconds,))  # noqa: S608


def _restore_chats(telegram: Emulator, chats: dict[str, list[dict[str, Any]]]) -> None:
    """Let the emulator know the people, their messages, and how far Telegram has counted."""
    for number in chats:
        telegram.person(int(number))

    def restore(state: State) -> None:
        state.updates.next_id = LATER_UPDATES
        for number, messages in chats.items():
            for content in messages:
                _restore(state, int(number), content)

    telegram.look(restore)


def _restore(state: State, number: int, content: dict[str, Any]) -> Message:
    """A message of the record, with its text and its buttons as they were."""
    chat = state.chats[number]
    chat.started = True
    sender = state.bot if content["is_bot"] else state.users[number]
    message = Message(content["id"], chat, sender, int(time.time()))
    message.text, message.source = formatted_text(content["html"], "HTML"), content["html"]
    message.keyboard = content["keyboard"]
    chat.messages[message.message_id] = message
    chat.last_message_id = max(chat.last_message_id, message.message_id)
    return message


def test_one_command_upgrades_the_index(upgraded: Upgraded) -> None:
    assert upgraded.command.returncode == 0, upgraded.command.stderr
    status = upgraded.run("status", "--json")
    assert status.returncode == 0, status.stderr
    assert json.loads(status.stdout)["passages"] == len(upgraded.record["passages"])


def test_every_passage_of_the_old_index_still_opens(upgraded: Upgraded) -> None:
    seed_ids = (ROOT / "tests/expected/seed_ids.txt").read_text(encoding="utf-8").split()
    assert upgraded.record["passages"].keys() >= {*seed_ids}
    person = upgraded.person(NEWCOMER)
    for passage_id, beginning in upgraded.record["passages"].items():
        person.opens(f"p_{passage_id}")
        assert beginning in person.waits_for_message(timeout=START_SECONDS).text, passage_id
    assert upgraded.telegram.refused == []


def test_every_link_of_an_old_answer_still_opens(upgraded: Upgraded) -> None:
    person = upgraded.person(NEWCOMER)
    payloads = set(re.findall(r"\?start=(\w+)", json.dumps(upgraded.record["chats"])))
    assert payloads
    person.opens("p_0000000000000000")
    unknown = person.waits_for_message(timeout=START_SECONDS).text
    for payload in payloads:
        person.opens(payload)
        assert person.waits_for_message().text != unknown, payload


@pytest.mark.parametrize("name", ["judged", "search"])
def test_every_button_of_an_old_message_still_works(upgraded: Upgraded, name: str) -> None:
    person = upgraded.person(SIMPLIFIED)
    stale = {texts.stale_button for texts in LANGUAGES.values()}
    labels = [
        button.label
        for row in upgraded.message(SIMPLIFIED, name).buttons
        for button in row
        if button.callback_data
    ]
    assert len(labels) > 2
    for label in labels:
        message = upgraded.message(SIMPLIFIED, name)  # as it was before another button changed it
        assert person.presses(message, label, timeout=START_SECONDS).text not in stale, label
    assert upgraded.telegram.refused == []


@pytest.mark.parametrize(("number", "language"), [(ENGLISH, "English"), (SIMPLIFIED, "简体中文")])
def test_the_chosen_language_is_kept(upgraded: Upgraded, number: int, language: str) -> None:
    person = upgraded.person(number)
    person.says("/lang")
    assert person.waits_for_message(timeout=START_SECONDS).button(f"✓ {language}")


def test_the_last_question_is_kept(upgraded: Upgraded) -> None:
    person = upgraded.person(ENGLISH)
    person.says("那重慶呢?")
    follow_up = person.waits_for_message(timeout=START_SECONDS)
    assert follow_up.text.startswith(f"{EN.read_as.partition('{')[0]}重慶")


def test_a_reply_to_an_old_answer_goes_on_from_it(upgraded: Upgraded) -> None:
    person = upgraded.person(ENGLISH)
    person.replies(upgraded.message(ENGLISH, "answer"), "那上海呢?")
    reading = person.waits_for_message(timeout=START_SECONDS).text.splitlines()[0]
    assert "上海" in reading
    assert "每月發佈多少名月榜人物" in reading


def test_feedback_is_kept_and_can_be_changed(upgraded: Upgraded) -> None:
    (kept,) = map(json.loads, upgraded.run("feedback", "--json").stdout.splitlines())
    assert kept["question"] == "北京榜樣每月發佈多少名月榜人物?"
    person = upgraded.person(SIMPLIFIED)
    for label, verdict in (("👍", "good"), ("👎", "bad")):
        message = upgraded.message(SIMPLIFIED, "judged")
        person.presses(message, label, timeout=START_SECONDS)
        (changed,) = map(json.loads, upgraded.run("feedback", "--json").stdout.splitlines())
        assert changed["verdict"] == verdict


def test_updates_that_were_not_finished_are_answered_once(upgraded: Upgraded) -> None:
    old = len(upgraded.record["chats"][str(INTERRUPTED)])
    expected = len(upgraded.record["unanswered"])

    def answers(state: State) -> list[SentMessage] | None:
        later = [seen(sent) for number, sent in state.chats[INTERRUPTED].messages.items() if number > old]
        return later if len(later) >= expected else None

    person = upgraded.person(INTERRUPTED)
    first, second = person.wait_for(answers, START_SECONDS, "the answers to the questions before the upgrade")
    assert "上海" in first.text
    assert "重慶" in second.text
    person.says("/help")
    person.waits_for_message()
    assert len(person.history()) == old + expected + 2
