"""Who is offered which commands."""

from __future__ import annotations

from tests.e2e.bot_api.in_process import Telegram


async def test_only_admins_see_the_commands_for_admins(admin: Telegram) -> None:
    assert "rebuild" not in _listed(admin)
    await admin.says("/start")
    assert _listed(admin)[-3:] == ["rebuild", "rollback", "stats"]
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
