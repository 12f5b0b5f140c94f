"""A strict emulator of the Telegram Bot API on loopback, for end-to-end tests of the bot.

    with Emulator() as telegram:
        run_the_bot(telegram.token, telegram.base_url, telegram.base_file_url)
        person = telegram.person(7, language_code="zh-hant")
        person.says("北京有哪些榜樣？")
        answer = person.waits_for_message()
        assert answer.links
        assert not telegram.refused

It refuses what Telegram refuses, in Telegram's words. Where Telegram's documents are silent it follows the
sources of TDLib and of the Bot API server; where those let a slip pass unnoticed, it is stricter on purpose.
"""

from .calls import Call
from .delivery import Group
from .emulator import DEFAULT_TOKEN, DEFAULT_USERNAME, Emulator
from .entities import Entity
from .person import Person, Tap
from .sent_message import Button, CallbackAnswer, InlineAnswer, SentMessage

__all__ = [
    "DEFAULT_TOKEN",
    "DEFAULT_USERNAME",
    "Button",
    "Call",
    "CallbackAnswer",
    "Emulator",
    "Entity",
    "Group",
    "InlineAnswer",
    "Person",
    "SentMessage",
    "Tap",
]
