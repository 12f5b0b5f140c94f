"""Says of worded sentences whether the quotes that they cite hold all that they claim.

In: sentences with the numbers of their quotes, and the quotes. Out: each sentence with its faults.
"""

from retrieval.answering.wording_check.cases import Fault
from retrieval.answering.wording_check.checker import (
    CheckedSentence,
    Evidence,
    WordedSentence,
    check_wording,
)
from retrieval.answering.wording_check.words import FaultKind

__all__ = [
    "CheckedSentence",
    "Evidence",
    "Fault",
    "FaultKind",
    "WordedSentence",
    "check_wording",
]
