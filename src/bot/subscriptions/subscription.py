"""A subscription: what a chat follows, what it has been told of, and what it is still to be told."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

_ID_BYTES = 6


@dataclass(frozen=True, slots=True)
class Subscription:
    """One row of the table `subscriptions`."""

    subscription_id: str
    """12 hexadecimal digits at random: an old button never ends a later subscription."""
    chat_id: int
    person_id: int
    """The person who subscribed; `/forget` deletes by it."""
    collections: tuple[str, ...]
    words: str
    """A place or a topic, as typed."""
    language: str
    thread_id: int | None
    """The topic of a forum in which it was typed."""
    is_anytime: bool
    """Whether the message may come at night."""
    generation: str
    """The generation with which `seen` was compared last."""
    seen: frozenset[str]
    """Digests of the texts that matched in it."""
    pending: tuple[str, ...] = ()
    """Ids of the passages to tell of, in the order of the bulletins."""


def new_subscription_id() -> str:
    """A random id."""
    return secrets.token_hex(_ID_BYTES)
