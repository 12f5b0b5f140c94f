"""What is said when an answer takes long, comes late or not at all, or when somebody sends too much."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LineTexts:
    """In one language."""

    wait: str
    late: str
    unanswered: str
    """True also below an answer: of a bot that was killed nobody knows whether Telegram took its last call."""
    too_many: str
    """Also shown above a button's message, where 200 characters have room."""


_ZH_HANT = LineTexts(
    wait="請稍候，您的問題收到了，輪到就回答。",
    late="抱歉，讓您久等了：剛才連線中斷，這個回答來晚了。",
    unanswered="抱歉，處理您的訊息時程式中斷了。如果上面沒有完整的回答，請換個說法再問一次。",
    too_many="您發得太快了，有些訊息沒有處理。請等一會兒再發。",
)

_ZH_HANS = LineTexts(
    wait="请稍候，您的问题收到了，轮到就回答。",
    late="抱歉，让您久等了：刚才连接中断，这个回答来晚了。",
    unanswered="抱歉，处理您的消息时程序中断了。如果上面没有完整的回答，请换个说法再问一次。",
    too_many="您发得太快了，有些消息没有处理。请等一会儿再发。",
)

_EN = LineTexts(
    wait="Please wait: your question has arrived and will be answered in its turn.",
    late="Sorry for the wait: the connection was down, and this answer is late.",
    unanswered="Sorry, I was interrupted at your message. If no whole answer stands above, please ask in other words.",
    too_many="You are sending too fast, and some messages were left out. Please wait a moment.",
)

LINE_TEXTS = {"zh-hant": _ZH_HANT, "zh-hans": _ZH_HANS, "en": _EN}
"""By the tag of the language."""
