"""First screen, help, choice of language, and usage of commands."""

from __future__ import annotations

from collections.abc import Sequence

from bot.locales import LANGUAGES, Texts
from bot.replies import callback_data
from bot.replies.callback_data import Example
from bot.replies.markup import Button, Reply, Rows, escape, shortened_names
from bot.replies.message_length import pack_blocks


def welcome_reply(covered: Sequence[str], examples: Sequence[tuple[int, str]], texts: Texts) -> Reply:
    """Greeting with the covered places; buttons for example questions (number and text) and for browsing."""
    blocks = [texts.welcome, texts.covered.format(places=escape(shortened_names(covered, texts)))]
    rows = tuple((_example(Example.ASK, number, text),) for number, text in examples)
    if rows:
        blocks.append(texts.try_these)
    return Reply(("\n\n".join(blocks),), (*rows, *browsing_rows(texts)))


def browsing_rows(texts: Texts) -> Rows:
    """Rows of buttons that lead everywhere without typing."""
    return (
        (
            Button(texts.browse_places, callback_data.lists_places()),
            Button(texts.browse_bulletins, callback_data.lists_bulletins()),
            Button(texts.start_search, callback_data.SEARCH_USAGE),
        ),
        (
            Button(texts.start_help, callback_data.HELP),
            Button(texts.start_language, callback_data.LANGUAGE),
        ),
    )


def home_row(texts: Texts) -> tuple[Button, ...]:
    """The row with a button to the first screen."""
    return (Button(texts.home, callback_data.HOME),)


def help_reply(texts: Texts, wording_host: str = "", *, for_admin: bool = False) -> Reply:
    """Usage of the bot, for an admin with their commands, what is kept, and what goes to the host of a model."""
    more = [_admin_commands(texts)] if for_admin else []
    rows = ((Button(texts.about.button, callback_data.ABOUT), *home_row(texts)),)
    if wording_host:
        more.append(texts.wording.help.format(host=escape(wording_host)))
    return Reply(pack_blocks([texts.help, *more, texts.about.retention]), rows)


def _admin_commands(texts: Texts) -> str:
    """A line for each command of admins, in the language of the admin."""
    lines = (f"/{name}{texts.admin.colon}{escape(about)}" for name, about in texts.admin.commands)
    return "\n".join([texts.admin.heading, *lines])


def unknown_command_reply(texts: Texts, wording_host: str = "", *, for_admin: bool = False) -> Reply:
    """Notice that there is no such command, followed by the help."""
    usage = help_reply(texts, wording_host, for_admin=for_admin)
    return Reply((f"{escape(texts.unknown_command)}\n\n{usage.messages[0]}", *usage.messages[1:]), usage.rows)


def language_reply(tag: str, texts: Texts, *, is_changed: bool = False) -> Reply:
    """A button for each language, the current one ticked; above it the question, or the confirmation of a change."""
    rows = tuple(
        (Button(f"✓ {language.name}" if code == tag else language.name, callback_data.sets_language(code)),)
        for code, language in LANGUAGES.items()
    )
    text = texts.language_set if is_changed else texts.language_question
    return Reply((escape(text),), (*rows, home_row(texts)))


def usage_reply(kind: Example, texts: Texts) -> Reply:
    """Usage of a command, with a button for each example."""
    usage = {
        Example.ASK: texts.ask_usage,
        Example.SEARCH: texts.search_usage,
        Example.COMPARE: texts.compare_usage,
    }[kind]
    rows = tuple((_example(kind, number, text),) for number, text in enumerate(examples_of(kind, texts)))
    return Reply((escape(usage),), (*rows, home_row(texts)))


def examples_of(kind: Example, texts: Texts) -> tuple[str, ...]:
    """Arguments of a command that can be tapped instead of typed."""
    return {
        Example.ASK: texts.ask_examples,
        Example.SEARCH: texts.search_examples,
        Example.COMPARE: texts.compare_examples,
    }[kind]


def _example(kind: Example, number: int, text: str) -> Button:
    return Button(text, callback_data.runs_example(kind, number))
