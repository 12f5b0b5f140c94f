"""An index on a server gives what the same generation gives from a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.local_postgres import LocalPostgres
from numpy.testing import assert_allclose

from retrieval.index import Index, generations
from retrieval.index.filters import Filter
from retrieval.index.postgres import ServerHome, load_server_index
from retrieval.index.postgres.server import ServerError
from retrieval.index.vectors import maxsim
from retrieval.questions import encode_question, read_question
from retrieval.ranking import rank_passages, search_keywords
from retrieval.ranking.features import compute_features
from retrieval.types import DEFAULT_COLLECTION
from tests.doubles import HashEncoder

ENCODER = HashEncoder()
QUESTIONS = (
    "北京的志願服務辦了多少次?",
    "上海好人評選",
    "垃圾分類有多少人",
    "第33號簡報",
    "南京文明實踐站與道德講堂",
)


@pytest.fixture(scope="module", params=["exact", "coded"])
def both(
    request: pytest.FixtureRequest, postgres: LocalPostgres, small: Path, coded: Path
) -> tuple[Index, Index]:
    """The same generation from its folder, and from the server with nothing held here."""
    import psycopg

    folder = {"exact": small, "coded": coded}[request.param]
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"create database reading_{request.param}")
    home = ServerHome.from_url(postgres.url(f"reading_{request.param}"))
    home.copy_from(folder)
    return generations.load_current(folder, ENCODER.name), load_server_index(home.address, ENCODER.name, 0)


def test_passages_and_what_is_known_of_them_are_the_same(both: tuple[Index, Index]) -> None:
    folder, server = both
    assert server.passages == folder.passages
    assert server.folded_texts[:] == folder.folded_texts[:]
    assert np.array_equal(server.spans, folder.spans)
    assert server.places == folder.places
    assert server.passages.text_sizes.tolist() == folder.passages.text_sizes.tolist()
    assert server.passages.bulletins == folder.passages.bulletins
    assert server.position("000000000000000c") == 11
    assert server.name == folder.name


@pytest.mark.parametrize("question", QUESTIONS)
def test_features_of_the_same_candidates_are_the_same(both: tuple[Index, Index], question: str) -> None:
    folder, server = both
    query = encode_question(read_question(question), ENCODER)
    positions = np.asarray([0, 3, 11, 12, 13, 40, 59])
    expected, found = (compute_features(index, query, positions) for index in both)
    for name, values in expected.values.items():
        assert_allclose(found.values[name], values, atol=1e-5, err_msg=name)
    for position in positions.tolist():
        assert_allclose(found.sentence_scores[position], expected.sentence_scores[position], atol=1e-5)
    assert folder.sentence_rows(11).tolist() == server.sentence_rows(11).tolist()


@pytest.mark.parametrize("question", QUESTIONS)
def test_within_a_place_the_best_are_those_of_the_folder(both: tuple[Index, Index], question: str) -> None:
    query = encode_question(read_question(question), ENCODER)
    folder, server = (
        rank_passages(index, query, Filter("北京").positions(index)).ranking.positions[:10].tolist()
        for index in both
    )
    assert server == folder


@pytest.mark.parametrize("question", QUESTIONS)
def test_anywhere_the_best_are_near_those_of_all_passages_ranked(
    both: tuple[Index, Index], question: str
) -> None:
    folder, server = both
    query = encode_question(read_question(question), ENCODER)
    size = len(folder.passages)
    everything = np.arange(size, dtype=np.int64)
    exact = rank_passages(folder, query, everything, most=size).ranking
    found = rank_passages(server, query).ranking.positions[:10]
    least = exact.scores[:10][-1]
    scores = dict(zip(exact.positions.tolist(), exact.scores.tolist(), strict=True))
    assert sum(scores[position] >= least - 0.05 for position in found.tolist()) >= 8


def test_keywords_are_counted_as_in_the_folder(both: tuple[Index, Index]) -> None:
    folder, server = both
    words = ["志願", "服務", "好人", "無人知曉", "南京"]
    assert server.bm25.frequencies(words).tolist() == folder.bm25.frequencies(words).tolist()
    assert_allclose(server.bm25.scores(words), folder.bm25.scores(words), atol=1e-5)
    assert not server.bm25.knows("無人知曉")
    first = [hit.passage.passage_id for hit in search_keywords("第33號簡報", server, 3)][:1]
    assert first == [hit.passage.passage_id for hit in search_keywords("第33號簡報", folder, 3)][:1]


@pytest.mark.parametrize("words", ["志愿", "33", "沒有這個", "", "\0", "\ud800", "%", "'"])
def test_texts_that_hold_words_are_found_on_the_server(both: tuple[Index, Index], words: str) -> None:
    folder, server = both
    assert server.folded_texts.holding(words).tolist() == folder.folded_texts.holding(words).tolist()
    some = np.asarray([0, 5, 10, 33], np.int64)
    assert server.folded_texts.among(words, some).tolist() == folder.folded_texts.among(words, some).tolist()


def test_a_question_takes_one_round_trip(both: tuple[Index, Index], monkeypatch: pytest.MonkeyPatch) -> None:
    _, server = both
    remote = server.remote
    assert remote is not None
    connections = remote.rows.connections  # type: ignore[attr-defined]
    fresh = load_server_index(connections.address, ENCODER.name, 0)
    query = encode_question(read_question("垃圾分類有多少人"), ENCODER)
    seen = []
    own = fresh.remote.rows.connections  # type: ignore[union-attr]
    read = own.read_with

    def counted(*given: object) -> object:
        seen.append(given)
        return read(*given)

    monkeypatch.setattr(own, "read_with", counted)
    rank_passages(fresh, query).hits(fresh, 10)
    assert len(seen) == 1


def test_a_lost_connection_is_opened_anew(both: tuple[Index, Index], postgres: LocalPostgres) -> None:
    import psycopg

    _, server = both
    server.folded_texts.holding("一次都沒有問過的字")
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
        )
    assert server.folded_texts.holding("另一些沒有問過的字").tolist() == []


def _collection(place: int) -> str:
    return "乙" if 30 <= place < 70 else DEFAULT_COLLECTION if place < 30 else "丙"


def test_exact_vectors_are_read_as_codes_near_them(url: str, exact: Path) -> None:
    home = ServerHome.from_url(url)
    home.copy_from(exact)
    folder, server = generations.load_current(exact, ENCODER.name), home.load_current(ENCODER.name)
    assert server.remote is not None
    assert server.tokens.is_quantized
    rows = np.arange(60, dtype=np.int64)
    query = encode_question(read_question(QUESTIONS[0]), ENCODER)
    exact_scores, coded_scores = (
        maxsim(each.tokens.token_maxima(query.tokens, rows)) for each in (folder, server)
    )
    assert_allclose(coded_scores, exact_scores, atol=0.1)
    assert np.corrcoef(coded_scores, exact_scores)[0, 1] > 0.95


def test_collections_of_a_server_have_statistics_of_their_own(url: str, tmp_path: Path) -> None:
    from dataclasses import replace

    from retrieval.building import build_generation, write_generation
    from retrieval.index import collections
    from tests.retrieval.index.postgres.conftest import many_passages

    passages = [replace(passage, collection=_collection(place), file=_collection(place))
                for place, passage in enumerate(many_passages(90))]  # fmt: skip
    write_generation(build_generation(passages, ENCODER), ENCODER, tmp_path / "index", {})
    home = ServerHome.from_url(url)
    home.copy_from(tmp_path / "index")
    folder, server = (
        generations.load_current(tmp_path / "index", ENCODER.name),
        load_server_index(home.address, ENCODER.name, 0),
    )
    for names in (("乙",), (DEFAULT_COLLECTION, "乙"), ()):
        one, two = collections.within(folder, names), collections.within(server, names)
        assert two.passages == one.passages
        words = ["志願", "服務", "好人"]
        assert two.bm25.frequencies(words).tolist() == one.bm25.frequencies(words).tolist()
        positions = np.asarray([1, 5, 9])
        assert_allclose(two.bm25.scores_at(words, positions), one.bm25.scores_at(words, positions), atol=1e-5)
        (first, own), (second, beside) = (
            each.bm25.rank_and_score(words, 3, positions) for each in (one, two)
        )
        assert_allclose(second.scores, first.scores, atol=1e-5)
        assert_allclose(beside, own, atol=1e-5)
        query = encode_question(read_question("上海好人評選"), ENCODER)
        found = rank_passages(two, query).ranking.positions
        assert set(found.tolist()) <= set(range(len(one.passages)))
        assert (
            len(set(found[:10].tolist()) & set(rank_passages(one, query).ranking.positions[:10].tolist()))
            >= 7
        )


def test_an_index_of_another_encoder_is_refused(url: str, small: Path) -> None:
    home = ServerHome.from_url(url)
    home.copy_from(small)
    with pytest.raises(Exception, match=r"was built with the encoder .* but other/one is configured"):
        home.load_current("other/one")


def test_a_server_that_is_gone_is_told_in_one_sentence(url: str, coded: Path) -> None:
    gone = ServerHome.from_url("postgresql://postgres@127.0.0.1:1/postgres")
    with pytest.raises(ServerError, match=r"127\.0\.0\.1:1/postgres cannot be reached"):
        gone.served()
