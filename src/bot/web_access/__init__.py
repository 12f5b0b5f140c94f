"""Access over HTTP: keys, signed links that expire, Mini App data, hosts, and requests bounded per address.

In: what a request carries, and the settings. Out: who it comes from, or nobody. Knows no web framework.
"""

from bot.web_access.hosts import HostCheck
from bot.web_access.keys import AccessKeys, hash_of_key, new_key
from bot.web_access.mini_app import person_of_init_data
from bot.web_access.page_links import page_link
from bot.web_access.request_limits import RequestLimiter, caller_at
from bot.web_access.signed_links import LinkSigner

__all__ = [
    "AccessKeys",
    "HostCheck",
    "LinkSigner",
    "RequestLimiter",
    "caller_at",
    "hash_of_key",
    "new_key",
    "page_link",
    "person_of_init_data",
]
