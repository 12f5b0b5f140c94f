"""Records what one version of the program leaves on disk: an index, a STATE_DB and the chats that led to it.

Run it in a checkout of the version that is to be recorded, which need not contain this file:

    git worktree add ../old COMMIT
    cd ../old
    PYTHONPATH=$PWD:$PWD/src python .../tests/upgrades/record.py .../tests/upgrades/COMMIT.tar.gz

`90f980e.tar.gz` was made so by commit 90f980e, the last one before the modules were moved into packages. The encoder of
character hashes stands in for the model (tests/e2e/without_model.py): its vectors are a twelfth as long, so that the
whole archive stays below half a megabyte. The bot is killed while two questions are unanswered.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.e2e.bot_api import Emulator, Person, SentMessage
from tests.e2e.bot_api.state import State

CHECKOUT = Path.cwd()
PROGRAM = (sys.executable, str(CHECKOUT / "tests/e2e/without_model.py"))
START_SECONDS = 90.0
ENGLISH, INTERRUPTED, SIMPLIFIED = 7, 8, 9
"""The people who talk to the bot: one chose English, one is waiting for two answers, one chose Simplified Chinese."""


def main() -> None:
    """Write the archive that the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path)
    archive = parser.parse_args().archive.resolve()
    with tempfile.TemporaryDirectory() as folder:
        record(Path(folder))
        with tarfile.open(archive, "w:gz") as packed:
            packed.add(folder, arcname=".")


def record(folder: Path) -> None:
    """Fill the folder with `index`, `state` and `record.json`."""
    questions = folder / "questions"
    questions.mkdir()
    shutil.copy(CHECKOUT / "data/eval/questions.jsonl", questions)
    with Emulator() as telegram:
        environment = os.environ | {
            "BULLETINS_DIR": str(CHECKOUT / "data/bulletins"),
            "INDEX_DIR": str(folder / "index"),
            "STATE_DB": str(folder / "state/bot.sqlite3"),
            "DEVELOPMENT_QUESTIONS": str(questions),
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_BASE_URL": telegram.base_url,
            "TELEGRAM_BASE_FILE_URL": telegram.base_file_url,
        }
        # Away from the checkout, so that no `.env` of the person who records is read.
        subprocess.run((*PROGRAM, "rebuild"), env=environment, cwd=folder, check=True)
        outline = subprocess.run(
            (*PROGRAM, "outline", "--json"), env=environment, cwd=folder, check=True, capture_output=True
        )
        bot = subprocess.Popen((*PROGRAM, "run"), env=environment, cwd=folder)
        try:
            made = chat(telegram, folder / "state/bot.sqlite3")
        finally:
            bot.send_signal(signal.SIGKILL)
            bot.wait()
    made["passages"] = beginnings(outline.stdout.decode())
    made["at"] = time.time()
    shutil.rmtree(questions)
    (folder / "record.json").write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")


def beginnings(outline: str) -> dict[str, str]:
    """The first characters of each passage, by its id."""
    lines = (json.loads(line) for line in outline.splitlines())
    return {line["passage_id"]: line["text"][:16] for line in lines if "passage_id" in line}


def chat(telegram: Emulator, state: Path) -> dict[str, object]:
    """Everything that is said; returns who said what, and which messages hold answers and searches."""
    reader = telegram.person(ENGLISH)
    choose_language(reader, "English")
    answer = asked(reader, "北京榜樣每月發佈多少名月榜人物?")
    editor = telegram.person(SIMPLIFIED)
    choose_language(editor, "简体中文")
    judged = asked(editor, "北京榜樣每月發佈多少名月榜人物?")
    editor.presses(judged, "👎")
    search = asked(editor, "/search 志願者 @重慶")
    interrupted = telegram.person(INTERRUPTED)
    interrupted.says("/help")
    interrupted.waits_for_message()
    telegram.fault("sendMessage", delay=60.0, times=20)
    unanswered = ["上海的志願者有什麼保障?", "/search 好人 @重慶"]
    for question in unanswered:
        interrupted.says(question)
    waits_until(lambda: unfinished(state) == len(unanswered))
    time.sleep(1.0)  # the handler of the first has begun
    people = (reader, interrupted, editor)
    return {
        "chats": {str(person.user.id): telegram.look(messages_of(person)) for person in people},
        "answer": answer.message_id,
        "judged": judged.message_id,
        "search": search.message_id,
        "unanswered": unanswered,
    }


def choose_language(person: Person, name: str) -> None:
    """Choose the language of the interface by its button."""
    person.says("/lang")
    person.presses(person.waits_for_message(timeout=START_SECONDS), name)


def asked(person: Person, text: str) -> SentMessage:
    """The reply to a text."""
    person.says(text)
    return person.waits_for_message()


def messages_of(person: Person) -> Callable[[State], list[dict[str, object]]]:
    """Looks up the messages of the person's chat, oldest first, with their buttons."""
    return lambda state: [
        {
            "id": message.message_id,
            "is_bot": message.sender.is_bot,
            "html": message.source,
            "keyboard": message.keyboard,
        }
        for message in state.chats[person.user.id].messages.values()
    ]


def unfinished(state: Path) -> int:
    """How many updates the bot has stored and not handled."""
    connection = sqlite3.connect(f"file:{state}?mode=ro", uri=True)
    try:
        (count,) = connection.execute("SELECT count(*) FROM updates WHERE body IS NOT NULL").fetchone()
    finally:
        connection.close()
    return int(count)


def waits_until(is_so: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait; raises TimeoutError after so many seconds."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


if __name__ == "__main__":
    main()
