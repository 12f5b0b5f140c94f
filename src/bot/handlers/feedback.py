"""What people think of an answer."""

from __future__ import annotations

from telegram import Update

from bot.handlers.context import Context, conversation_of, conversations_of, matched, texts_of
from bot.handlers.sending import acknowledge
from bot.state.conversations import Verdict


async def judge(update: Update, context: Context) -> None:
    """A button 👍, 👎 or 引用有誤 below an answer."""
    query, texts = update.callback_query, texts_of(update, context)
    if query is None:
        return
    verdict = Verdict(matched(context, "verdict"))
    _, user_id = conversation_of(update)
    is_kept = conversations_of(context).save_verdict(matched(context, "id"), user_id, verdict)
    thanks = texts.citation_reported if verdict is Verdict.WRONG_CITATION else texts.verdict_kept
    await acknowledge(query, thanks if is_kept else texts.answer_forgotten, alert=not is_kept)
