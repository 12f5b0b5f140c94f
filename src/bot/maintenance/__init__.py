"""Backups, restores, and a diagnosis of the installation.

In: settings and folders. Out: an archive, restored folders, findings with their remedies.
"""

from bot.maintenance.archive import Backup
from bot.maintenance.backup import write_backup
from bot.maintenance.diagnosis import Diagnosis, Level
from bot.maintenance.doctor import examine
from bot.maintenance.restore import Restored, restore_backup
from bot.maintenance.state_copy import copy_state

__all__ = [
    "Backup",
    "Diagnosis",
    "Level",
    "Restored",
    "copy_state",
    "examine",
    "restore_backup",
    "write_backup",
]
