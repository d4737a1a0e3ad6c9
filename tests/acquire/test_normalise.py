"""Text is normalised once and for all; bytes are decoded or refused."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tocsin.acquire.text import decode, normalise
from tocsin.errors import InputError

CASES = [
    ("", ""),
    (" \t\n \u00a0", ""),
    ("a\r\nb\rc\u2028d\u2029e\x85f\x0cg", "a\nb\nc\nd\ne\nf\ng"),
    ("e\u0301", "é"),
    ("\ufeffMali", "Mali"),
    ("Ma\ufeffli", "Mali"),
    ("Mali\x00closed", "Mali closed"),
    ("Mali \x00closed", "Mali closed"),
    ("Mali.\x07", "Mali."),
    ("a\x9db", "a b"),
    ("\ud800", "\ufffd"),
    ("\ud83d\ude00", "😀"),
    ("“Quote” ‘q’ «x»  two\u00a0spaces\there", "“Quote” ‘q’ «x»  two\u00a0spaces\there"),
    ("end  \nline\t\n\n\n", "end\nline"),
    ("\n\n  indented", "  indented"),
]

ODD = st.text(st.one_of(st.characters(), st.sampled_from("\r\n\x00\x85\u2028\ufeff\u0301\ud800\udc00 \ta")))


@pytest.mark.parametrize(("given_", "wanted"), CASES)
def test_cases(given_: str, wanted: str) -> None:
    assert normalise(given_) == wanted


@given(ODD)
@example("\ud800\udc00")
@example("a\x00\u0301")
def test_idempotent_and_clean(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(char) in ("Cs", "Cc") and char not in "\n\t" for char in once)
    once.encode("utf-8")


def test_long_runs_take_linear_time() -> None:
    assert normalise("a" + " " * 300_000 + "b" + "\x00" * 300_000 + "c").startswith("a ")


RUSSIAN = "Правительство Мали закрыло границу с Нигером в понедельник, сообщило государственное телевидение."
JAPANESE = "マリ政府は月曜日、ニジェールとの国境を閉鎖したと国営テレビが伝えた。両国は緊張を高めている。"
FRENCH = "Le président a été arrêté à Bamako, où l'armée a fermé la frontière, déclare-t-on à l'Élysée."

ENCODED = [
    (RUSSIAN, "cp1251", None), (RUSSIAN, "koi8-r", None), (RUSSIAN, "cp1251", "windows-1251"),
    (RUSSIAN, "utf-16", None), (RUSSIAN, "utf-32", None), (RUSSIAN, "utf-8", None),
    (FRENCH, "latin-1", None), (FRENCH, "latin-1", "iso-8859-1"), (FRENCH, "utf-8", "iso-8859-1"),
    (FRENCH, "utf-16-le", None), (FRENCH, "utf-16-be", None), (FRENCH, "utf-8-sig", "latin-1"),
    (FRENCH, "utf-8", "no-such-charset"), (FRENCH, "utf-8", "hex"), (FRENCH, "utf-8", "utf\x008"),
    ("“Mali”, he said – no", "cp1252", "latin-1"),
    (JAPANESE, "shift-jis", None), (JAPANESE, "shift-jis", "Shift_JIS"), (JAPANESE, "euc-jp", "euc-jp"),
]


@pytest.mark.parametrize(("text", "encoding", "charset"), ENCODED)
def test_decodes(text: str, encoding: str, charset: str | None) -> None:
    assert decode(text.encode(encoding), where="x", charset=charset) == text


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06\x00\x00\x00\\r\xa8f"
ELF = b"\x7fELF\x02\x01\x01" + b"\x00" * 9 + b"\x03\x00\x3e\x00\x01\x00\x00\x00" + b"\x40" + b"\x00" * 31


@pytest.mark.parametrize("data", [PNG, ELF, random.Random(1).randbytes(3000), bytes(range(256)) * 4, b"\x00" * 50 + b"\x01\x02"])
@pytest.mark.parametrize("charset", [None, "latin-1"])
def test_refuses_binary(data: bytes, charset: str | None) -> None:
    with pytest.raises(InputError, match=r"note\.txt: is binary"):
        decode(data, where="note.txt", charset=charset)


@given(st.binary(max_size=300), st.sampled_from([None, "latin-1", "utf-8", "shift-jis", "utf-16"]))
def test_any_bytes_give_text_or_our_error(data: bytes, charset: str | None) -> None:
    try:
        text = decode(data, where="x", charset=charset)
    except InputError:
        return
    normalise(text)
