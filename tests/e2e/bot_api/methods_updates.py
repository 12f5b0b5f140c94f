"""Delivery of updates to the bot, by polling or by a web hook, never both; and `logOut`."""

from __future__ import annotations

from .state import State
from .updates import LONGEST_POLL_SECONDS, MOST_UPDATES_AT_ONCE
from .webhook import DEFAULT_CONNECTIONS, MOST_CONNECTIONS, WebhookAddress, check_webhook
from .wire import Json, Parameters, refusal


async def get_updates(state: State, parameters: Parameters) -> Json:
    """Return the next updates, confirming those before `offset`."""
    if state.webhook.address is not None:
        reason = "can't use getUpdates method while webhook is active"
        raise refusal(409, f"{reason}; use deleteWebhook to delete the webhook first")
    state.updates.allow(parameters.json("allowed_updates", "allowed_updates"))
    limit = min(max(parameters.integer("limit", MOST_UPDATES_AT_ONCE), 1), MOST_UPDATES_AT_ONCE)
    timeout = min(max(parameters.integer("timeout"), 0), LONGEST_POLL_SECONDS)
    updates: list[Json] = list(await state.updates.poll(parameters.integer("offset"), limit, timeout))
    return updates


def set_webhook(state: State, parameters: Parameters) -> Json:
    """Send updates to an address from now on; an empty one removes the web hook."""
    url, secret = parameters.text("url"), parameters.text("secret_token")
    if url:
        check_webhook(url, secret)
        state.updates.interrupt("terminated by setWebhook request")
    if parameters.flag("drop_pending_updates"):
        state.updates.pending.clear()
    state.updates.allow(parameters.json("allowed_updates", "allowed_updates"))
    connections = min(max(parameters.integer("max_connections", DEFAULT_CONNECTIONS), 1), MOST_CONNECTIONS)
    state.webhook.set(WebhookAddress(url, secret, connections) if url else None)
    return True


def delete_webhook(state: State, parameters: Parameters) -> Json:
    """Stop sending updates to the web hook."""
    if parameters.flag("drop_pending_updates"):
        state.updates.pending.clear()
    state.webhook.set(None)
    return True


def get_webhook_info(state: State, _: Parameters) -> Json:
    """Return the web hook in force and how its deliveries fare."""
    return state.webhook.info()


def log_out(state: State, _: Parameters) -> Json:
    """Leave: every later call is refused."""
    state.logged_out = True
    return True


def close(_state: State, _: Parameters) -> Json:
    """Close the instance before it moves to another server; nothing is kept of it here."""
    return True
