from __future__ import annotations

import asyncio
from collections import defaultdict

from telegram import Chat, Message, Update, User

from bot.ordered_updates import OrderedUpdates


def _update(number: int, chat: int) -> Update:
    message = Message(number, None, Chat(chat, "private"), from_user=User(chat, "someone", False), text="?")  # type: ignore[arg-type]
    return Update(number, message=message)


async def test_the_updates_of_a_chat_run_in_order_and_those_of_others_beside_them() -> None:
    processor = OrderedUpdates(at_once=8)
    finished: defaultdict[int, list[int]] = defaultdict(list)
    running: set[int] = set()
    most_at_once = 0

    async def work(number: int, chat: int) -> None:
        nonlocal most_at_once
        assert chat not in running
        running.add(chat)
        most_at_once = max(most_at_once, len(running))
        await asyncio.sleep(0.001 * (number % 3))
        running.discard(chat)
        finished[chat].append(number)

    pairs = [(number, number % 10) for number in range(200)]
    await asyncio.gather(
        *(processor.process_update(_update(number, chat), work(number, chat)) for number, chat in pairs)
    )
    assert all(numbers == sorted(numbers) for numbers in finished.values())
    assert sum(map(len, finished.values())) == 200
    assert 2 <= most_at_once <= 8


async def test_one_chat_that_floods_leaves_the_places_to_others() -> None:
    processor = OrderedUpdates(at_once=2)
    order: list[str] = []

    async def work(name: str) -> None:
        await asyncio.sleep(0)
        order.append(name)

    flood = [processor.process_update(_update(number, 1), work("flood")) for number in range(100)]
    await asyncio.gather(*flood, processor.process_update(_update(100, 2), work("other")))
    assert order.index("other") < 5


async def test_nothing_is_kept_of_chats_that_are_served() -> None:
    processor = OrderedUpdates(at_once=8)
    await processor.process_update(_update(1, 5), asyncio.sleep(0))
    await processor.process_update("not an update", asyncio.sleep(0))
    assert not processor._turns
    assert not processor._waiting


async def test_an_update_whose_chat_has_an_id_of_another_type_runs_like_any_other() -> None:
    ran = []

    async def work() -> None:
        ran.append(True)

    update = _update(1, [])  # type: ignore[arg-type]
    await OrderedUpdates(at_once=8).process_update(update, work())
    assert ran == [True]
