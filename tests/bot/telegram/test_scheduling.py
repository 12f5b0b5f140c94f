from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.scheduling import FairQueue

# A number pushes an item of that chat, None takes one, "done" ends the one that was taken first.
ACTS = st.lists(st.one_of(st.integers(0, 4), st.none(), st.just("done")), max_size=200)


@given(ACTS)
def test_whatever_happens_nothing_is_lost_and_each_chat_keeps_its_order(acts: list[int | str | None]) -> None:
    queue: FairQueue[int] = FairQueue()
    pushed: defaultdict[object, list[int]] = defaultdict(list)
    taken: defaultdict[object, list[int]] = defaultdict(list)
    busy: list[object] = []
    for number, act in enumerate([*acts, *[None, "done"] * len(acts)]):
        if isinstance(act, int):
            queue.push(act, number)
            pushed[act].append(number)
        elif act is None and (following := queue.pop()):
            chat, item = following
            assert chat not in busy, "two items of one chat at once"
            busy.append(chat)
            taken[chat].append(item)
        elif act == "done" and busy:
            queue.done(busy.pop(0))
        waiting = {chat for chat in pushed if len(taken[chat]) < len(pushed[chat])}
        assert len(queue) == sum(map(len, pushed.values())) - sum(map(len, taken.values()))
        assert all(queue.has_any_of(chat) == (chat in waiting or chat in busy) for chat in pushed)
    assert {chat: items for chat, items in taken.items() if items} == dict(pushed)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8))
def test_chats_take_turns_however_long_their_backlogs(backlogs: list[int]) -> None:
    queue: FairQueue[int] = FairQueue()
    for chat, backlog in enumerate(backlogs):
        for number in range(backlog):
            queue.push(chat, number)
    served: list[int] = []
    while following := queue.pop():
        served.append(int(str(following[0])))
        queue.done(following[0])
    for chat, backlog in enumerate(backlogs):
        last = max(spot for spot, one in enumerate(served) if one == chat)
        assert last < sum(min(other, backlog) for other in backlogs), "a chat waited for more than its rounds"


def test_nothing_is_kept_of_chats_that_are_served() -> None:
    queue: FairQueue[int] = FairQueue()
    queue.push("a chat", 1)
    assert queue.pop() == ("a chat", 1)
    queue.done("a chat")
    assert queue.pop() is None
    assert not queue._waiting
    assert not queue._turns
    assert not queue._busy
