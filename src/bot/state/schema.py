"""Tables of the state, as migration scripts: each raises the schema version by one."""

from __future__ import annotations

from collections.abc import Callable

Value = str | int | float | None
Row = tuple[Value, ...]
Clock = Callable[[], float]
"""Gives the time in seconds since 1970, as the column `at` has it."""

APPLICATION_ID = 0x42756C42
"""SQLite's application id ("BulB"): a database with another id is not written to."""

# Times are seconds since 1970. Every table of this script has `at`, used for pruning; turns, quotes and message ids
# are JSON.
_FIRST = """
CREATE TABLE languages (
    person INTEGER PRIMARY KEY, language TEXT NOT NULL, at REAL NOT NULL
) STRICT;
CREATE TABLE turns (
    chat INTEGER NOT NULL, person INTEGER NOT NULL, turn TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (chat, person)
) STRICT;
CREATE TABLE answers (
    answer_id TEXT PRIMARY KEY, chat INTEGER NOT NULL, person INTEGER NOT NULL, messages TEXT NOT NULL,
    turn TEXT NOT NULL, before TEXT, generation TEXT NOT NULL, quotes TEXT NOT NULL, at REAL NOT NULL
) STRICT;
CREATE TABLE answer_messages (
    chat INTEGER NOT NULL, message INTEGER NOT NULL,
    answer_id TEXT NOT NULL REFERENCES answers (answer_id) ON DELETE CASCADE,
    PRIMARY KEY (chat, message)
) STRICT;
CREATE TABLE sent (
    chat INTEGER NOT NULL, question INTEGER NOT NULL, messages TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (chat, question)
) STRICT;
CREATE TABLE searches (
    search_id TEXT PRIMARY KEY, search TEXT NOT NULL, at REAL NOT NULL
) STRICT;
CREATE TABLE feedback (
    feedback_id INTEGER PRIMARY KEY, answer_id TEXT NOT NULL, person INTEGER NOT NULL, verdict TEXT NOT NULL,
    question TEXT NOT NULL, generation TEXT NOT NULL, quotes TEXT NOT NULL, at REAL NOT NULL, confirmed TEXT,
    UNIQUE (answer_id, person)
) STRICT;
CREATE TABLE outcomes (
    outcome TEXT NOT NULL, milliseconds REAL NOT NULL, at REAL NOT NULL
) STRICT;
CREATE INDEX languages_at ON languages (at);
CREATE INDEX turns_at ON turns (at);
CREATE INDEX answers_at ON answers (at);
CREATE INDEX answers_of ON answers (person, at);
CREATE INDEX answer_messages_of ON answer_messages (answer_id);
CREATE INDEX sent_at ON sent (at);
CREATE INDEX searches_at ON searches (at);
CREATE INDEX feedback_at ON feedback (at);
CREATE INDEX outcomes_at ON outcomes (at);
"""

_UPDATES = """
CREATE TABLE updates (
    update_id INTEGER PRIMARY KEY, digest TEXT NOT NULL, body TEXT, starts INTEGER NOT NULL, at REAL NOT NULL
) STRICT;
CREATE INDEX updates_at ON updates (at);
"""

# Not pruned: a key holds no personal data, and without it later pseudonyms differ from those in older logs.
_KEYS = """
CREATE TABLE keys (
    purpose TEXT PRIMARY KEY, key TEXT NOT NULL
) STRICT;
"""

# Id of the "please wait" message, deleted when the answer is sent: after a crash another process does that.
_NOTICES = """
ALTER TABLE updates ADD COLUMN notice INTEGER;
"""

# The person who asked, when another one judged the answer: their question is deleted with the rest of their data.
_ASKERS = """
ALTER TABLE feedback ADD COLUMN asker INTEGER;
UPDATE feedback SET asker = (SELECT person FROM answers WHERE answers.answer_id = feedback.answer_id);
CREATE INDEX feedback_of ON feedback (asker)
"""

# The collections that a chat is tied to, as JSON names; without a row, the default one. `at` is the time of the last use,
# to the month.
_COLLECTIONS = """
CREATE TABLE collections (
    chat INTEGER PRIMARY KEY, names TEXT NOT NULL, at REAL NOT NULL
) STRICT
"""

# The quotes that a person collected: `passage` is the id of the paragraph, `text` its characters from `start` to `stop`, by which
# the quote is found again where the paragraph has changed, and `citation` names it where it is gone.
_BASKET = """
CREATE TABLE basket (
    person INTEGER NOT NULL, passage TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, text TEXT NOT NULL,
    citation TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (person, passage, start, stop)
) STRICT;
CREATE INDEX basket_at ON basket (at)
"""

# What chats follow. `collections` and `pending` (passages to tell of) are JSON; `seen` are digests of the texts that matched in
# the generation, which is the last that it was compared with; `at` is when a bot last looked after it.
_SUBSCRIPTIONS = """
CREATE TABLE subscriptions (
    subscription_id TEXT PRIMARY KEY, chat INTEGER NOT NULL, person INTEGER NOT NULL, collections TEXT NOT NULL,
    words TEXT NOT NULL, language TEXT NOT NULL, thread INTEGER, anytime INTEGER NOT NULL, generation TEXT NOT NULL,
    seen TEXT NOT NULL, pending TEXT NOT NULL, at REAL NOT NULL, UNIQUE (chat, collections, words)
) STRICT;
CREATE INDEX subscriptions_of ON subscriptions (person);
CREATE INDEX subscriptions_at ON subscriptions (at)
"""

# `asked` is the question of an answer, since a refusal keeps the turn before it; `reason` of a thumbs-down; `decision` of
# an admin. The messages in chats of admins that show a report: `shown` says in which state. They outlive the report, so
# that a message about a deleted one can be emptied.
_INBOX = """
ALTER TABLE answers ADD COLUMN asked TEXT NOT NULL DEFAULT '';
ALTER TABLE feedback ADD COLUMN reason TEXT;
ALTER TABLE feedback ADD COLUMN decision TEXT;
CREATE TABLE inbox_messages (
    admin INTEGER NOT NULL, message INTEGER NOT NULL, feedback_id INTEGER NOT NULL, shown TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (admin, message)
) STRICT
"""

# By the id of a person: whether they want no worded answers. By that of a chat: the host of which it was told that
# questions and quotes go there. A private chat has the id of its person.
_WORDING = """
CREATE TABLE wording (
    id INTEGER PRIMARY KEY, is_off INTEGER NOT NULL DEFAULT 0, told TEXT NOT NULL DEFAULT '', at REAL NOT NULL
) STRICT
"""

MIGRATIONS = (
    _FIRST,
    _UPDATES,
    _KEYS,
    _NOTICES,
    _ASKERS,
    _COLLECTIONS,
    _BASKET,
    _SUBSCRIPTIONS,
    _INBOX,
    _WORDING,
)
"""In order; the schema version of a file (PRAGMA user_version) is the number of scripts that were applied to it."""
