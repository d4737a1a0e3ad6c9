"""`import tocsin`: few names, all documented, quick to import, and what they promise."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import tocsin
from tocsin.errors import InputError, UsageError

ROOT = Path(__file__).parents[1]
HEAVY = ("sqlalchemy", "onnxruntime", "numpy", "tokenizers", "pydantic_settings", "pydantic", "trafilatura", "lxml", "jinja2", "rich", "pyarrow")


def test_at_most_fifteen_names_and_each_is_there() -> None:
    assert len(tocsin.__all__) <= 15
    assert len(set(tocsin.__all__)) == len(tocsin.__all__)
    for name in tocsin.__all__:
        assert getattr(tocsin, name) is not None


def test_each_name_is_documented() -> None:
    page = (ROOT / "docs/json.md").read_text("utf-8")
    for name in tocsin.__all__:
        assert f"`tocsin.{name}`" in page, name
        if name != "__version__":
            assert getattr(tocsin, name).__doc__, name


def test_no_other_public_names() -> None:
    hidden = {"annotations", "errors", "model", "functools", "TYPE_CHECKING", "Any", "Iterable", "Iterator"}
    import types

    names = {name for name, value in vars(tocsin).items() if not name.startswith("_") and not isinstance(value, types.ModuleType)}
    assert names - hidden - {"InputError"} <= set(tocsin.__all__)


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == tocsin.__version__


@pytest.mark.parametrize("module", ["tocsin", "tocsin.cli"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    heavy = [name for name in HEAVY if not (module == "tocsin.cli" and name == "rich")]  # typer brings rich
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = tocsin.nothing


def test_reading_is_the_same_as_on_the_command_line() -> None:
    document = tocsin.read("Border shut\r\n\r\nBAMAKO, Nov. 18, 2024 — Mali closed its border with Niger.\r\n")
    assert document.report.title == "Border shut"
    assert document.report.published == "2024-11-18"
    assert "\r" not in document.report.text
    assert document.reader


def test_reading_twice_gives_the_same_bytes() -> None:
    text = "Police said on Sunday that gunmen killed 12 people in Goma."
    assert tocsin.read(text, published="2024-11-18").to_json() == tocsin.read(text, published="2024-11-18").to_json()


def test_what_is_given_goes_before_what_the_text_tells() -> None:
    text = "Border shut\n\nBAMAKO, Nov. 18, 2024 — Mali closed its border."
    report = tocsin.read(text, published="19 November 2024", source="Sahel Wire", title="Shut", url="https://example.org/1").report
    assert (report.published, report.source, report.title, report.url) == ("2024-11-19", "Sahel Wire", "Shut", "https://example.org/1")


@pytest.mark.parametrize("text", ["", "   \n\t ", "\ufeff", "\0\0"])
def test_no_text_is_our_own_error(text: str) -> None:
    with pytest.raises(InputError, match="is empty"):
        tocsin.read(text)


def test_no_date_is_our_own_error() -> None:
    with pytest.raises(UsageError, match="soon"):
        tocsin.read("Mali closed its border.", published="soon")


def test_a_stream_is_read_in_order_and_lazily() -> None:
    def texts() -> object:
        yield "Mali closed its border."
        yield tocsin.Report.of("Niger recalled its envoy.")
        raise AssertionError("asked for more than was read")

    stream = tocsin.read_many(texts())  # type: ignore[arg-type]
    assert next(stream).report.text == "Mali closed its border."
    assert next(stream).report.text == "Niger recalled its envoy."


def test_the_store_opens_where_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_STORE", str(tmp_path / "set.db"))
    with tocsin.open() as store:
        store.add(tocsin.read("Mali closed its border."))
    with tocsin.open(str(tmp_path / "set.db")) as store:
        assert store.count()["reports"] == 1
