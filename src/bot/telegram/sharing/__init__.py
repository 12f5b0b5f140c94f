"""Updates that several bots share by a state on a server: stored there, and claimed by whichever has a free worker.

In: a state on a server. Out: the journal and the queue of one of the bots. Imported with STATE_URL alone.
"""

from bot.telegram.sharing.shared_journal import SharedJournal
from bot.telegram.sharing.shared_queue import SharedUpdateQueue

__all__ = ["SharedJournal", "SharedUpdateQueue"]
