from __future__ import annotations

import pytest

from bot.locales import EN, LANGUAGES, ZH_HANS, ZH_HANT, Texts
from bot.serving.answerer import Answerer
from bot.settings import load_settings
from bot.state.retention import LIMITS
from tests.chatting import Chat, a_group, new_chat
from tests.e2e.bot_api.in_process import Telegram
from tests.e2e.bot_api.sent_message import Button


@pytest.mark.parametrize(("language", "texts"), [("zh-hant", ZH_HANT), ("zh-hans", ZH_HANS), ("en", EN)])
async def test_the_interface_speaks_the_persons_language(
    answerer: Answerer, language: str, texts: Texts
) -> None:
    chat = new_chat(answerer, language)
    async with chat.application:
        (shown,) = await chat.person.says("/help")
    assert shown.html.startswith(texts.help)


@pytest.mark.parametrize("payload", ["", "p_xyz", "p_<b>", "anything", "p_" + "0" * 17])
async def test_any_other_start_is_the_welcome_with_everything_on_buttons(chat: Chat, payload: str) -> None:
    (shown,) = await chat.person.says(f"/start {payload}")
    assert "江蘇南京" in shown.text
    assert [row[0] for row in shown.labels[:3]] == [*ZH_HANT.ask_examples]
    assert shown.labels[3] == [ZH_HANT.browse_places, ZH_HANT.browse_bulletins, ZH_HANT.start_search]


async def test_a_tapped_example_is_answered_below_with_what_was_asked(chat: Chat) -> None:
    (shown,) = await chat.person.says("/start")
    example = ZH_HANT.ask_examples[0]
    _, (answer,) = await chat.person.presses(chat.person.stored(shown), shown.button(example))
    assert answer.text.startswith(f"{example}\n\n「")


async def test_an_example_of_another_version_says_that_it_is_stale(chat: Chat) -> None:
    question = await _presses(chat, "e:a:9")
    assert question == ZH_HANT.stale_button


@pytest.mark.parametrize(
    "data", ["p:", "invented", "p:" + "f" * 60, "p:0000000000000000", "f:x:a", "g:fr", "\u202e"]
)
async def test_a_button_of_another_version_says_so_whatever_its_data(chat: Chat, data: str) -> None:
    assert await _presses(chat, data) == ZH_HANT.stale_button


async def _presses(chat: Chat, data: str) -> str:
    (shown,) = await chat.person.says("/help")
    question, sent = await chat.person.presses(chat.person.stored(shown), Button("x", data))
    assert sent == []
    assert question.answer is not None
    return str(question.answer["text"])


async def test_a_chosen_language_counts_from_then_on_and_for_the_list_of_commands(chat: Chat) -> None:
    (shown,) = await chat.person.says("/lang")
    assert shown.labels == [["✓ 繁體中文"], ["简体中文"], ["English"], ["🏠 首頁"]]
    question, _ = await chat.person.presses(chat.person.stored(shown), shown.button("English"))
    assert question.answer is not None
    assert question.answer["text"] == EN.language_set
    assert chat.person.shown()[-1].labels[2] == ["✓ English"]
    (helped,) = await chat.person.says("/help")
    assert helped.html.startswith(EN.help)
    commands = chat.person.state.commands
    (own,) = [listed for (scope, _), listed in commands.items() if '"chat_id"' in scope]
    assert own[0]["description"] == EN.commands[0][1]


@pytest.mark.parametrize(("language", "texts"), [("zh-hant", ZH_HANT), ("zh-hans", ZH_HANS), ("en", EN)])
async def test_a_command_that_there_is_not_is_called_so_in_a_line_above_the_help(
    answerer: Answerer, language: str, texts: Texts
) -> None:
    chat = new_chat(answerer, language)
    async with chat.application:
        (shown,) = await chat.person.says("/nonsense")
        (helped,) = await chat.person.says("/help")
    assert shown.text == f"{texts.unknown_command}\n\n{helped.text}"
    assert shown.labels == helped.labels


async def test_a_command_that_there_is_not_is_answered_in_a_group_where_it_names_the_bot(chat: Chat) -> None:
    group = a_group()
    (shown,) = await chat.person.says_in(group, "/nonsense@bulletin_test_bot")
    assert shown.text == f"{ZH_HANT.unknown_command} /help"
    assert await chat.person.says_in(group, "/nonsense@another_bot") == []
    assert await chat.person.says_in(group, "/nonsense") == []


@pytest.mark.parametrize("texts", [ZH_HANT, ZH_HANS, EN])
def test_the_help_names_every_command_that_is_listed_and_forget(texts: Texts) -> None:
    names = {name for name, _ in texts.commands} - {"help"} | {"forget"}
    assert [name for name in names if f"\n/{name}" not in texts.help] == []


async def test_only_admins_see_the_commands_for_admins(admin: Telegram) -> None:
    assert "rebuild" not in _listed(admin)
    await admin.says("/start")
    assert _listed(admin)[-5:] == ["rebuild", "rollback", "inbox", "purge", "stats"]
    assert _listed(admin)[:1] == ["ask"]


async def test_a_stranger_gets_no_list_of_their_own(stranger: Telegram) -> None:
    await stranger.says("/start")
    assert _listed(stranger) == []


def _listed(telegram: Telegram) -> list[str]:
    """The names of the commands in the person's own chat."""
    lists = (
        commands for (scope, _), commands in telegram.state.commands.items() if str(telegram.user.id) in scope
    )
    return [str(command["command"]) for command in next(lists, [])]


async def test_about_names_places_counts_time_and_quality(chat: Chat) -> None:
    (reply,) = await chat.person.says("/about")
    assert "15 個地方、7 篇簡報、69 段" in reply.text
    assert "江蘇南京" in reply.text
    assert ZH_HANT.about.no_dates in reply.text
    assert chat.answerer.index.manifest.built_at[:10] in reply.text
    assert "品質" in reply.text


async def test_about_is_a_button_of_the_help_which_says_what_is_kept(chat: Chat) -> None:
    (help_,) = await chat.person.says("/help")
    assert "/forget" in help_.text
    assert "30 天" in help_.text
    stored = chat.person.stored(help_)
    await chat.person.presses(stored, help_.button(ZH_HANT.about.button))
    assert "69 段" in chat.person.sees(help_).text


async def test_what_is_kept_of_a_question_and_of_its_verdict_is_the_question_itself_with_who_asked(
    chat: Chat,
) -> None:
    question = "北京榜樣每個月評出多少人?"
    (answer,) = await chat.person.says(question)
    await chat.person.presses(chat.person.stored(answer), answer.button("👍"))
    database, person = chat.services.database, chat.person.user.id
    for table, column in (("answers", "json_extract(turn, '$.question')"), ("feedback", "question")):
        (kept,) = database.rows(f"SELECT {column} FROM {table} WHERE person = ?", (person,))  # noqa: S608
        assert kept[0] == question


@pytest.mark.parametrize(
    ("language", "with_answers", "with_verdicts", "whose"),
    [
        ("zh-hant", "問題連同回答（給按鈕和回覆用）留 30 天", "評價連同那個問題留 1 年", "記著是您問的"),
        ("zh-hans", "问题连同回答（给按钮和回复用）留 30 天", "评价连同那个问题留 1 年", "记着是您问的"),
        (
            "en",
            "questions with their answers, for buttons and replies, 30 days",
            "verdicts with their question a year",
            "with who asked",
        ),
    ],
)
def test_the_help_says_that_questions_are_kept_and_as_long_as_they_are(
    language: str, with_answers: str, with_verdicts: str, whose: str
) -> None:
    days = {limit.table: limit.seconds / (24 * 60 * 60) for limit in LIMITS}
    assert (days["answers"], days["feedback"]) == (30, 365)
    kept = LANGUAGES[language].about.retention
    assert all(words in kept for words in (with_answers, with_verdicts, whose))


@pytest.mark.parametrize(("language", "texts"), [("zh-hant", ZH_HANT), ("zh-hans", ZH_HANS), ("en", EN)])
async def test_the_help_of_an_admin_lists_their_commands_in_their_language_and_that_of_others_does_not(
    answerer: Answerer, language: str, texts: Texts
) -> None:
    chat = new_chat(answerer, language, load_settings(admin_ids={7}))
    async with chat.application:
        (helped,) = await chat.person.says("/help")
        (in_group,) = await chat.person.says_in(a_group(), "/help@bulletin_test_bot")
    assert chat.request.refused == []
    for name, about in texts.admin.commands:
        assert f"/{name}{texts.admin.colon}{about}" in helped.text
        assert f"/{name}" not in in_group.text


@pytest.mark.parametrize(("language", "texts"), [("zh-hant", ZH_HANT), ("zh-hans", ZH_HANS), ("en", EN)])
async def test_an_edited_command_is_told_that_it_is_not_run_and_leaves_the_earlier_reply_alone(
    answerer: Answerer, language: str, texts: Texts
) -> None:
    chat = new_chat(answerer, language)
    async with chat.application:
        asked = await chat.person.asks("/help")
        (helped,) = chat.person.shown()
        await chat.person.edits(asked, "/forget")
        earlier, told = chat.person.shown()
    assert (earlier, told.text) == (helped, texts.edited_command)
    assert told.buttons == ()
    assert chat.request.refused == []


async def test_a_question_that_is_edited_into_a_command_is_told_so_too(chat: Chat) -> None:
    asked = await chat.person.asks("你好")
    await chat.person.edits(asked, "/places")
    assert [message.text for message in chat.person.shown()] == [ZH_HANT.greeting, ZH_HANT.edited_command]
