"""Measuring commands, run as `python -m benchmarks.FOLDER.NAME`."""
