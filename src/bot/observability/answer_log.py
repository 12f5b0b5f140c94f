"""One line of the log an answer: what became of a question and where its time went, of nobody in particular."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass

from retrieval.types import Answer

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an answer came to its chat; times in milliseconds."""

    answer_id: str
    chat: str
    """Its pseudonym."""
    generation: str
    waiting: float
    """For its turn: in the inbox, and at the answerer."""
    sending: float
    total: float
    """From when the question arrived until all of the answer was sent."""


def stage_times(answer: Answer, delivery: Delivery) -> dict[str, float]:
    """Milliseconds by stage, in their order; those that were not needed are left out."""
    thinking = {stage: spent for stage, spent in asdict(answer.stages).items() if spent}
    return {"waiting": delivery.waiting, **thinking, "sending": delivery.sending, "total": delivery.total}


def log_answer(answer: Answer, delivery: Delivery, question: str | None) -> None:
    """Write the line; with the question only where one is given, which LOG_QUESTIONS decides."""
    fields = {
        "answer": delivery.answer_id,
        "chat": delivery.chat,
        "generation": delivery.generation,
        "status": answer.status,
        "reason": answer.reason,
        "kind": answer.kind.value,
        "confidence": round(answer.confidence, 3),
        "hits": len(answer.hits),
        **{f"{stage}_ms": round(spent, 1) for stage, spent in stage_times(answer, delivery).items()},
    }
    logger.info("answer", extra=fields if question is None else {**fields, "question": question})
