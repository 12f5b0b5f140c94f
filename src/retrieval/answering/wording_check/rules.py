"""The rules of the check, in the order in which their faults are told."""

from __future__ import annotations

from retrieval.answering.wording_check.cases import Rule
from retrieval.answering.wording_check.claims import lost_claims, lost_negation, moved_claims
from retrieval.answering.wording_check.figure_places import moved_dates, moved_figures
from retrieval.answering.wording_check.left_out import dropped_parts, lost_attributes, lost_ranks
from retrieval.answering.wording_check.subjects import joined_quotes, lost_deeds, lost_subjects, mixed_clauses
from retrieval.answering.wording_check.unsaid import unsaid_words
from retrieval.answering.wording_check.word_order import another_order, turned_roles

RULES: tuple[Rule, ...] = (
    unsaid_words,
    joined_quotes,
    mixed_clauses,
    moved_claims,
    lost_claims,
    lost_negation,
    moved_figures,
    dropped_parts,
    turned_roles,
    moved_dates,
    another_order,
    lost_subjects,
    lost_deeds,
    lost_ranks,
    lost_attributes,
)
"""Each yields the faults of one kind; a sentence without any holds."""
