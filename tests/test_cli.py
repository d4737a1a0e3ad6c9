"""The command line as its users meet it: in this process, and as a real process with pipes, signals and a terminal."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.main import get_command
from typer.testing import CliRunner

import tocsin
from tests.acquire.served import Server
from tocsin.cli import app, pipeline
from tocsin.model import Document, Report
from tocsin.pipeline import Pipeline

ROOT = Path(__file__).parents[1]
REPORT = (
    "Mali shuts its border\n\nBAMAKO, Nov. 18, 2024 — Mali closed its border with Niger on Sunday. Police said gunmen killed 12 people in Gao.\n"
    "If Niger sent troops, President Assimi Goita warned, Mali would respond with force.\n"
)
OTHER = "NIAMEY, Nov. 19, 2024 — Niger recalled its ambassador from Mali on Monday.\n"

Run = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two reports; the store and the settings of this user are there too."""
    monkeypatch.setenv("TOCSIN_STORE", str(tmp_path / "store.db"))
    monkeypatch.setenv("TOCSIN_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("TOCSIN_DELAY", "0")
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "a.txt").write_text(REPORT, "utf-8")
    (reports / "b.txt").write_text(OTHER, "utf-8")
    return tmp_path


@pytest.fixture
def run(home: Path) -> Run:
    def invoke(*arguments: object, text: bytes | None = None) -> Any:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=text)

    return invoke


def process(*arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tocsin", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )


# --- reading ------------------------------------------------------------------------------------------------------


def test_read_prints_a_brief_with_evidence(run: Run, home: Path) -> None:
    done = run("read", home / "reports/a.txt")
    assert done.exit_code == 0
    assert done.stderr == ""
    assert done.stdout.startswith("Mali shuts its border\n")
    assert "Published: 18 Nov 2024" in done.stdout
    assert re.search(r"^ +\[1\] “", done.stdout, re.MULTILINE)
    assert "\x1b" not in done.stdout


def test_evidence_marks_the_words_in_their_sentence(run: Run, home: Path) -> None:
    done = run("read", home / "reports/a.txt", "--evidence")
    assert done.exit_code == 0
    assert re.search(r"\[1\] .*«", done.stdout)


def test_json_is_one_valid_document_a_line(run: Run, home: Path) -> None:
    done = run("read", home / "reports", "--json")
    lines = done.stdout.splitlines()
    assert done.exit_code == 0
    assert len(lines) == 2
    for line in lines:
        data = json.loads(line)
        Draft202012Validator(tocsin.json_schema()).validate(data)
        for event in data["events"]:
            for item in event["evidence"]:
                assert item["quote"] == data["report"]["text"][item["start"] : item["end"]]


def test_standard_input_and_hints(run: Run) -> None:
    done = run("read", "-", "--json", "--published", "19 Nov 2024", "--source", "Sahel Wire", text=b"Mali closed its border on Monday.")
    report = json.loads(done.stdout)["report"]
    assert (report["published"], report["source"]) == ("2024-11-19", "Sahel Wire")


def test_a_table_with_its_own_columns(run: Run, home: Path) -> None:
    (home / "t.csv").write_text("artikel,dag\nMali closed its border.,2024-03-05\n", "utf-8")
    done = run("read", home / "t.csv", "--json", "--column", "text=artikel", "--column", "published=dag")
    assert json.loads(done.stdout)["report"]["published"] == "2024-03-05"


def test_the_kind_can_be_forced(run: Run, home: Path) -> None:
    (home / "x.data").write_text('{"text": "Mali closed its border."}\n', "utf-8")
    done = run("read", home / "x.data", "--kind", "jsonl", "--json")
    assert json.loads(done.stdout)["report"]["text"] == "Mali closed its border."


def test_reading_again_takes_from_the_store(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run("read", home / "reports", "--json")

    def never(self: Pipeline, report: Report) -> Document:
        raise AssertionError("read again")

    monkeypatch.setattr(Pipeline, "read", never)
    second = run("read", home / "reports", "--json")
    assert second.exit_code == 0
    assert second.stdout == first.stdout
    with tocsin.open() as store:
        assert store.count()["readings"] == 2


def test_one_bad_input_is_named_and_the_rest_is_done(run: Run, home: Path) -> None:
    (home / "reports/aa.txt").write_bytes(b"\x7fELF\0\1\2\3" * 50)
    done = run("read", home / "reports", home / "missing.txt", "--json")
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 2
    errors = done.stderr.splitlines()
    assert len(errors) == 2
    assert all(line.startswith("tocsin: ") for line in errors)
    assert "aa.txt" in errors[0]
    assert "missing.txt" in errors[1]


def test_an_unforeseen_error_is_named_and_the_rest_is_done(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Pipeline.read

    def sometimes(self: Pipeline, report: Report) -> Document:
        if "Mali shuts" in report.text:
            raise ZeroDivisionError("of a kind")
        return real(self, report)

    monkeypatch.setattr(Pipeline, "read", sometimes)
    done = run("read", home / "reports", "--json")
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 1
    assert "Mali shuts its border: unexpected ZeroDivisionError: of a kind; give --debug" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in run("read", home / "reports", "--debug").stderr
    assert "Traceback" in run("--debug", "read", home / "reports").stderr


def test_no_store_keeps_nothing(run: Run, home: Path) -> None:
    assert run("read", home / "reports/a.txt", "--no-store").exit_code == 0
    assert not (home / "store.db").exists()


def test_a_store_that_cannot_be_written_is_said_and_the_brief_printed(run: Run, home: Path) -> None:
    (home / "file").write_text("no folder")
    done = run("read", home / "reports/a.txt", "--store", home / "file/store.db")
    assert done.exit_code == 1
    assert "Mali shuts its border" in done.stdout
    assert len(done.stderr.splitlines()) == 1
    assert str(home / "file") in done.stderr


def test_a_page_is_written(run: Run, home: Path) -> None:
    done = run("read", home / "reports", "--html", home / "page.html")
    assert done.exit_code == 0
    assert done.stdout == ""
    page = (home / "page.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "Mali shuts its border" in page


def test_a_page_that_cannot_be_written_is_said(run: Run, home: Path) -> None:
    done = run("read", home / "reports/a.txt", "--html", home / "no/such/page.html")
    assert done.exit_code == 1
    assert "page.html: cannot be written" in done.stderr


WRONG = [
    ("read",), ("read", "x", "--colour"), ("nothing",), ("read", "-", "--published", "soon"), ("read", "-", "--column", "text"),
    ("read", "-", "--column", "words=x"), ("read", "-", "--kind", "odt"), ("events", "--dyad", "USA"), ("events", "--since", "yesterday"),
    ("events", "--until", "2024-13"), ("brief", "--factuality", "sure"), ("events", "--limit", "0"), ("show",), ("search",), ("fetch",),
]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_use_is_2(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, text=b"Mali.")
    assert done.exit_code == 2
    assert done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("store", ["oracle://x", "sqlite:///"])
def test_a_store_that_is_none(run: Run, store: str) -> None:
    done = run("events", "--store", store)
    if done.exit_code:
        assert done.exit_code == 1
        assert len(done.stderr.splitlines()) == 1


def test_a_bad_setting_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_THREADS", "many")
    done = run("events")
    assert done.exit_code == 1
    assert "TOCSIN_THREADS" in done.stderr


# --- what the store holds -----------------------------------------------------------------------------------------


@pytest.fixture
def filled(run: Run, home: Path) -> Run:
    assert run("read", home / "reports", "--source", "Sahel Wire").exit_code == 0
    return run


def test_brief_tells_what_is_stored_by_day(filled: Run) -> None:
    done = filled("brief")
    assert done.exit_code == 0
    assert done.stdout.index("Mali shuts its border") < done.stdout.index("19 Nov 2024")
    numbers = [int(number) for number in re.findall(r"^ *\[(\d+)\] “", done.stdout, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_filters_choose_reports_and_lines(filled: Run) -> None:
    everything, asserted = filled("brief").stdout, filled("brief", "--factuality", "asserted").stdout
    assert "Said, reported or feared" not in asserted
    assert len(asserted) < len(everything)
    assert filled("brief", "--source", "another").stdout == ""
    assert "Nothing was found" not in asserted
    assert asserted.startswith("Stored reports: factuality asserted\n\n")
    assert filled("brief", "--until", "2024-11-18", "--limit", "1").stdout.count("Report: r") == 1


def test_events_are_tab_separated_when_piped(filled: Run) -> None:
    lines = filled("events").stdout.splitlines()
    assert lines[0].split("\t")[:4] == ["date", "type", "factuality", "actors"]
    assert len(lines) > 1
    assert all(line.count("\t") == lines[0].count("\t") for line in lines)
    assert len(filled("events", "--limit", "1").stdout.splitlines()) == 2


def test_events_as_json_have_their_report(filled: Run) -> None:
    for line in filled("events", "--json").stdout.splitlines():
        event = json.loads(line)
        assert event["evidence"]
        assert event["report"]["source"] == "Sahel Wire"


def test_events_by_type_and_factuality(filled: Run) -> None:
    kinds = {json.loads(line)["type"] for line in filled("events", "--json").stdout.splitlines()} - {None}
    one = sorted(kinds)[0]
    assert {json.loads(line)["type"] for line in filled("events", "--json", "--type", one.lower()).stdout.splitlines()} == {one}
    assert filled("events", "--factuality", "did-not-happen").exit_code == 0


def test_show_a_report_and_each_of_its_records(filled: Run) -> None:
    report = json.loads(filled("search", "shuts", "--json").stdout)["report"]["id"]
    assert filled("show", report).stdout.startswith("Mali shuts its border")
    assert "«" in filled("show", report, "--evidence").stdout
    data = json.loads(filled("show", report, "--json").stdout)
    assert data["report"]["id"] == report
    for layer in list(data)[2:]:
        for record in data[layer]:
            shown = filled("show", record["id"])
            assert shown.exit_code == 0
            assert shown.stdout.startswith(f"{layer}: {record['id']}")
            again = json.loads(filled("show", record["id"], "--json").stdout)
            assert again["layer"] == layer
            if layer not in ("actors", "places"):  # one that several reports name is shown as the last one has it
                assert {key: again[key] for key in record} == record


def test_show_what_is_not_there(filled: Run) -> None:
    done = filled("show", "zzz")
    assert done.exit_code == 1
    assert "zzz" in done.stderr


def test_search_marks_the_words(filled: Run) -> None:
    done = filled("search", "closed", "border")
    assert done.exit_code == 0
    assert "«" in done.stdout
    hit = json.loads(filled("search", "closed its border", "--json").stdout)
    with tocsin.open() as store:
        text = store.document(hit["report"]["id"]).report.text
    assert text[hit["start"] : hit["end"]] == "closed its border"
    assert filled("search", "closed border its", "--source", "nobody").stdout == ""


@pytest.mark.parametrize("words", ['"', "AND OR (", "*", "a-b:c", "'; drop table report; --"])
def test_search_takes_any_words(filled: Run, words: str) -> None:
    assert filled("search", "--", words).exit_code == 0


# --- feeds --------------------------------------------------------------------------------------------------------


def page(title: str, day: str, words: str) -> bytes:
    body = "".join(f"<p>{words} {sentence}</p>" for sentence in (
        "The government in Bamako told traders to stay away from the crossing until further notice.",
        "Lorries stood in long lines on the road, and drivers slept in their cabins for a third night.",
        "Officials of both countries are to meet in Niamey next week to speak about the dispute.",
    ))
    return (
        f"<html lang='en'><head><title>{title}</title><meta property='article:published_time' content='{day}'></head>"
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def test_fetch_reads_what_is_new_once(run: Run, server: Server) -> None:
    items = "".join(f"<item><title>T{n}</title><link>{server.url}/{n}</link></item>" for n in (1, 2, 3))
    server.routes["/feed"] = (200, {"Content-Type": "application/rss+xml", "ETag": '"1"'}, f"<rss version='2.0'><channel><title>Sahel Wire</title>{items}</channel></rss>".encode())
    server.routes["/1"] = page("Mali closes border", "2024-11-18", "Mali closed its border with Niger on Sunday.")
    server.routes["/2"] = page("Niger recalls envoy", "2024-11-19", "Niger recalled its ambassador from Mali on Monday.")
    done = run("fetch", f"{server.url}/feed", f"{server.url}/dead")
    assert done.exit_code == 1  # the third page and the second feed are not there
    assert len(done.stdout.splitlines()) == 2
    assert done.stdout.splitlines()[0].split("\t")[1:] == ["2024-11-18", "Mali closes border"]
    assert f"{server.url}/3" in done.stderr
    assert f"{server.url}/dead" in done.stderr
    assert done.stderr.splitlines()[-1] == "tocsin: 2 read, 0 skipped, 2 failed"
    again = run("fetch", f"{server.url}/feed", "--json")
    assert again.stdout == ""
    assert "0 read, " in again.stderr
    with tocsin.open() as store:
        assert store.count()["reports"] == 2


def test_fetch_as_many_as_wanted(run: Run, server: Server, home: Path) -> None:
    for n in (1, 2, 3):
        server.routes[f"/{n}"] = page(f"Border {n}", "2024-11-18", f"Mali closed its border number {n} with Niger on Sunday.")
    (home / "list.txt").write_text("".join(f"{server.url}/{n}\n" for n in (1, 2, 3)))
    done = run("fetch", home / "list.txt", "--limit", "2", "--json")
    assert done.exit_code == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2
    assert len(run("fetch", home / "list.txt", "--json").stdout.splitlines()) == 1


# --- the installation ---------------------------------------------------------------------------------------------


def test_version_and_help(run: Run) -> None:
    assert run("--version").stdout == f"tocsin {tocsin.__version__}\n"
    for arguments in (("--help",), ("-h",), ("read", "--help"), ("events", "-h")):
        assert run(*arguments).exit_code == 0


def test_the_schema_is_one(run: Run) -> None:
    Draft202012Validator.check_schema(json.loads(run("schema").stdout))


def test_doctor_finds_all_well(run: Run) -> None:
    done = run("doctor")
    assert done.exit_code == 0, done.stdout
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["ok", name] for name in ("python", "package", "settings", "model", "ontology", "store")
    ]


def test_doctor_names_a_problem_and_what_to_do(run: Run, home: Path) -> None:
    (home / "store.db").write_bytes(b"this is no database" * 100)
    done = run("doctor")
    assert done.exit_code == 1
    assert "problem  store" in done.stdout
    assert "ok       model" in done.stdout


# --- as a process -------------------------------------------------------------------------------------------------


def test_python_m_tocsin_is_tocsin(home: Path) -> None:
    done = process("--version")
    assert done.communicate()[0].decode() == f"tocsin {tocsin.__version__}\n"
    assert done.returncode == 0


def test_the_same_bytes_from_two_processes(home: Path) -> None:
    one, two = (process("read", home / "reports", "--json", "--no-store").communicate()[0] for _ in range(2))
    assert one
    assert one == two


def test_output_is_utf_8_whatever_the_locale(home: Path) -> None:
    done = process("read", home / "reports/a.txt", env=os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert "“" in done.communicate()[0].decode("utf-8")


def test_who_stops_listening_is_not_told_of_errors(home: Path) -> None:
    (home / "many.jsonl").write_text("".join(json.dumps({"text": f"{REPORT} {n}"}) + "\n" for n in range(200)), "utf-8")
    done = process("read", home / "many.jsonl", "--json")
    assert done.stdout is not None
    assert done.stderr is not None
    done.stdout.readline()
    done.stdout.close()
    errors = done.stderr.read()
    done.stderr.close()
    assert done.wait() == 0
    assert errors == b""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_ctrl_c_keeps_what_was_read_and_a_rerun_completes_it(home: Path) -> None:
    texts = [f"{REPORT} This is number {n}." for n in range(60)]
    (home / "many.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    stopped = process("read", home / "many.jsonl", "--json")
    assert stopped.stdout is not None
    first = stopped.stdout.readline()
    stopped.send_signal(signal.SIGINT)
    _, errors = stopped.communicate()
    assert stopped.returncode == 130, errors
    assert b"Traceback" not in errors
    assert errors.decode().strip() == "tocsin: stopped; what was stored so far is kept"
    with tocsin.open(str(home / "store.db")) as store:
        kept = store.count()["reports"]
        assert 0 < kept < 60
        assert store.check() == []
    again = process("read", home / "many.jsonl", "--json")
    lines = again.communicate()[0].splitlines()
    assert again.returncode == 0
    assert len(lines) == 60
    assert lines[0] + b"\n" == first
    with tocsin.open(str(home / "store.db")) as store:
        assert store.count()["readings"] == 60


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("no_color", [False, True])
def test_colour_on_a_terminal_unless_it_is_not_wanted(home: Path, no_color: bool) -> None:
    import pty

    leader, follower = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")} | {"TERM": "xterm"}
    if no_color:
        environment["NO_COLOR"] = "1"
    done = subprocess.Popen([sys.executable, "-m", "tocsin", "read", str(home / "reports/a.txt")], stdout=follower, stderr=subprocess.DEVNULL, env=environment)
    os.close(follower)
    seen = b""
    while chunk := read_some(leader):
        seen += chunk
    os.close(leader)
    assert done.wait() == 0
    assert (b"\x1b[" in seen) is not no_color


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("reports", "shown"), [(2, False), (6, True)])
def test_progress_on_more_than_a_few_reports(home: Path, reports: int, shown: bool) -> None:
    import pty

    (home / "many.jsonl").write_text("".join(json.dumps({"text": f"{OTHER} Number {n}."}) + "\n" for n in range(reports)), "utf-8")
    leader, follower = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "tocsin", "read", str(home / "many.jsonl"), "--json"], stdout=subprocess.PIPE, stderr=follower,
        env=os.environ | {"TERM": "xterm"},
    )
    os.close(follower)
    seen = b""
    while chunk := read_some(leader):
        seen += chunk
    os.close(leader)
    lines = done.communicate()[0].splitlines()
    assert len(lines) == reports
    assert all(json.loads(line) for line in lines)
    assert (b"reports" in seen) is shown


def read_some(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:  # the other side is closed
        return b""


# --- the documentation --------------------------------------------------------------------------------------------


def test_every_command_and_option_is_documented() -> None:
    page = (ROOT / "docs/cli.md").read_text("utf-8")
    sections = dict(re.findall(r"^## (?:tocsin )?(\w+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    command: Any = get_command(app)
    for name, sub in command.commands.items():
        assert name in sections, f"docs/cli.md lacks a section 'tocsin {name}'"
        text = sections[name] + (sections["Filters"] if "[filters](#filters)" in sections[name] else "")
        for parameter in sub.params:
            for option in (option for option in parameter.opts if option.startswith("--")):
                assert f"`{option}" in text, f"docs/cli.md, 'tocsin {name}', lacks {option}"
    for parameter in command.params:
        for option in parameter.opts:
            assert f"`{option}`" in page, f"docs/cli.md lacks {option}"


def test_no_option_is_documented_that_does_not_exist() -> None:
    page = (ROOT / "docs/cli.md").read_text("utf-8")
    command: Any = get_command(app)
    known = {option for sub in [command, *command.commands.values()] for parameter in sub.params for option in parameter.opts} | {"--help", "-h"}
    assert set(re.findall(r"`(--?[a-z][a-z-]*)", page)) <= known


def test_every_setting_is_documented() -> None:
    from tocsin.settings import Settings

    page = (ROOT / "docs/cli.md").read_text("utf-8")
    for name in Settings.model_fields:
        assert f"`{name}`" in page, f"docs/cli.md lacks the setting {name}"


def test_the_model_is_loaded_once() -> None:
    assert pipeline(1) is pipeline(1)
