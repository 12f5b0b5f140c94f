"""Files that earlier versions of the program left on disk, for `tests/test_upgrade.py`."""
