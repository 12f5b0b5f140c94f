"""`/forget`: says what is kept about the person, asks, and deletes it, in the chats of admins too."""

from __future__ import annotations

from telegram import Update

from bot.handlers import Context, sending
from bot.replies import about, callback_data, markup
from bot.reports.inbox_copies import update_inbox
from bot.state import users

_YES = "y"


async def ask_to_forget(update: Update, context: Context) -> None:
    """Answer `/forget` with what would be deleted, and a button that does it."""
    user = update.effective_user
    if user is None:
        return
    counts = users.count_rows(context.services.database, user.id)
    if not counts:
        await sending.send(update, context, about.forgotten_reply(0, context.texts))
        return
    texts, pseudonym = context.texts.about, context.services.pseudonym(user.id)
    lines = "\n".join(f"• {texts.forget_rows[table]} {count}" for table, count in counts.items())
    row = (
        markup.Button(texts.forget_yes, callback_data.forgets(pseudonym, is_sure=True)),
        markup.Button(texts.forget_no, callback_data.forgets(pseudonym, is_sure=False)),
    )
    await sending.send(update, context, markup.Reply((texts.forget_question.format(rows=lines),), (row,)))


async def forget(update: Update, context: Context) -> None:
    """Delete the data of the person who asked for it, or leave it; nobody else's press counts."""
    query, user, texts = update.callback_query, update.effective_user, context.texts
    if query is None or user is None:
        return
    if context.matched("owner") != context.services.pseudonym(user.id):
        await sending.acknowledge(query, texts.about.forget_not_yours, alert=True)
        return
    await sending.acknowledge(query)
    if context.matched("choice") != _YES:
        await sending.turn_into(update, context, markup.text_reply(texts.about.forget_kept))
        return
    rows = users.forget_person(context.services.database, user.id)
    await sending.turn_into(update, context, about.forgotten_reply(rows, texts))
    context.services.transport.background_tasks.start(update_inbox(context.services))
