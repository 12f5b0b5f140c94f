"""Quality on questions with known answers: metrics, calibration, ablation, and the gate before a generation serves.

In: sets of questions and a function that answers. Out: `Score` with intervals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from retrieval.evaluation import ablation, calibration, estimates, question_sets, regression_gate
    from retrieval.evaluation.dataset import EvaluationQuestion, read_questions
    from retrieval.evaluation.metrics import Measure
    from retrieval.evaluation.scores import Score, evaluate

__all__ = [
    "EvaluationQuestion",
    "Measure",
    "Score",
    "ablation",
    "calibration",
    "estimates",
    "evaluate",
    "question_sets",
    "read_questions",
    "regression_gate",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "EvaluationQuestion": "dataset",
            "Measure": "metrics",
            "Score": "scores",
            "evaluate": "scores",
            "read_questions": "dataset",
        },
    )
