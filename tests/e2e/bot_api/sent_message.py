"""Messages as a person sees them, with buttons and links; and the answers of the bot to presses and inline queries."""

from __future__ import annotations

from dataclasses import dataclass

from .entities import Entity, utf16_slice
from .state import Message
from .wire import JsonObject


@dataclass(frozen=True, slots=True)
class Button:
    """A button of an inline keyboard; of the actions one is set."""

    label: str
    callback_data: str = ""
    url: str = ""
    copy_text: str = ""
    web_app: str = ""
    switch_inline_query: str | None = None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message as it stood when it was looked at.

    `html` is the text as the bot sent it; `edits` are the texts it was edited to, in order; `dropped` is the
    formatting Telegram threw away without refusing (nested quotations, links around code, links to nowhere).
    """

    message_id: int
    chat_id: int
    text: str
    entities: tuple[Entity, ...] = ()
    html: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    edits: tuple[str, ...] = ()
    dropped: tuple[Entity, ...] = ()
    reply_to_message_id: int = 0
    thread_id: int = 0
    silent: bool = False
    link_preview: JsonObject | None = None
    document_name: str = ""
    document: bytes = b""
    reactions: tuple[str, ...] = ()

    @property
    def links(self) -> list[tuple[str, str]]:
        """Return the links in the text as (label, URL), in order."""
        return [(self._span(entity), entity.url) for entity in self.entities if entity.type == "text_link"]

    @property
    def labels(self) -> list[list[str]]:
        """Return the labels of the buttons, row by row."""
        return [[button.label for button in row] for row in self.buttons]

    def button(self, label: str) -> Button:
        """Return a button by its label."""
        found = next((button for row in self.buttons for button in row if button.label == label), None)
        assert found is not None, f"no button {label!r} under {self.text!r}; there are {self.labels}"
        return found

    def link(self, label: str) -> str:
        """Return the URL behind a label in the text."""
        found = dict(reversed(self.links)).get(label)
        assert found is not None, f"no link {label!r} in {self.text!r}; there are {self.links}"
        return found

    def spans(self, kind: str) -> list[str]:
        """Return the parts of the text that have a formatting, such as `bold` or `blockquote`."""
        return [self._span(entity) for entity in self.entities if entity.type == kind]

    def _span(self, entity: Entity) -> str:
        return utf16_slice(self.text, entity.offset, entity.length)


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What a person sees after a tap on a button."""

    text: str
    show_alert: bool
    url: str


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What a person sees under an inline query: results as sent, their messages parsed."""

    results: tuple[JsonObject, ...]
    button: JsonObject | None
    next_offset: str
    cache_time: int
    is_personal: bool


def seen(message: Message) -> SentMessage:
    """Return a message as a person sees it now."""
    document = message.document
    return SentMessage(
        message_id=message.message_id,
        chat_id=message.chat.id,
        text=message.text.text,
        entities=message.text.entities,
        html=message.source,
        buttons=_buttons(message.keyboard),
        edits=tuple(message.revisions),
        dropped=message.text.dropped,
        reply_to_message_id=message.reply_to.message_id if message.reply_to else 0,
        thread_id=message.thread_id,
        silent=message.silent,
        link_preview=message.link_preview,
        document_name=document.name if document else "",
        document=document.content if document else b"",
        reactions=tuple(str(reaction["emoji"]) for reaction in message.reactions),
    )


def _buttons(keyboard: JsonObject | None) -> tuple[tuple[Button, ...], ...]:
    rows = keyboard["inline_keyboard"] if keyboard else []
    return tuple(tuple(_button(button) for button in row) for row in rows)


def _button(button: JsonObject) -> Button:
    inline = button.get("switch_inline_query_current_chat", button.get("switch_inline_query"))
    return Button(
        label=button["text"],
        callback_data=button.get("callback_data", ""),
        url=button.get("url", ""),
        copy_text=button.get("copy_text", {}).get("text", ""),
        web_app=button.get("web_app", {}).get("url", ""),
        switch_inline_query=inline,
    )
