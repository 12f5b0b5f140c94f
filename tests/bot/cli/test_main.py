"""The command line: output, stream and exit status of each command."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from benchmarks.speed.start import HEAVY, modules_of

from bot import settings as bot_settings
from bot.cli import sample
from bot.cli.main import main
from retrieval import api
from retrieval.storage.lock import only_builder
from retrieval.storage.manifests import Manifest, write_manifest
from retrieval.types import Encoder
from tests.bot.export.test_docx_writer import quoted_with_notes

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
SEED = ROOT / "data" / "bulletins"


@dataclass(frozen=True, slots=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


class Run(Protocol):
    def __call__(self, *arguments: str, stdin: str = "", **environment: str) -> Done: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in this process, where torch is loaded already, and says what came out."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")

    def run_command(*arguments: str, stdin: str = "", **environment: str) -> Done:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main([*arguments])
        written = capsys.readouterr()
        return Done(int(end.value.code or 0), written.out, written.err)

    return run_command


def test_ask_json_has_exactly_the_fields_of_the_contract(run: Run, seed_index: Path) -> None:
    done = run("ask", "北京榜样每个月评出多少人", "--json", "--index", str(seed_index))
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    expected = "id question status reason confidence quotes citations hits took_ms"
    assert " ".join(answer) == expected
    assert answer["status"] == "answered"
    assert answer["reason"] is None
    assert 0 <= answer["confidence"] <= 1
    assert "每月發佈10名月榜人物" in answer["quotes"][0]["text"]
    first = answer["citations"][0]
    assert " ".join(first) == "number passage_id bulletin place section heading file recognized collection"
    assert (first["number"], first["bulletin"], first["place"], first["section"]) == (1, "篇3", "北京", "二")
    assert (
        " ".join(answer["hits"][0])
        == "rank score passage_id bulletin place section text recognized collection"
    )
    assert first["collection"] is None
    assert [hit["rank"] for hit in answer["hits"]] == list(range(1, 11))
    scores = [hit["score"] for hit in answer["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_ask_jsonl_answers_line_by_line_in_order(run: Run, seed_index: Path) -> None:
    lines = [
        '{"id": "b", "q": "大連推出了多少個公益項目?"}',
        "",
        '{"id": "a", "q": "護照過期了怎麼換?"}',
        '{"id": "c", "q": " "}',
    ]
    done = run("ask", "--jsonl", "-", "--index", str(seed_index), stdin="\n".join(lines))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["b", "a", "c"]
    assert [answer["status"] for answer in answers] == ["answered", "refused", "refused"]
    assert len(answers[1]["hits"]) == 10


def test_ask_writes_its_quotes_into_new_files_only(run: Run, seed_index: Path, tmp_path: Path) -> None:
    word, markdown = tmp_path / "a.docx", tmp_path / "a.md"
    files = ("--docx", str(word), "--markdown", str(markdown))
    done = run("ask", "北京榜样每个月评出多少人", *files, "--index", str(seed_index))
    assert done.returncode == 0, done.stderr
    ((quote, note),) = quoted_with_notes(word.read_bytes())
    assert quote in done.stdout
    assert note.startswith("《精神文明建設工作簡報 篇3》，北京，二、")
    assert f"{quote}[^1]" in markdown.read_text(encoding="utf-8")
    again = run("ask", "北京榜样每个月评出多少人", *files, "--index", str(seed_index))
    assert (again.returncode, again.stderr) == (
        1,
        f"{word} exists and is not written over: give another name, or remove it.\n",
    )


def test_a_refusal_writes_no_file_and_says_so(run: Run, seed_index: Path, tmp_path: Path) -> None:
    done = run("ask", "護照過期了怎麼換?", "--docx", str(tmp_path / "a.docx"), "--index", str(seed_index))
    assert done.returncode == 1
    assert done.stderr.startswith("The bulletins do not answer this, so ")
    assert not list(tmp_path.iterdir())


def test_a_broken_line_of_questions_is_named_in_its_place_and_the_others_are_answered(
    run: Run, seed_index: Path, tmp_path: Path
) -> None:
    questions = tmp_path / "questions.jsonl"
    lines = [
        b'\xef\xbb\xbf{"id": "a", "q": "\xe5\x95\x8f\xe2\x80\xa8\xe9\xa1\x8c"}',  # a separator of lines inside a text
        b'{"id": "b"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id": "c", "q": 5}',
        b'{"id": "d", "q": "\\ud800\\u0000"}\r',
    ]
    questions.write_bytes(b"\n".join(lines))
    done = run("ask", "--jsonl", str(questions), "--index", str(seed_index))
    assert done.returncode == 1
    assert done.stderr.startswith(f"{questions}: 4 of 6 lines could not be answered")
    assert done.stderr.count("\n") == 1
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert [outcome["id"] for outcome in outcomes] == ["a", None, None, None, "c", "d"]
    assert [outcome.get("error") for outcome in outcomes] == [
        None,
        'line 2 is not an object with "id" and "q"',
        'line 3 is not an object with "id" and "q"',
        'line 4 is not an object with "id" and "q"',
        '"q" of line 5 is not a text',
        None,
    ]
    assert outcomes[0]["question"] == "問\u2028題"


def test_search_can_be_limited_to_a_place_and_a_bulletin(run: Run, seed_index: Path) -> None:
    limits = ["--place", "重庆", "--bulletin", "篇4", "--top-k", "3"]
    done = run("search", "志願者", *limits, "--json", "--index", str(seed_index))
    hits = json.loads(done.stdout)["hits"]
    assert len(hits) == 3
    assert {(hit["place"], hit["bulletin"]) for hit in hits} == {("重慶", "篇4")}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["search", "志願者", "--place", "廣州"], "No bulletin is about '廣州': the places are 上海、"),
        (["search", "志願者", "--bulletin", "篇9"], "There is no bulletin '篇9': there are 篇1、"),
    ],
)
def test_a_limit_that_nothing_passes_is_one_sentence(
    run: Run, seed_index: Path, arguments: list[str], sentence: str
) -> None:
    done = run(*arguments, "--index", str(seed_index))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(sentence)


def test_outline_json_has_a_line_a_passage_with_the_fields_of_the_contract(run: Run) -> None:
    done = run("outline", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    passages, left_out = lines[:69], lines[69:]
    assert all("passage_id" in line for line in passages)
    assert [sorted(line) for line in left_out] == [["file", "left_out", "line", "reason"]] * len(left_out)
    fields = "passage_id file line bulletin place section section_path heading text date issue recognized collection"
    assert " ".join(passages[0]) == fields
    assert passages[0]["place"]["name"] == "上海"
    assert passages[0]["section"] is None
    assert passages[31]["section_path"] == ["二、把好“三關”,確保“北京榜樣”入選質量"]


def test_outline_shows_the_tree_of_one_file(run: Run) -> None:
    done = run("outline", str(next(SEED.glob("*.txt"))))
    assert done.returncode == 0
    assert "篇7" in done.stdout
    assert "安徽合肥包河區" in done.stdout


def test_outline_says_how_a_folder_is_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("篇1\n北京\n北京每月評選10名好人。\n", encoding="utf-8")
    refused = run("outline", str(tmp_path / "a.txt"), str(tmp_path))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"{tmp_path} is a folder: give it with `--data {tmp_path}`, or name the files in it.\n"
    )
    assert "北京" in run("outline", "--data", str(tmp_path)).stdout


@pytest.mark.parametrize("command", [["ask", "問"], ["search", "問"], ["status"], ["rollback"], ["chat"]])
def test_without_an_index_every_command_names_the_one_that_builds_it(
    run: Run, command: list[str], tmp_path: Path
) -> None:
    done = run(*command, INDEX_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"No index in {tmp_path} yet: run `bulletin-bot rebuild` first.\n"


@pytest.mark.parametrize(
    "command",
    [
        ["nothing"],
        ["ask"],
        ["ask", "問", "--jsonl", "-"],
        ["ask", "--jsonl", "-", "--docx", "a.docx"],
        ["search", "問", "--top-k", "0"],
        ["rebuild", "--watch", "--full"],
    ],
)
def test_wrong_usage_ends_with_status_2(run: Run, command: list[str]) -> None:
    assert run(*command).returncode == 2


def test_a_missing_folder_of_bulletins_is_one_sentence(run: Run, tmp_path: Path) -> None:
    done = run("rebuild", "--data", str(tmp_path / "nowhere"), "--index", str(tmp_path / "index"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"No folder of bulletins at {tmp_path / 'nowhere'}")


def test_rebuild_check_says_what_would_change_and_builds_nothing(run: Run, tmp_path: Path) -> None:
    done = run("rebuild", "--check", "--index", str(tmp_path / "index"))
    assert done.returncode == 0
    assert "遼寧大連" in done.stdout
    assert "69" in done.stdout
    assert not (tmp_path / "index").exists()


def test_rebuild_builds_what_status_then_shows_and_embeds_nothing_twice(run: Run, tmp_path: Path) -> None:
    first = run("rebuild", "--data", str(SEED), INDEX_DIR=str(tmp_path))
    assert first.returncode == 0, first.stderr
    assert "embedding 69/69" in first.stdout
    again = subprocess.run(
        [BIN / "rebuild-index", "--index", str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "embedding 0/0" in again.stdout
    assert "0 of them embedded" in again.stdout
    status = json.loads(run("status", "--json", "--index", str(tmp_path)).stdout)
    assert (status["passages"], status["dimension"]) == (69, 384)
    assert len(status["generations"]) == 2
    assert (status["refused"], status["builder"], status["details"]) == ([], "nobody builds", [])
    assert [change["place"] for change in status["changes"]][:2] == ["上海", "江蘇南京"]
    assert "50 questions with known answers, passed" in status["questions"]
    shown = run("status", "--index", str(tmp_path)).stdout
    assert "What changed, since " in shown
    back = run("rollback", "--index", str(tmp_path))
    assert back.stdout.endswith("is in service again.\n")
    assert json.loads(run("status", "--json", "--index", str(tmp_path)).stdout)["generation"] in back.stdout


def test_status_names_what_is_damaged_and_who_builds(run: Run, seed_index: Path, tmp_path: Path) -> None:
    shutil.copytree(seed_index, tmp_path / "index")
    with only_builder(tmp_path / "index", "rebuild"):
        status = json.loads(run("status", "--json", "--index", str(tmp_path / "index")).stdout)
    assert f"rebuild, process {os.getpid()} on " in status["builder"]
    next((tmp_path / "index").glob("*/spans.npy")).write_bytes(b"")
    done = run("status", "--index", str(tmp_path / "index"))
    assert done.returncode == 1
    assert "spans.npy is damaged: run `bulletin-bot rebuild`." in done.stderr


def test_an_index_of_another_encoder_is_refused_in_one_sentence(
    run: Run, tmp_path: Path, seed_index: Path
) -> None:
    manifest = next(seed_index.glob("*/manifest.json"))
    folder = tmp_path / manifest.parent.name
    folder.mkdir()
    changed = manifest.read_text(encoding="utf-8").replace("bundled/multilingual-e5-small", "another/model")
    write_manifest(folder, Manifest(**json.loads(changed)))
    (tmp_path / "current").write_text(folder.name, encoding="utf-8")
    done = run("ask", "問", "--index", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    for part in ("another/model", "bundled/multilingual-e5-small", "bulletin-bot rebuild"):
        assert part in done.stderr


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], {*HEAVY, "numpy", "telegram", "pydantic", "jieba"}),
        (["outline"], {*HEAVY, "telegram"}),
    ],
)
def test_what_answers_no_question_loads_nothing_heavy(arguments: list[str], unwanted: set[str]) -> None:
    assert modules_of(*arguments).isdisjoint(unwanted)


def test_a_question_is_answered_by_the_bundled_model_without_torch(
    seed_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INDEX_DIR", str(seed_index))
    loaded = modules_of("ask", "北京榜樣每個月評出多少人?")
    assert {"ctranslate2", "faiss"} <= loaded
    assert loaded.isdisjoint({"torch", "transformers", "sentence_transformers"})
    assert "pypinyin.phrases_dict" not in loaded


@pytest.fixture(scope="module")
def two_collections(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A folder with `bulletins` in two collections, and their `index`."""
    root = tmp_path_factory.mktemp("two")
    (root / "bulletins" / "市政").mkdir(parents=True)
    (root / "bulletins" / "a.txt").write_text("篇1\n北京\n北京每月評選10名好人。\n", encoding="utf-8")
    (root / "bulletins" / "市政" / "b.txt").write_text(
        "篇1\n上海\n上海每月評選20名好人。\n", encoding="utf-8"
    )
    (root / "bulletins" / "市政" / "collection.toml").write_text('name = "市政簡報"\n', encoding="utf-8")
    api.build(root / "bulletins", root / "index", encoder)
    return root


def test_ask_and_search_take_the_collections_that_are_named(run: Run, two_collections: Path) -> None:
    index = ("--json", "--index", str(two_collections / "index"))

    def answered_from(*arguments: str) -> set[str]:
        done = run(*arguments, *index)
        assert done.returncode == 0, done.stderr
        fields = json.loads(done.stdout)
        return {row["collection"] for row in (*fields["hits"], *fields.get("citations", ()))}

    question, words = ("ask", "每月評選多少名好人?"), ("search", "好人")
    for asked in (question, words):
        assert answered_from(*asked) == {"default"}
        assert answered_from(*asked, "--collection", "市政简报") == {"市政簡報"}
        assert answered_from(*asked, "--collection", "市政簡報", "--collection", "default") == {
            "default",
            "市政簡報",
        }
    done = run(*question, "--collection", "年報", *index)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "There is no collection '年報': there are default、市政簡報.\n"


def test_in_a_folder_without_bulletins_those_of_the_wheel_are_indexed_once_and_asked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried = tmp_path / "package" / "sample_bulletins"
    carried.mkdir(parents=True)
    (carried / "a.txt").write_text("篇1\n北京\n北京每月評選10名好人。\n", encoding="utf-8")
    for module in (bot_settings, sample):
        monkeypatch.setattr(module, "SAMPLE", carried)
    monkeypatch.chdir(tmp_path)
    cache = {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "MODEL_CACHE": str(bot_settings.Settings().model_cache),
    }
    first = run("ask", "北京每月評選多少名好人?", "--json", **cache)
    assert (first.returncode, json.loads(first.stdout)["status"]) == (0, "answered")
    assert "the seven bulletins that come with the program answer" in first.stderr
    again = run("ask", "北京每月評選多少名好人?", "--json", **cache)
    assert (json.loads(again.stdout)["status"], again.stderr) == ("answered", "")
    (carried / "a.txt").write_text("篇1\n北京\n北京每月評選20名好人。\n", encoding="utf-8")
    assert "20名" in run("ask", "北京每月評選多少名好人?", "--json", **cache).stdout
    (tmp_path / "data" / "bulletins").mkdir(parents=True)
    assert run("ask", "北京每月評選多少名好人?", "--json", **cache).returncode == 1


def test_outline_can_be_limited_to_a_collection_and_names_a_bad_file(run: Run, two_collections: Path) -> None:
    data = ("--data", str(two_collections / "bulletins"))

    def outlined(*names: str) -> list[tuple[str, str]]:
        options = [option for name in names for option in ("--collection", name)]
        lines = map(json.loads, run("outline", "--json", *options, *data).stdout.splitlines())
        return [(line["file"], line["collection"]) for line in lines if "passage_id" in line]

    assert outlined() == [("a.txt", "default"), ("市政/b.txt", "市政簡報")]
    assert outlined("市政簡報") == [("市政/b.txt", "市政簡報")]
    assert outlined("default") == [("a.txt", "default")]
    assert "年報" in run("outline", "--collection", "年報", *data).stderr
    assert "市政簡報" in run("outline", *data).stdout
