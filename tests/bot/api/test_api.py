from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.cli.main import main
from bot.serving.answerer import Answerer
from bot.settings import load_settings
from bot.web import web_application
from bot.web_access import hash_of_key
from retrieval.types import Passage

KEY, OTHER = "a-key-of-a-program", "a-key-of-another"
KEYS = f"program:{hash_of_key(KEY)},other:{hash_of_key(OTHER)}"
QUESTION = "北京榜樣每個月評出多少人？"
CALLS = (
    ("POST", "/api/ask", {"question": QUESTION}),
    ("POST", "/api/search", {"query": "志願者"}),
    ("GET", "/api/passage/0000000000000000", None),
    ("GET", "/api/outline", None),
    ("GET", "/api/status", None),
)
Program = httpx.AsyncClient


def client(answerer: Answerer, **given: object) -> Program:
    application = web_application(load_settings(**given), answerer, "secret")
    transport = httpx.ASGITransport(application, client=("203.0.113.5", 50_000))
    return Program(
        transport=transport, base_url="http://localhost", headers={"Authorization": f"Bearer {KEY}"}
    )


@pytest.fixture
async def program(answerer: Answerer, seed_index: Path) -> AsyncIterator[Program]:
    """A program with a key at the interface of the seven bulletins."""
    async with client(answerer, web_api=True, access_keys=KEYS, index_dir=seed_index) as made:
        yield made


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    with contextlib.suppress(SystemExit):
        main([*arguments])
    return capsys.readouterr().out


def without_time(text: str) -> dict[str, object]:
    given = json.loads(text)
    return {name: value for name, value in given.items() if name not in {"took_ms", "age_seconds"}}


async def test_answers_hits_and_status_are_those_of_the_command_line(
    program: Program, seed_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = ("--index", str(seed_index))
    asked = await program.post("/api/ask", json={"question": QUESTION})
    assert without_time(asked.text) == without_time(printed(capsys, "ask", QUESTION, "--json", *index))
    found = await program.post("/api/search", json={"query": "志願者", "place": "重慶", "top_k": 3})
    searched = printed(capsys, "search", "志願者", "--place", "重慶", "--top-k", "3", "--json", *index)
    assert found.json() == json.loads(searched)
    served = await program.get("/api/status")
    assert without_time(served.text) == without_time(printed(capsys, "status", "--json", *index))


async def test_the_outline_is_that_of_the_command_line_in_pieces(
    program: Program, seed_reading: object, capsys: pytest.CaptureFixture[str]
) -> None:
    printed_lines = [
        line for line in printed(capsys, "outline", "--json").splitlines() if "passage_id" in line
    ]
    first = await program.get("/api/outline?count=40")
    rest = await program.get("/api/outline?start=40")
    assert int(first.headers["x-total-count"]) == len(printed_lines)
    served = (first.text + rest.text).split("\n")[:-1]
    assert [json.loads(line) for line in served] == [json.loads(line) for line in printed_lines]


async def test_a_passage_is_a_line_of_the_outline(program: Program, answerer: Answerer) -> None:
    passage: Passage = answerer.whole.passages[5]
    found = (await program.get(f"/api/passage/{passage.passage_id}")).json()
    assert (found["passage_id"], found["text"]) == (passage.passage_id, passage.text)


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
@pytest.mark.parametrize("header", ["", KEY, f"Basic {KEY}", f"Bearer {KEY}x", f"Bearer {hash_of_key(KEY)}"])
async def test_no_call_is_answered_without_a_key(
    program: Program, method: str, path: str, body: object, header: str
) -> None:
    found = await program.request(method, path, json=body, headers={"Authorization": header})
    assert found.status_code == 401
    assert found.headers["www-authenticate"] == "Bearer"
    assert set(found.json()) == {"error"}


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
async def test_the_interface_is_off_unless_it_is_wanted(
    answerer: Answerer, method: str, path: str, body: object
) -> None:
    async with client(answerer, access_keys=KEYS) as without:
        assert (await without.request(method, path, json=body)).status_code == 404


async def test_a_key_is_bounded_and_another_is_not(answerer: Answerer) -> None:
    async with client(answerer, web_api=True, access_keys=KEYS, api_per_minute=6) as program:
        seen = [(await program.get("/api/passage/x")).status_code for _ in range(4)]
        assert seen == [404, 404, 404, 429]
        assert int((await program.get("/api/passage/x")).headers["retry-after"]) >= 1
        other = await program.get("/api/passage/x", headers={"Authorization": f"Bearer {OTHER}"})
        assert other.status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("/api/ask", b"", "body"),
        ("/api/ask", b"[]", "body"),
        ("/api/ask", b'{"question": 5}', "question"),
        ("/api/ask", b'{"question": "x", "city": "y"}', "city"),
        ("/api/ask", b'{"question": "x", "collections": ["z"]}', "z"),
        ("/api/search", '{"query": "x", "place": "火星"}'.encode(), "火星"),
        ("/api/search", b'{"query": "x", "top_k": 0}', "top_k"),
        ("/api/search", b'{"query": "x", "bulletin": "99"}', "99"),
        ("/api/ask", b'{"question": "' + b"a" * 5000 + b'"}', "question"),
    ],
)
async def test_a_wrong_body_is_named_in_a_sentence(
    program: Program, path: str, body: bytes, named: str
) -> None:
    found = await program.post(path, content=body)
    assert found.status_code == 400
    assert named in found.json()["error"]


async def test_other_wrong_calls_are_errors_in_json(program: Program) -> None:
    assert (await program.post("/api/ask", content=b'"' + b"a" * 70_000)).status_code == 413
    for path, status in (
        ("/api/nothing", 404),
        ("/api/outline?start=-1", 400),
        ("/api/outline?collection=x", 400),
    ):
        found = await program.get(path)
        assert found.status_code == status
        assert set(found.json()) == {"error"}
    assert (await program.get("/api/ask")).status_code == 405


async def test_the_description_names_every_call_and_no_other_host(program: Program) -> None:
    described = (await program.get("/api/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {"/ask", "/search", "/passage/{passage_id}", "/outline", "/status"}
    schema = described["components"]["schemas"]["SearchRequest"]
    assert set(schema["properties"]) == {"query", "place", "bulletin", "top_k", "collections"}
    page = await program.get("/api/")
    assert "POST /api/ask" in page.text
    assert "http" not in page.text.replace("http-equiv", "")
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_where_not_everybody_is_served_the_description_needs_access_too(answerer: Answerer) -> None:
    limited: dict[str, object] = {"bot_mode": "private", "web_api": True, "access_keys": KEYS}
    async with client(answerer, **limited) as program:
        assert (await program.get("/api/")).status_code == 200
        for path in ("/api/", "/api/openapi.json", "/api"):
            assert (await program.get(path, headers={"Authorization": ""})).status_code == 401
