"""Quality on questions with known answers: metrics, calibration, ablation, and the gate before a generation serves.

In: questions and a function that answers. Out: `Score` with intervals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from retrieval.evaluation import regression_gate
    from retrieval.evaluation.ablation import AblationRow, ablate
    from retrieval.evaluation.calibration import Calibration
    from retrieval.evaluation.dataset import EvaluationQuestion, read_questions
    from retrieval.evaluation.metrics import Measure
    from retrieval.evaluation.scores import Estimate, Score, evaluate

__all__ = [
    "AblationRow",
    "Calibration",
    "Estimate",
    "EvaluationQuestion",
    "Measure",
    "Score",
    "ablate",
    "evaluate",
    "read_questions",
    "regression_gate",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "AblationRow": "ablation",
            "Calibration": "calibration",
            "Estimate": "scores",
            "EvaluationQuestion": "dataset",
            "Measure": "metrics",
            "Score": "scores",
            "ablate": "ablation",
            "evaluate": "scores",
            "read_questions": "dataset",
        },
    )
