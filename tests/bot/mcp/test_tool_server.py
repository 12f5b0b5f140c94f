"""The tools as a client of the official package calls them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from mcp import Client
from mcp.types import CallToolResult, TextContent

from bot.mcp import ToolServer, tool_server
from bot.mcp.bulletin_tools import LONGEST_QUESTION, MOST_HITS, PATTERN_EXAMPLES
from bot.output import answer_json, hits_json, outline_json_lines
from bot.serving.answerer import Answerer
from retrieval.building.builder import build_generation
from retrieval.index import Filter
from retrieval.types import DEFAULT_COLLECTION, Reading
from tests.doubles import HashEncoder, loaded, make_passage

QUESTION = "北京榜样每个月评出多少人"


@pytest.fixture
def server(answerer: Answerer) -> ToolServer:
    return tool_server(answerer)


async def called_by_client(server: ToolServer, tool: str, arguments: dict[str, object]) -> CallToolResult:
    async with Client(server) as client:
        return await client.call_tool(tool, arguments, read_timeout_seconds=30)


async def result(server: ToolServer, tool: str, **arguments: object) -> dict[str, Any]:
    """The structured result, which the text repeats."""
    called = await called_by_client(server, tool, arguments)
    assert not called.is_error, called
    assert called.structured_content is not None
    assert json.loads(text_of(called)) == called.structured_content
    content: dict[str, Any] = called.structured_content
    return content


async def error(server: ToolServer, tool: str, **arguments: object) -> str:
    """The sentence of an error."""
    called = await called_by_client(server, tool, arguments)
    assert called.is_error, called
    return text_of(called)


def text_of(called: CallToolResult) -> str:
    (block,) = called.content
    assert isinstance(block, TextContent)
    return block.text


async def test_three_tools_say_what_they_take_and_take_nothing_else(server: ToolServer) -> None:
    async with Client(server) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert list(tools) == ["ask", "search", "passage"]
    assert list(tools["search"].input_schema["properties"]) == [
        "query",
        "place",
        "bulletin",
        "top_k",
        "collection",
    ]
    assert all(tool.input_schema["additionalProperties"] is False for tool in tools.values())
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
    assert all("self" not in tool.input_schema["properties"] for tool in tools.values())


async def test_an_answer_is_that_of_the_command_line(server: ToolServer, answerer: Answerer) -> None:
    given = await result(server, "ask", question=QUESTION)
    expected = json.loads(answer_json(answerer.answer_now(QUESTION), None))
    assert given | {"took_ms": 0} == expected | {"took_ms": 0}
    assert "每月發佈10名月榜人物" in given["quotes"][0]["text"]
    assert given["citations"][0]["place"] == "北京"


async def test_what_the_bulletins_do_not_say_is_refused(server: ToolServer) -> None:
    given = await result(server, "ask", question="護照過期了怎麼換?")
    assert (given["status"], given["quotes"]) == ("refused", [])


async def test_every_quote_is_verbatim_in_the_passage_that_is_cited(server: ToolServer) -> None:
    given = await result(server, "ask", question="大連推出了多少個公益項目？")
    cited = {citation["number"]: citation["passage_id"] for citation in given["citations"]}
    for quote in given["quotes"]:
        passage = await result(server, "passage", passage_id=cited[quote["citation"]])
        assert quote["text"] in passage["text"]


async def test_a_search_is_that_of_the_command_line(server: ToolServer, answerer: Answerer) -> None:
    given = await result(server, "search", query="志願者", place="重庆", top_k=3)
    hits = answerer.search_now("志願者", Filter("重慶", None), 3)
    assert given == json.loads(hits_json("志願者", hits))
    assert {hit["place"] for hit in given["hits"]} == {"重慶"}


async def test_a_passage_is_that_of_the_outline_and_may_be_named_as_links_name_it(
    server: ToolServer, answerer: Answerer
) -> None:
    passage = answerer.whole.passages[0]
    (line,) = outline_json_lines(Reading((passage,), ()))
    assert await result(server, "passage", passage_id=passage.passage_id) == json.loads(line)
    assert await result(server, "passage", passage_id=f"p_{passage.passage_id}") == json.loads(line)


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        (
            "ask",
            {"question": "志願者", "city": "重慶"},
            "ask has no argument 'city'; it has: question, collection.",
        ),
        (
            "search",
            {"query": "志願者", "plcae": "重慶"},
            "search has no argument 'plcae'; it has: query, place, ",
        ),
        (
            "search",
            {"query": "志願者", "place": "火星"},
            "No bulletin covers the place 「火星」; covered are: ",
        ),
        ("search", {"query": "志願者", "place": ""}, "No bulletin covers the place 「」; covered are: "),
        (
            "search",
            {"query": "志願者", "bulletin": "篇99"},
            "No one bulletin is called 「篇99」; there are: 篇1、",
        ),
        ("search", {"query": "志願者", "top_k": 0}, "top_k: Input should be greater than or equal to 1."),
        (
            "search",
            {"query": "志願者", "top_k": MOST_HITS + 1},
            "top_k: Input should be less than or equal to 50.",
        ),
        ("search", {"query": " \n"}, "query is blank"),
        ("ask", {}, "question: Field required."),
        ("ask", {"question": ""}, "question: String should have at least 1 character."),
        (
            "ask",
            {"question": "長" * (LONGEST_QUESTION + 1)},
            "question: String should have at most 4096 characters.",
        ),
        ("ask", {"question": ["甲"]}, "question: Input should be a valid string."),
        (
            "ask",
            {"question": "志願者", "collection": "市政"},
            "No collection is called 「市政」; there are: ",
        ),
        (
            "passage",
            {"passage_id": "0" * 16},
            "No bulletin holds the passage 0000000000000000: ask or search for one.",
        ),
        ("passage", {"passage_id": "../../etc/passwd"}, "passage_id must be the 16 hexadecimal digits"),
        ("delete", {}, "There is no tool of that name; there are: ask, search, passage."),
    ],
)
async def test_what_does_not_fit_is_refused_in_a_sentence(
    server: ToolServer, tool: str, arguments: dict[str, object], told: str
) -> None:
    sentence = await error(server, tool, **arguments)
    assert sentence.startswith(told)
    assert "\n" not in sentence


async def test_a_fault_of_our_own_says_nothing_of_its_inside(
    server: ToolServer, answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("/srv/secret")

    monkeypatch.setattr(answerer, "answer", broken)
    assert await error(server, "ask", question="志願者") == "Error executing tool ask"


async def test_words_of_a_question_reach_no_log(server: ToolServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await error(server, "search", query="志願者", place="火星秘密")
    await result(server, "ask", question=QUESTION)
    assert "火星秘密" not in caplog.text
    assert "北京榜样" not in caplog.text


@pytest.fixture(scope="module")
def of_two() -> Iterator[Answerer]:
    """Two collections; one of them has a passage more."""
    encoder = HashEncoder()
    first = make_passage("00000000000000a1", "志願者每月到社區服務老人。", bulletin="篇1")
    second = make_passage("00000000000000b1", "上海評選好人10名。", place="上海", bulletin="第1期")
    passages = [replace(first, collection=DEFAULT_COLLECTION), replace(second, collection="市政簡報")]
    passages = [replace(passage, file=f"{number}/a.txt") for number, passage in enumerate(passages)]
    answerer = Answerer(loaded(build_generation(passages, encoder), encoder), encoder)
    yield answerer
    answerer.close()


async def test_collections_are_asked_apart(of_two: Answerer) -> None:
    server = tool_server(of_two)
    default = await result(server, "search", query="好人")
    other = await result(server, "search", query="好人", collection="市政簡報")
    assert {hit["collection"] for hit in default["hits"]} == {DEFAULT_COLLECTION}
    assert {hit["collection"] for hit in other["hits"]} == {"市政簡報"}
    refusal = await error(server, "search", query="好人", place="上海")
    assert refusal.startswith("No bulletin covers the place 「上海」")


def test_each_pattern_matches_its_example_and_not_its_counterexample() -> None:
    for pattern, example, counterexample in PATTERN_EXAMPLES:
        assert pattern.fullmatch(example)
        assert not pattern.fullmatch(counterexample)
