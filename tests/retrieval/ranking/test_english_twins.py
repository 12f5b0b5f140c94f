"""English questions with romanised places rank the passages that answer their Chinese twins."""

from __future__ import annotations

import pytest

from retrieval.evaluation.dataset import EvaluationQuestion, read_questions
from retrieval.index.index import Index
from retrieval.questions.question import encode_question, read_question
from retrieval.ranking.ranker import rank_passages
from retrieval.types import Encoder
from tests.conftest import DATA

# By the id of the Chinese twin among the development questions; the first twelve of 32 that were written before a ranking.
TWINS = {
    "more014": "What workshops can good people in Nanjing open for themselves?",
    "t102": "What is the name of the website that Shanghai has just for children?",
    "w016": "How many people took part in the Jiangsu volunteer fair in all?",
    "more028": "When does Changsha do its themed reporting?",
    "more098": "What was the activity at the volunteer fair called that let people try volunteering?",
    "t219": "How many weekly role models does Beijing announce each week?",
    "w088": "Why does Beijing have famous people introduce the winners at the award ceremony?",
    "w089": "Why does Shandong send its good people on lecture tours at the grass roots?",
    "w074": "How does Chongqing make sure that its online activities never stop during the year?",
    "more055": "What do followers of Ruijin's account get on holidays?",
    "t186": "How often do the leaders of the Shaanxi civilization office hear a report on the recommendations?",
    "more110": "Which document is Heilongjiang carrying out?",
}


@pytest.fixture(scope="module")
def chinese() -> dict[str, EvaluationQuestion]:
    return {question.question_id: question for question in read_questions(DATA / "eval")}


@pytest.mark.parametrize(("twin_of", "english"), TWINS.items())
def test_an_answer_is_among_the_first_three_in_both_languages(
    twin_of: str, english: str, chinese: dict[str, EvaluationQuestion], index: Index, encoder: Encoder
) -> None:
    twin = chinese[twin_of]
    for text in (twin.text, english):
        hits = rank_passages(index, encode_question(read_question(text), encoder)).hits(index, 3)
        assert any(twin.is_answered_by(hit.passage) for hit in hits), text
