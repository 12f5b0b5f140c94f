"""Logs one line for each answer: its outcome and the time of its stages, without the person."""

from __future__ import annotations

import logging
from dataclasses import dataclass, fields

from retrieval.types import Answer, Stages

logger = logging.getLogger(__name__)

_STAGES = tuple(stage.name for stage in fields(Stages))


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of an answer to its chat; times in milliseconds."""

    answer_id: str
    chat: str
    """Pseudonym of the chat."""
    generation: str
    waiting: float
    """In the update queue, and for a thread of the answerer."""
    sending: float
    total: float
    """From the arrival of the question until the whole answer was sent."""


def stage_times(answer: Answer, delivery: Delivery) -> dict[str, float]:
    """Milliseconds by stage, in the order of the stages; stages that took no time are left out."""
    thinking = {stage: spent for stage in _STAGES if (spent := getattr(answer.stages, stage))}
    return {"waiting": delivery.waiting, **thinking, "sending": delivery.sending, "total": delivery.total}


def log_answer(answer: Answer, delivery: Delivery, question: str | None) -> None:
    """Log the line, with the question if one is given (the caller passes it if LOG_QUESTIONS is set)."""
    line = {
        "answer": delivery.answer_id,
        "chat": delivery.chat,
        "generation": delivery.generation,
        "status": answer.status,
        "reason": answer.reason,
        "kind": answer.question_type.value,
        "confidence": round(answer.confidence, 3),
        "hits": len(answer.hits),
        **{f"{stage}_ms": round(spent, 1) for stage, spent in stage_times(answer, delivery).items()},
    }
    logger.info("answer", extra=line if question is None else {**line, "question": question})
