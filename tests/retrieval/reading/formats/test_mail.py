"""E-mails and saved web archives: the message, attachments as files of their own, declared encodings that lie."""

from __future__ import annotations

from email import encoders
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
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
