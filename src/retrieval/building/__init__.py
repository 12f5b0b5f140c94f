"""Passages to a generation: embed what is new, write, verify, compare with the one before.

In: passages and an encoder. Out: a generation folder in service, and a report.
"""

from retrieval.building import checkpoint, diff, reports
from retrieval.building.builder import Inspection, build_generation, write_generation

__all__ = [
    "Inspection",
    "build_generation",
    "checkpoint",
    "diff",
    "reports",
    "write_generation",
]
