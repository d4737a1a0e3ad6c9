"""Each format on real bytes: what comes out, and what is said of a bad one."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.acquire import Failed, Hints, reports
from tocsin.acquire.formats import READERS
from tocsin.acquire.plain import without_marks
from tocsin.acquire.text import normalise
from tocsin.errors import TocsinError, UsageError
from tocsin.model import Report
from tocsin.ontology import load
from tocsin.settings import Settings

STORY = "Mali closed its border with Niger on Monday, the government said in a statement read on state television."
PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Mali closes border | Outlet</title>
<meta property="og:site_name" content="The Outlet"><meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2024-11-18T10:20:00+02:00">
<link rel="canonical" href="https://example.org/news/mali"></head><body><nav><a href="/x">Home</a></nav>
<article><h1>Mali closes border</h1><p>{STORY}</p><p>The move follows weeks of tension between the two neighbours,
who have accused each other of harbouring rebels.</p></article><footer>© 2019 The Outlet</footer></body></html>"""


def read(path: Path | str, settings: Settings, **more: object) -> list[Report | Failed]:
    return list(reports(path, settings=settings, **more))  # type: ignore[arg-type]


def one(path: Path | str, settings: Settings, **more: object) -> Report:
    (report,) = read(path, settings, **more)
    assert isinstance(report, Report), report
    return report


def failure(path: Path | str, settings: Settings, **more: object) -> str:
    (failed,) = read(path, settings, **more)
    assert isinstance(failed, Failed), failed
    assert failed.error.todo
    return str(failed.error)


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return path


def test_plain_text(tmp_path: Path, settings: Settings) -> None:
    text = f"Mali closes border\n\nBAMAKO, Nov. 18, 2024 (Agency) — {STORY}"
    report = one(put(tmp_path, "a.txt", text.replace("\n", "\r\n") + "  \r\n"), settings)
    assert report.text == text
    assert (report.title, report.published) == ("Mali closes border", "2024-11-18")
    assert (report.source, report.url, report.lang, report.retrieved) == (None, None, None, None)


def test_hints_go_before(tmp_path: Path, settings: Settings) -> None:
    hints = Hints(published="Nov. 20, 2024", source=" The  Outlet ")
    report = one(put(tmp_path, "a.txt", f"Nov. 18, 2024\n\n{STORY}"), settings, hints=hints)
    assert (report.published, report.source) == ("2024-11-20", "The Outlet")


@pytest.mark.parametrize("bad", [{"published": "03/04/2024"}, {"kind": "doc"}, {"columns": {"body": "x"}}])
def test_hints_are_checked(bad: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="allowed"):
        Hints(**bad)  # type: ignore[arg-type]


def test_markdown(tmp_path: Path, settings: Settings) -> None:
    text = f"""---\ntitle: Mali closes border\ndate: 2024-11-18\nauthor: [Jane Doe, Ali Ba]\n---
# Mali *closes* border\n\n> **{STORY}**\n\n- a [link](https://example.org "t") and `code`
- snake_case_name and 2 * 3 * 4\n\n***\n![map](m.png)\n<!-- hidden -->\n```\nkept\n```\n"""
    report = one(put(tmp_path, "a.md", text), settings)
    assert report.text.split("\n") == [
        "Mali closes border", "", STORY, "", "a link and code", "snake_case_name and 2 * 3 * 4", "", "map", "", "kept",
    ]
    assert (report.title, report.published, report.author) == ("Mali closes border", "2024-11-18", "Jane Doe; Ali Ba")


MARKED = [
    ("***all*** **bold *both* end** *it* __b__ _i_", "all bold both end it b i"),
    ("[![alt](img.png)](https://example.org/a_(b))", "alt"), ("[word][1]\n\n[1]: https://example.org", "word\n\n"),
    ("a <!-- b -->c <!-- d", "a c <!-- d"), ("<https://example.org>", "https://example.org"), (r"\*no\*", "*no*"),
    ("Title\n=====\ntext", "Title\ntext"), ("1. first\n2. second", "1. first\n2. second"), ("5 * 3 * 2", "5 * 3 * 2"),
]


@pytest.mark.parametrize(("marked", "words"), MARKED)
def test_marks(marked: str, words: str) -> None:
    assert without_marks(marked) == words


@pytest.mark.parametrize("part", ["<!--", "[", "**a ", "_a ", "*a", "`", "![a](", "> ", "# ", "~~a "])
def test_hostile_markdown_takes_linear_time(part: str) -> None:
    without_marks(part * 100_000)


def test_html(tmp_path: Path, settings: Settings) -> None:
    report = one(put(tmp_path, "a.html", PAGE), settings)
    assert STORY in report.text.split("\n")
    assert "Home" not in report.text
    assert report.title == "Mali closes border"
    assert (report.author, report.source, report.lang) == ("Jane Doe", "The Outlet", "en-GB")
    assert (report.published, report.url) == ("2024-11-18T10:20:00+02:00", "https://example.org/news/mali")


@pytest.mark.parametrize(("head", "encoding"), [
    ('<meta charset="windows-1251">', "cp1251"), ("", "cp1251"), ("", "utf-16"), ('<meta charset="utf-8">', "utf-8"),
])
def test_html_encodings(tmp_path: Path, settings: Settings, head: str, encoding: str) -> None:
    story = "Правительство Мали закрыло границу с Нигером в понедельник, сообщило государственное телевидение страны."
    page = f"<html><head>{head}<title>Мали</title></head><body><article><p>{story}</p></article></body></html>"
    assert one(put(tmp_path, "a.html", page.encode(encoding)), settings).text == story


def test_html_without_a_date_gets_none(tmp_path: Path, settings: Settings) -> None:
    page = f"<html><body><article><p>{STORY}</p></article><footer>© 2019 The Outlet</footer></body></html>"
    assert one(put(tmp_path, "a.html", page), settings).published is None


LINKS = "".join(f'<li><a href="/{n}">Story number {n}. It is about things that happened.</a></li>' for n in range(60))
NO_ARTICLES = [
    f"<html><head><title>Home</title></head><body><ul>{LINKS}</ul></body></html>",
    "<html><body><h1>Log in</h1><form><input name=q><button>Go</button></form><a href=x>Forgot?</a></body></html>",
    "<html><body><p>Please enable JavaScript and cookies to continue to the page.</p></body></html>",
    "<html><body></body></html>", "<html", "<html><body>" + "<div>" * 5000, "<?xml version='1.0' encoding='x'?><html/>",
]


@pytest.mark.parametrize("page", NO_ARTICLES)
def test_html_that_is_no_article(tmp_path: Path, settings: Settings, page: str) -> None:
    assert "a.html: is no article" in failure(put(tmp_path, "a.html", page), settings)


def test_pdf(tmp_path: Path, settings: Settings, pdf: Callable[..., bytes]) -> None:
    lines = ["Mali closed its border with Niger on Monday, the govern-", "ment said in a statement read on state", "television."]
    report = one(put(tmp_path, "a.pdf", pdf(*lines, title="report.doc")), settings)
    assert report.text == STORY
    assert report.title is None
    assert one(put(tmp_path, "b.txt", pdf("Mali closes border", title="Mali closes border")), settings).title


def test_bad_pdfs(tmp_path: Path, settings: Settings, pdf: Callable[..., bytes]) -> None:
    whole = pdf(STORY)
    assert "has no text layer" in failure(put(tmp_path, "a.pdf", pdf()), settings)
    assert "is no whole PDF" in failure(put(tmp_path, "b.pdf", whole[:60]), settings)
    assert "is no whole PDF" in failure(put(tmp_path, "c.pdf", b"not a PDF at all"), settings)
    assert "is no whole PDF" in failure(put(tmp_path, "d.pdf", b""), settings)
    for cut in range(0, len(whole), 37):  # damaged anywhere: read or refused, never a crash
        read(put(tmp_path, "e.pdf", whole[:cut] + b"\xff" + whole[cut + 9:]), settings)


def word(*parts: str) -> bytes:
    document = docx.Document()
    document.core_properties.title = "Mali closes border"
    document.core_properties.author = "Jane Doe"
    for part in parts:
        document.add_paragraph(part)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Deaths", "12"
    document.add_paragraph("After the table.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_docx(tmp_path: Path, settings: Settings) -> None:
    report = one(put(tmp_path, "a.docx", word(f"BAMAKO, Nov. 18, 2024 — {STORY}")), settings)
    assert report.text == f"BAMAKO, Nov. 18, 2024 — {STORY}\n\nDeaths\t12\n\nAfter the table."
    assert (report.title, report.author, report.published) == ("Mali closes border", "Jane Doe", "2024-11-18")


def test_bad_docx(tmp_path: Path, settings: Settings) -> None:
    whole = word(STORY)
    assert "is no whole" in failure(put(tmp_path, "a.docx", whole[:3000]), settings)
    assert "is no whole" in failure(put(tmp_path, "b.docx", b"PK\x03\x04 nothing"), settings)
    assert "is no whole DOCX" in failure(put(tmp_path, "c.docx", whole[:600] + b"\x00" * 40 + whole[640:]), settings)
    tight = settings.model_copy(update={"max_archive_bytes": 5000})
    assert "unpacks to too much" in failure(put(tmp_path, "d.docx", whole), tight)


MAIL = """From: "The Outlet" <news@example.org>\r\nSubject: =?utf-8?q?Mali_closes_border_=E2=80=93_reports?=\r
Date: Mon, 18 Nov 2024 10:20:00 +0200\r\nMIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r
Content-Transfer-Encoding: quoted-printable\r\n\r\nBamako a ferm=E9 la fronti=E8re.\r
--b\r\nContent-Type: text/html\r\n\r\n<p>Short.</p>\r\n--b--\r\n"""


def test_email(tmp_path: Path, settings: Settings) -> None:
    report = one(put(tmp_path, "a.eml", MAIL), settings)
    assert report.text == "Bamako a fermé la frontière."
    assert (report.title, report.author) == ("Mali closes border – reports", "The Outlet")
    assert report.published == "2024-11-18T10:20:00+02:00"


@pytest.mark.parametrize(("mail", "wanted"), [
    ("Subject: x\r\nContent-Type: text/html\r\n\r\n<style>p{}</style><p>Short &amp;\r\none.</p><p>Two<br>three</p>", "Short & one.\n\nTwo\nthree"),
    ("Subject: x\r\n\r\nJust text.\r\n", "Just text."),
    (b"Subject: \xff\xfe\r\nFrom: <<>>@\r\nDate: never\r\nContent-Type: text/plain; charset=nope\r\n\r\nText.", "Text."),
])
def test_simple_emails(tmp_path: Path, settings: Settings, mail: str | bytes, wanted: str) -> None:
    assert one(put(tmp_path, "a.eml", mail), settings).text == wanted


def test_email_without_text(tmp_path: Path, settings: Settings) -> None:
    mail = "Subject: x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA"
    assert "has no text part" in failure(put(tmp_path, "a.eml", mail), settings)


def test_first_bytes_go_before_the_name(tmp_path: Path, settings: Settings, pdf: Callable[..., bytes]) -> None:
    assert one(put(tmp_path, "a.txt", pdf("Mali closed the border.")), settings).text == "Mali closed the border."
    assert one(put(tmp_path, "noname", PAGE), settings).title == "Mali closes border"
    assert one(put(tmp_path, "b.dat", word(STORY)), settings).author == "Jane Doe"
    assert one(put(tmp_path, "c.dat", PAGE), settings, hints=Hints(kind="text")).text.startswith("<!DOCTYPE")


BAD_FILES: list[tuple[str, bytes, str]] = [
    ("a.txt", b"", "is empty"), ("a.txt", b" \n\t\r\n\xc2\xa0", "is empty"), ("a.txt", b"\xef\xbb\xbf", "is empty"),
    ("a.md", b"# \n", "is empty"), ("a.json", b"", "is no JSON"), ("a.csv", b"", "is empty"),
    ("a.jsonl", b"\n\n", "holds no reports"), ("a.json", b"[]", "holds no reports"),
    ("a.txt", b"\x7fELF\x02\x01\x01" + b"\x00" * 9 + b"\x03\x00\x3e\x00" + b"\x00" * 40, "is binary"),
    ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08", "is binary"),
    ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08", "is binary"),
    ("a.txt", b"x" * 100_001, "is too large; allowed: 100,000 bytes"),
    ("a.html", b"x" * 100_001, "is too large"), ("a.json", b"[" * 100_001, "is too large"),
    ("a.json", b"[" * 90_000, "is no JSON"), ("a.eml", b"x" * 100_001, "is too large"),
    ("a.rtf", rb"{\rtf1 Mali}", "is RTF, which is not read"), ("a.rss", b"<rss/>", "tocsin fetch"),
    ("a.gz", b"\x1f\x8b\x08\x00", "unpack it first"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD_FILES)
def test_bad_files(tmp_path: Path, settings: Settings, name: str, data: bytes, message: str) -> None:
    said = failure(put(tmp_path, name, data), settings)
    assert message in said
    assert name in said


def test_folder(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".hidden").mkdir()
    put(tmp_path / "sub", "c.txt", "Third.")
    put(tmp_path, "b.txt", b"\x00\x01\x02\x03")
    put(tmp_path, "a.txt", "First.")
    put(tmp_path, ".skipped", "No.")
    put(tmp_path / ".hidden", "x.txt", "No.")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    first, second, third = read(tmp_path, settings)
    assert [getattr(item, "text", None) for item in (first, second, third)] == ["First.", None, "Third."]
    assert isinstance(second, Failed)
    assert second.where.endswith("b.txt")


def test_paths_that_are_none(tmp_path: Path, settings: Settings) -> None:
    assert "does not exist; check the path" in failure(tmp_path / "none.txt", settings)
    assert "holds no files" in failure(tmp_path, settings)
    assert "cannot be read" in failure("a\x00b", settings)
    assert "is no web address" in failure("ftp://example.org/a.txt", settings)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable(tmp_path: Path, settings: Settings) -> None:
    path = put(tmp_path, "a.txt", "Text.")
    path.chmod(0)
    assert "may not be read" in failure(path, settings)


def test_stdin(settings: Settings) -> None:
    assert one("-", settings, stdin=io.BytesIO(b"Mali closed the border.")).text == "Mali closed the border."
    assert one("-", settings, stdin=io.BytesIO(PAGE.encode())).title == "Mali closes border"
    assert "standard input: is too large" in failure("-", settings, stdin=io.BytesIO(b"x" * 100_001))
    many = read("-", settings, stdin=io.BytesIO(b'{"text": "a"}\n{"text": "b"}'), hints=Hints(kind="jsonl"))
    assert [item.text for item in many if isinstance(item, Report)] == ["a", "b"]


def test_device_without_end(settings: Settings) -> None:
    assert "is too large" in failure("/dev/zero", settings)


def test_errors_are_ours(tmp_path: Path, settings: Settings) -> None:
    """Each format on each other format's bytes: read or `Failed`, nothing raised."""
    names = ["txt", "md", "html", "pdf", "docx", "eml", "jsonl", "json", "csv", "tsv", "parquet", "zip", "xlsx"]
    bodies = [b"", PAGE.encode(), word(STORY), MAIL.encode(), b'{"text": 1}', b"text,title\n", b"PAR1", b"PK\x05\x06"]
    for name in names:
        for body in bodies:
            for item in read(put(tmp_path, f"x.{name}", body), settings):
                assert isinstance(item, Report) or isinstance(item.error, TocsinError)


HEADS = st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"PAR1", b"<html><body><p>", b"text,title\n", b'{"text": "', MAIL.encode()])


@given(st.sampled_from(sorted(READERS)), HEADS, st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_any_bytes_in_any_format(kind: str, head: bytes, body: bytes) -> None:
    for item in reports("-", settings=Settings(max_bytes=5000), hints=Hints(kind=kind), stdin=io.BytesIO(head + body)):
        if isinstance(item, Report):
            assert item.text.strip()
            assert item.text == normalise(item.text)
        else:
            assert isinstance(item.error, TocsinError)


def soup(*parts: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(parts), max_size=12).map("".join)


HEADS_OF_MAIL = soup('"', "<", ">", "(", ";", "=", "charset", "=?utf-8?q?", "=?x?b?", "?=", "*", "'", "multipart/mixed", "b", "/",
                     "@", ",", ":", "[", " ", "\r\n ", "é", "\x00", "filename*0*=", "attachment", "Nov", "2024", "+9999")
TAGS = soup("<p>", "</p>", "<article>", "<html lang='x y'>", "<head>", "<meta charset=hex>", "<meta name=date content=soon>", "<a>",
            "<link rel=canonical href='http://[x'>", "<table>", "<td>", "<!--", "-->", "<script>", "&#55296;", "&nbsp;", "\x00",
            "<?xml version='1.0' encoding='utf-16'?>", "<![CDATA[", STORY, "<svg:p xmlns:svg=''>", "<body", "'\"")


def fits(name: str, text: str) -> None:
    for item in reports("-", settings=Settings(), hints=Hints(kind=name), stdin=io.BytesIO(text.encode("utf-8"))):
        assert isinstance(item, Report) or isinstance(item.error, TocsinError)


@given(HEADS_OF_MAIL, HEADS_OF_MAIL, HEADS_OF_MAIL)
def test_any_heads_of_a_mail(one: str, two: str, three: str) -> None:
    heads = f"From: {one}\r\nSubject: {two}\r\nDate: {three}\r\nContent-Type: {two}\r\nContent-Disposition: {one}\r\n"
    fits("email", f"{heads}Content-Transfer-Encoding: {three}\r\n\r\n--b\r\nContent-Type: {one}\r\n\r\nText.\r\n--b--")


@given(TAGS)
def test_any_tags(page: str) -> None:
    fits("html", page)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["2024", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["text", "title", "date", "name", "url", "source", "", " TEXT "]), inner, max_size=5),
    max_leaves=12,
)


@given(VALUES)
def test_any_json(value: object) -> None:
    fits("json", json.dumps(value))
    fits("jsonl", json.dumps(value))


def test_knowledge_is_words() -> None:
    """YAML reads an unquoted `on` or `no` as a truth value."""
    known = load("inputs.yaml")
    lists = [*known["columns"].values(), *known["dateline"].values(), known["months"], known["article"]["walls"],
             known["date_metas"], *(names for kind in known["formats"].values() for names in kind.values())]
    for words in lists:
        assert isinstance(words, int) or all(isinstance(word, str) and word == word.lower() for word in words)
    assert list(known["formats"]) == list(READERS)
