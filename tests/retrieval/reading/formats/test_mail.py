"""E-mails and saved web archives: the message, attachments as files of their own, declared encodings that lie."""

from __future__ import annotations

from email import encoders
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from retrieval.reading.formats.loader import read_contents

HANDED = Path(__file__).parent / "handed"
PAGE = "<html><body><h1>工作简报</h1><p>南京市朱镕基同志题词，开展文明实践活动三百场。</p></body></html>"


def mail(*attachments: tuple[str, bytes]) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "報送第7期簡報"
    message.set_content("現報送第7期簡報,請審閱。\n")
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def read(content: bytes, name: str) -> dict[str, list[str]]:
    return {
        document.file: [line.text for line in document.lines] for document in read_contents(content, name)
    }


def test_an_attachment_is_a_file_of_its_own() -> None:
    read_files = read(bytes(mail(("蘇州.ofd", (HANDED / "suzhou.ofd").read_bytes()))), "a.eml")
    assert read_files["a.eml/message.txt"] == ["報送第7期簡報", "現報送第7期簡報,請審閱。"]
    expected = (HANDED / "suzhou.expected.txt").read_text(encoding="utf-8").splitlines()
    assert read_files["a.eml/蘇州.ofd"] == expected


def test_a_forwarded_mail_is_opened_to_a_limit() -> None:
    forwarded = mail()
    for _ in range(4):
        outer = mail()
        outer.add_attachment(forwarded)
        forwarded = outer
    documents = [*read_contents(bytes(forwarded), "a.eml")]
    assert sum("deeper inside others" in finding.message for d in documents for finding in d.findings) == 1
    assert sum(len(document.lines) for document in documents) == 6


def test_an_attachment_that_is_not_read_is_named() -> None:
    (_, picture) = read_contents(bytes(mail(("圖.gif", b"GIF89a" + b"\0" * 40))), "a.eml")
    assert "picture (GIF)" in picture.findings[0].message


def archive(label: str, encoding: str) -> bytes:
    page = MIMEBase("text", "html", charset=label)
    page.set_payload(PAGE.encode(encoding))
    encoders.encode_quopri(page)
    related = MIMEMultipart("related")
    related["Snapshot-Content-Location"] = "http://example.org/"
    related.attach(page)
    return bytes(related)


@pytest.mark.parametrize(
    ("label", "encoding"),
    [("gb2312", "gbk"), ("iso-8859-1", "gb18030"), ("utf-8", "utf-8"), ("x-unknown", "gbk")],
)
@pytest.mark.parametrize("name", ["a.mht", "a.mhtml", "a.html"])
def test_a_web_archive_is_decoded_by_what_it_holds(label: str, encoding: str, name: str) -> None:
    (texts,) = read(archive(label, encoding), name).values()
    assert texts == ["工作简报", "南京市朱镕基同志题词，开展文明实践活动三百场。"]


def outlook_mail() -> MIMEMultipart:
    """Alternatives beside a picture that they show, a file with a number, and a text behind them, as Outlook and phones send."""
    mixed, related, alternative = (
        MIMEMultipart("mixed"),
        MIMEMultipart("related"),
        MIMEMultipart("alternative"),
    )
    mixed["To"], mixed["Subject"] = "b@example.org", "报送"
    alternative.attach(MIMEText("现报送简报。", "plain", "gb18030"))
    alternative.attach(MIMEText("<p>现报送简报，请审阅。</p>", "html", "gb2312"))
    picture = MIMEImage(b"\x89PNG\r\n\x1a\n" + bytes(40), "png")
    appendix = MIMEApplication("附录：常熟市开展活动。".encode())
    related.attach(alternative)
    for part, number, file in ((picture, "<1>", "image001.png"), (appendix, "<2>", "附录.txt")):
        part["Content-ID"] = number
        part.add_header("Content-Disposition", "inline", filename=file)
        related.attach(part)
    mixed.attach(related)
    mixed.attach(MIMEText("另附：常州市开展活动9场。", "plain", "utf-8"))
    return mixed


def test_of_alternatives_one_is_read_and_every_further_text_and_file_too() -> None:
    assert read(outlook_mail().as_bytes(), "a.eml") == {
        "a.eml/message.html": ["现报送简报，请审阅。"],
        "a.eml/message 2.txt": ["另附：常州市开展活动9场。"],
        "a.eml/附录.txt": ["附录：常熟市开展活动。"],
    }


def test_a_file_name_in_raw_bytes_is_decoded() -> None:
    content = bytes(mail(("x.txt", "附件。".encode()))).replace(b'"x.txt"', '"裸名.txt"'.encode("gb18030"))
    assert "a.eml/裸名.txt" in read(content, "a.eml")


def framed(*pages: str) -> bytes:
    related = MIMEMultipart("related", type="text/html")
    for page in pages:
        related.attach(MIMEText(f"<html><body>{page}</body></html>", "html", "utf-8"))
    return related.as_bytes()


def test_the_text_of_frames_is_named_and_of_frames_alone_the_largest_is_the_page() -> None:
    page, frame = "<p>南京市开展文明实践活动三百场，群众参与踊跃。</p>", "<p>苏州市开展活动五十场。</p>"
    (document,) = read_contents(framed(page, frame), "a.mht")
    assert [line.text for line in document.lines] == ["南京市开展文明实践活动三百场，群众参与踊跃。"]
    assert [entry.text for entry in document.left_out] == ["苏州市开展活动五十场。"]
    assert "frames" in document.findings[0].message
    (document,) = read_contents(framed("<iframe src='cid:1'></iframe>", frame, page), "a.mht")
    assert [line.text for line in document.lines] == ["南京市开展文明实践活动三百场，群众参与踊跃。"]
