"""Old Word files, WPS, RTF and OpenDocument: numbers, tracked changes and tables as Word shows them."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import threading
import time
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from retrieval.reading import read_files
from retrieval.reading.formats.conversion import find_kept, source_of
from retrieval.reading.formats.loader import read_content
from retrieval.reading.formats.office import conversion, program
from retrieval.reading.formats.office.open_document import mended_open_document
from retrieval.reading.formats.office.program import LibreOffice, libreoffice
from retrieval.reading.formats.office.rich_text import mended
from retrieval.reading.lines import Document
from retrieval.types import LeftOutReason

FILES = Path(__file__).parent / "files"
HANDED = Path(__file__).parents[1] / "handed"
TEXTS = [
    "精神文明建設工作簡報",
    "第9期",
    "浙江湖州市文明辦深化“鄰里食堂”建設,惠及老人3.2萬名。",
    "一、着力佈好網點",
    "全市建成鄰里食堂126家,投入120萬元,每餐補貼5元。",
    "二、着力管好服務",
    "（一）統一配送",
    "由12家中央廚房統一配送。",
    "區縣：吳興區；食堂數：56；受益人數：1.4萬",
    "區縣：德清縣；食堂數：31；受益人數：0.8萬",
    "三、着力算好效益賬",
    "全年供餐210萬份。",
]
needs_program = pytest.mark.skipif(
    libreoffice().path is None, reason="LibreOffice is missing: make test-office"
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of conversions."""
    monkeypatch.setenv("CONVERSION_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without LibreOffice."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(program, "_PLACES", ())


def texts(document: Document) -> list[str]:
    return [line.text.replace("(", "（").replace(")", "）") for line in document.lines]


@needs_program
def test_four_formats_give_the_same_lines_in_one_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [Path(shutil.copy(FILES / f"huzhou.{ending}", tmp_path)) for ending in ("doc", "rtf", "odt")]
    conversion.convert_all([(path.read_bytes(), path.suffix) for path in paths], libreoffice())
    monkeypatch.setattr(conversion, "_converted", pytest.fail)
    for path in [*paths, FILES / "huzhou.wps"]:
        document = read_content(path.read_bytes(), path.name)
        assert texts(document) == TEXTS, path.suffix
        assert [e.text for e in document.left_out if e.reason is LeftOutReason.STRUCK_OUT] == ["80萬元"]


@needs_program
def test_the_handed_file_gives_its_nine_paragraphs_with_place_and_sections() -> None:
    reading = read_files([HANDED / "suzhou.doc"], HANDED)
    expected = (HANDED / "suzhou.expected.txt").read_text(encoding="utf-8").splitlines()
    assert [passage.text for passage in reading.passages] == [expected[2], *expected[4::2]]
    assert {passage.place_name for passage in reading.passages} == {"江蘇蘇州"}
    assert [passage.section for passage in reading.passages] == [None, "一", "二", "三"]


@needs_program
def test_a_damaged_file_is_named_and_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = (HANDED / "suzhou.doc").read_bytes()
    damaged = whole[:512] + bytes(3584) + whole[4096:]
    document = read_content(damaged, "a.doc")
    assert not document.lines
    assert "cannot read it" in document.findings[0].message
    monkeypatch.setattr(conversion, "_converted", pytest.fail)
    assert read_content(damaged, "a.doc").findings == document.findings


@needs_program
def test_a_picture_that_is_linked_is_not_fetched(free_port: int) -> None:
    asked: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", free_port))
    listener.settimeout(0.2)
    is_over = threading.Event()

    def listen() -> None:
        while not is_over.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            asked.append(connection.recv(200))
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    document = read_content(_with_linked_picture(f"http://127.0.0.1:{free_port}/a.png"), "a.odt")
    time.sleep(0.3)
    is_over.set()
    thread.join()
    listener.close()
    assert texts(document) == TEXTS
    assert asked == []


def _with_linked_picture(address: str) -> bytes:
    """The OpenDocument file with a picture that lies on a server."""
    source = zipfile.ZipFile(FILES / "huzhou.odt")
    frame = (
        f'<draw:frame text:anchor-type="paragraph" svg:width="2cm" svg:height="2cm"><draw:image xlink:href="{address}" '
        'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == "content.xml":
                content = content.replace("精神文明".encode(), frame.encode() + "精神文明".encode(), 1)
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.usefixtures("no_program")
@pytest.mark.parametrize("ending", ["doc", "wps", "odt"])
def test_without_the_program_a_file_is_named_with_what_to_install(ending: str) -> None:
    document = read_content((FILES / f"huzhou.{ending}").read_bytes(), f"a.{ending}")
    assert not document.lines
    assert "apt-get install --no-install-recommends libreoffice-writer-nogui" in document.findings[0].message


@pytest.mark.usefixtures("no_program")
def test_without_the_program_rich_text_keeps_its_numbers_and_loses_deletions() -> None:
    read = "".join(line.text for line in read_content((FILES / "huzhou.rtf").read_bytes(), "a.rtf").lines)
    assert "一、" in read
    assert "120萬元" in read
    assert "80萬元" not in read


def test_what_is_kept_is_used_where_the_program_is_missing(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    content = (FILES / "huzhou.doc").read_bytes()
    folder = cache / "libreoffice" / "some-version" / source_of(content)
    folder.mkdir(parents=True)
    (folder / conversion.DOCX).write_bytes(b"kept")
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(program, "_PLACES", ())
    assert find_kept(source_of(content), LibreOffice(None).tool, conversion.DOCX) == b"kept"


def test_the_mark_behind_a_number_is_taken_from_the_text_beside_it() -> None:
    rtf = rb"{\listtext\pard\plain  \u19968\'3f\u12289\'3f\tab}{\leveltext \'02\'00\'3f;}{\leveltext \'02\'00.;}"
    assert rb"\leveltext \'02\'00\u12289\'3f;" in mended(rtf)
    assert rb"\leveltext \'02\'00.;" in mended(rtf)


def test_a_file_without_lists_is_left_as_it_is() -> None:
    assert mended(rb"{\rtf1 \u19968\'3f}") == rb"{\rtf1 \u19968\'3f}"


@needs_program
@pytest.mark.parametrize("ending", ["doc", "rtf", "odt"])
def test_nothing_is_lost_that_the_text_of_libreoffice_holds(ending: str, tmp_path: Path) -> None:
    path = FILES / f"huzhou.{ending}"
    command = [str(libreoffice().path), f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path), str(path)],
        check=True,
    )
    document = read_content(path.read_bytes(), path.name)
    held = [*(line.text for line in document.lines), *(entry.text for entry in document.left_out)]
    text = (tmp_path / "huzhou.txt").read_text(encoding="utf-8-sig")
    assert not Counter(filter(str.isalnum, text)) - Counter(filter(str.isalnum, "".join(held)))


def _changed(old: str, new: str, formula: str = "") -> bytes:
    """The file of OpenDocument with a piece of its content replaced, and a formula as an object."""
    source, stream = zipfile.ZipFile(FILES / "huzhou.odt"), io.BytesIO()
    entry = '<manifest:file-entry manifest:full-path="Object 1/content.xml" manifest:media-type="text/xml"/>'
    changes = {
        "content.xml": (old, new),
        "META-INF/manifest.xml": ("</manifest:manifest>", f"{entry if formula else ''}</manifest:manifest>"),
    }
    with zipfile.ZipFile(stream, "w") as archive:
        for part in source.namelist():
            before, after = changes.get(part, ("", ""))
            content = source.read(part)
            assert before.encode() in content
            archive.writestr(part, content.replace(before.encode(), after.encode()) if before else content)
        if formula:
            archive.writestr("Object 1/content.xml", formula)
    return stream.getvalue()


def test_an_input_field_of_an_open_document_becomes_plain_text() -> None:
    field = '<text:text-input text:description="">文明建設</text:text-input>'
    mended_file = zipfile.ZipFile(io.BytesIO(mended_open_document(_changed("文明建設", field))))
    assert mended_file.read("content.xml") == zipfile.ZipFile(FILES / "huzhou.odt").read("content.xml")
    assert mended_open_document(b"PK no archive") == b"PK no archive"


@needs_program
def test_an_input_field_is_read_once_and_formulas_that_are_lost_are_named() -> None:
    field = '<text:text-input text:description="">文明建設</text:text-input>'
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
    document = read_content(_changed("文明建設", field, formula), "a.odt")
    assert texts(document) == TEXTS
    assert [finding.message[:27] for finding in document.findings] == ["1 formulas are not read: Li"]
