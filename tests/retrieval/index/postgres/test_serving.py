"""Copies, the pointer, rollback, and what is kept."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import psycopg
import pytest

from retrieval.building.builder import build_generation, write_generation
from retrieval.errors import BulletinBotError, DamagedIndexError
from retrieval.index import generations, homes
from retrieval.index.postgres import ServerHome, copy_in, load_server_index
from retrieval.index.postgres.copied_checks import check_copy
from retrieval.index.postgres.server import schema, serving_row
from retrieval.progress import no_progress
from retrieval.storage import manifests
from tests.doubles import HashEncoder
from tests.retrieval.index.postgres.conftest import many_passages

ENCODER = HashEncoder()


def next_generation(folder: Path, count: int) -> str:
    """A further generation in the folder; returns its name."""
    return write_generation(build_generation(many_passages(count), ENCODER), ENCODER, folder, {}).name


def schemas(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return list(serving_row.generations_on(connection))


def test_a_copy_comes_back_as_it_was(url: str, small: Path, tmp_path: Path) -> None:
    name = homes.copy_index(str(small), url, no_progress)
    assert homes.copy_index(url, str(tmp_path / "back"), no_progress) == name
    before, after = (manifests.read_manifest(folder / name) for folder in (small, tmp_path / "back"))
    assert after == before  # with the hash of every part


def test_what_readers_get_as_codes_comes_back_exact(url: str, exact: Path, tmp_path: Path) -> None:
    name = homes.copy_index(str(exact), url, no_progress)
    assert len(load_server_index(ServerHome.from_url(url).address, None).passages) == 600
    homes.copy_index(url, str(tmp_path / "back"), no_progress)
    before, after = (manifests.read_manifest(folder / name) for folder in (exact, tmp_path / "back"))
    assert after == before


def test_a_coded_copy_keeps_every_code(url: str, coded: Path, tmp_path: Path) -> None:
    name = homes.copy_index(str(coded), url, no_progress)
    homes.copy_index(url, str(tmp_path / "back"), no_progress)
    before, after = (manifests.read_manifest(folder / name) for folder in (coded, tmp_path / "back"))
    different = {part for part in before.parts if before.parts[part] != after.parts.get(part)}
    assert different <= {"paragraphs.faiss"}  # trained anew from half floats
    assert len(generations.load_current(tmp_path / "back", ENCODER.name).passages) == 700


def test_two_folders_or_two_servers_are_refused(url: str, small: Path) -> None:
    for source, target in ((str(small), str(small)), (url, url)):
        with pytest.raises(BulletinBotError, match="between a folder and a server"):
            homes.copy_index(source, target, no_progress)


def test_texts_that_the_server_does_not_take_come_back_whole(url: str, tmp_path: Path) -> None:
    from tests.doubles import make_passage

    texts = ["甲\0乙。", "半個\ud83d字。", "普通的一句話。"]
    passages = [make_passage(f"{number:016x}", text) for number, text in enumerate(texts)]
    write_generation(build_generation(passages, ENCODER), ENCODER, tmp_path / "index", {})
    ServerHome.from_url(url).copy_from(tmp_path / "index")
    server = load_server_index(ServerHome.from_url(url).address, None, 0)
    assert [passage.text for passage in server.passages] == texts


def test_rollback_goes_back_one_and_three_are_kept(url: str, tmp_path: Path) -> None:
    home, folder = ServerHome.from_url(url), tmp_path / "index"
    names = []
    for count in (4, 5, 6, 7):
        names.append(next_generation(folder, count))
        home.copy_from(folder)
    assert home.served() == tuple(reversed(names))[:3]
    assert schemas(url) == names[1:]
    assert home.roll_back() == names[2]
    assert home.served() == (names[2], names[1])
    assert len(home.load_current(None).passages) == 6
    assert home.roll_back() == names[1]
    with pytest.raises(BulletinBotError, match="no generation before"):
        home.roll_back()


def test_a_generation_that_is_read_is_not_dropped(url: str, tmp_path: Path) -> None:
    home, folder = ServerHome.from_url(url), tmp_path / "index"
    first = next_generation(folder, 4)
    home.copy_from(folder)
    reader = load_server_index(home.address, None, 0)
    for count in (5, 6, 7):
        next_generation(folder, count)
        home.copy_from(folder)
    assert first in schemas(url)
    assert reader.passages[3].text == many_passages(4)[3].text
    del reader
    next_generation(folder, 8)
    home.copy_from(folder)
    assert first not in schemas(url)


def test_thirty_swaps_under_readers_fail_no_question(url: str, tmp_path: Path) -> None:
    home, folder = ServerHome.from_url(url), tmp_path / "index"
    names = []
    for count in (10, 20):
        names.append(next_generation(folder, count))
        home.copy_from(folder)
    sizes, wrong = dict(zip(names, (10, 20), strict=True)), []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            index = load_server_index(home.address, None, 0)
            found = len(index.passages), len(index.folded_texts.holding("简报"))
            if found != (sizes[index.name],) * 2:
                wrong.append((index.name, found))

    readers = [threading.Thread(target=ask) for _ in range(2)]
    for reader in readers:
        reader.start()
    with serving_row.only_builder(home.address, "swaps") as connection:
        for number in range(30):
            serving_row.point_to(connection, names[number % 2])
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert set(home.served()) == set(names)


def test_a_copy_that_is_cut_off_leaves_nothing(
    url: str, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = ServerHome.from_url(url)

    def fail(*_given: object) -> None:
        raise DamagedIndexError("not as it was")

    monkeypatch.setattr(copy_in, "check_copy", fail)
    with pytest.raises(DamagedIndexError):
        home.copy_from(small)
    assert schemas(url) == []
    with pytest.raises(BulletinBotError, match="No index on"):
        home.served()


def test_a_copy_that_is_not_as_it_was_read_is_refused(url: str, small: Path) -> None:
    home = ServerHome.from_url(url)
    index = generations.load_current(small, ENCODER.name)
    home.copy_from(small)
    with psycopg.connect(url) as connection:
        connection.execute(schema.in_schema("update {schema}.contents set body = body || '。'", index.name))
        with pytest.raises(DamagedIndexError, match="is not as it was"):
            check_copy(connection, index)
        connection.execute(schema.in_schema("delete from {schema}.passages where position = 3", index.name))
        with pytest.raises(DamagedIndexError, match="59, 60, 60"):
            check_copy(connection, index)


def test_one_builder_at_a_time_and_the_other_is_named(url: str) -> None:
    home = ServerHome.from_url(url)
    with serving_row.only_builder(home.address, "rebuild"):
        assert "bulletin-bot rebuild, process" in (home.builder() or "")
        with pytest.raises(serving_row.ServerBusyError, match=r"bulletin-bot rebuild, process \d+"):
            home.roll_back()
    assert home.builder() is None


def test_whoever_follows_hears_of_a_swap_at_once(url: str, small: Path, tmp_path: Path) -> None:
    home, heard, stop = ServerHome.from_url(url), threading.Semaphore(0), threading.Event()
    home.copy_from(small)
    follower = threading.Thread(target=home.follow, args=(heard.release, stop.is_set, 30.0))
    follower.start()
    assert heard.acquire(timeout=10)  # at the start
    next_generation(tmp_path / "index", 4)
    home.copy_from(tmp_path / "index")
    assert heard.acquire(timeout=10)
    stop.set()
    home.copy_from(tmp_path / "index")  # one more notification ends it before its 30 seconds
    follower.join(20)
    assert not follower.is_alive()


def test_documents_of_a_build_come_along(url: str, small: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(small, tmp_path / "index")
    folder = generations.current_folder(tmp_path / "index")
    (folder / "report.json").write_text('{"findings": ["甲"]}', encoding="utf-8")
    home = ServerHome.from_url(url)
    home.copy_from(tmp_path / "index")
    assert json.loads(home.document("report.json") or "") == {"findings": ["甲"]}
    assert home.document("nothing.json") is None


@pytest.mark.parametrize("name", ["20261130T044524.530134Z"])
def test_a_schema_is_named_after_its_generation(name: str) -> None:
    assert schema.schema_of(name) == "g20261130t044524_530134"
    assert schema.generation_of(schema.schema_of(name)) == name
