"""The first screen, help, the choice of a language, and how each command is used."""

from __future__ import annotations

from collections.abc import Sequence

from bot.locales import LANGUAGES, Texts
from bot.replies import callback_data as callbacks
from bot.replies.callback_data import Example
from bot.replies.markup import Button, Reply, Rows, escape, some


def welcome_reply(covered: Sequence[str], examples: Sequence[tuple[int, str]], texts: Texts) -> Reply:
    """What the bot does and what is covered; questions to try (with their numbers) and ways to browse as buttons."""
    blocks = [texts.welcome, texts.covered.format(places=escape(some(covered, texts)))]
    rows = tuple((_example(Example.ASK, number, text),) for number, text in examples)
    if rows:
        blocks.append(texts.try_these)
    return Reply(("\n\n".join(blocks),), (*rows, *browsing_rows(texts)))


def browsing_rows(texts: Texts) -> Rows:
    """From here everything is reached without typing."""
    return (
        (
            Button(texts.browse_places, callbacks.lists_places()),
            Button(texts.browse_bulletins, callbacks.lists_bulletins()),
            Button(texts.start_search, callbacks.SEARCH_USAGE),
        ),
        (
            Button(texts.start_help, callbacks.HELP),
            Button(texts.start_language, callbacks.LANGUAGE),
        ),
    )


def home_row(texts: Texts) -> tuple[Button, ...]:
    """The way back to the first screen."""
    return (Button(texts.home, callbacks.HOME),)


def help_reply(texts: Texts) -> Reply:
    """How to use the bot, and what it keeps of a person."""
    rows = ((Button(texts.about.button, callbacks.ABOUT), *home_row(texts)),)
    return Reply((f"{texts.help}\n\n{texts.about.retention}",), rows)


def unknown_command_reply(texts: Texts) -> Reply:
    """That there is no such command, and then the help."""
    shown = help_reply(texts)
    return Reply((f"{escape(texts.unknown_command)}\n\n{shown.messages[0]}",), shown.rows)


def language_reply(tag: str, texts: Texts, *, is_changed: bool = False) -> Reply:
    """The languages, the present one ticked."""
    rows = tuple(
        (Button(f"✓ {known.name}" if code == tag else known.name, callbacks.sets_language(code)),)
        for code, known in LANGUAGES.items()
    )
    said = texts.language_set if is_changed else texts.language_question
    return Reply((escape(said),), (*rows, home_row(texts)))


def usage_reply(kind: Example, texts: Texts) -> Reply:
    """How a command is used, with examples to tap."""
    said = {
        Example.ASK: texts.ask_usage,
        Example.SEARCH: texts.search_usage,
        Example.COMPARE: texts.compare_usage,
    }[kind]
    rows = tuple((_example(kind, number, text),) for number, text in enumerate(examples_of(kind, texts)))
    return Reply((escape(said),), (*rows, home_row(texts)))


def examples_of(kind: Example, texts: Texts) -> tuple[str, ...]:
    """What can be tapped instead of typed."""
    return {
        Example.ASK: texts.ask_examples,
        Example.SEARCH: texts.search_examples,
        Example.COMPARE: texts.compare_examples,
    }[kind]


def _example(kind: Example, number: int, text: str) -> Button:
    return Button(text, callbacks.runs_example(kind, number))
