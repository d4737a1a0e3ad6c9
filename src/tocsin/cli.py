"""Arguments in, briefs, tables and JSON on standard output: the command `tocsin`. What goes wrong goes to standard error.

Exit codes: 0 done; 1 some inputs failed, each named, the rest done; 2 wrong use; 130 stopped by the user.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, cast

import typer
from typer.core import TyperGroup

from tocsin import __version__
from tocsin.errors import InputError, StoreError, TocsinError, UsageError
from tocsin.model import Document, Event, Report, Slot, encode

if TYPE_CHECKING:  # heavy: imported where they are used, so that --help and --version are quick
    from rich.progress import Progress

    from tocsin.acquire import Failed
    from tocsin.pipeline import Pipeline
    from tocsin.settings import Settings
    from tocsin.store import Filter, Store, Stored

FEW = 3  # more reports than this show progress


class Commands(TyperGroup):
    """The commands: `--debug` may stand anywhere, and our own errors become one line and an exit code."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        options = args[: args.index("--")] if "--" in args else args
        if "--debug" in options:
            args = ["--debug", *(arg for arg in options if arg != "--debug"), *args[len(options) :]]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            complain(error, debug=ctx.params["debug"])
            raise typer.Exit(2) from error
        except TocsinError as error:
            complain(error, debug=ctx.params["debug"])
            raise typer.Exit(1) from error
        except BrokenPipeError as error:  # whoever reads our output has had enough
            silence()
            raise typer.Exit(0) from error
        except KeyboardInterrupt as error:
            say("stopped; what was stored so far is kept")
            raise typer.Exit(130) from error


app = typer.Typer(
    cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
    help="Reads news reports of an international crisis into a picture in which every item leads back to the words for it.",
)

# --- options that several commands share --------------------------------------------------------------------------

StoreUrl = Annotated[str | None, typer.Option("--store", metavar="URL", help="The store: sqlite:///file.db or a path; the settings' by default.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, one value a line.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a self-contained page instead of the brief.")]
WithEvidence = Annotated[bool, typer.Option("--evidence", help="Show each quote in its whole sentence, the words marked.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")]
Actor = Annotated[str | None, typer.Option("--actor", metavar="NAME", help="With this actor: name, alias, ISO code or id.")]
Dyad = Annotated[str | None, typer.Option("--dyad", metavar="A,B", help="Between these two, in either direction.")]
PlaceName = Annotated[str | None, typer.Option("--place", metavar="NAME", help="At this place: name, ISO code or id.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="From this day on: 2024-11-18, 2024-11 or 2024.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Up to this day, included.")]
Type = Annotated[str | None, typer.Option("--type", metavar="TYPE", help="Of this PLOVER type (of other records: kind).")]
Factuality = Annotated[str | None, typer.Option("--factuality", metavar="WORD", help="As sure as this: asserted, reported, …")]
SourceName = Annotated[str | None, typer.Option("--source", metavar="NAME", help="Told by this source.")]


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=lambda given: show_version(given), help="Print the version.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole trace of errors; may stand anywhere.")] = False,
) -> None:
    pass


def show_version(given: bool) -> None:
    if given:
        out(f"tocsin {__version__}")
        raise typer.Exit()


# --- reading ------------------------------------------------------------------------------------------------------


@app.command()
def read(
    ctx: typer.Context,
    inputs: Annotated[list[str], typer.Argument(metavar="PATH|URL|-…", help="Files, folders, addresses; - is standard input.")],
    as_json: AsJson = False,
    html: Html = None,
    evidence: WithEvidence = False,
    published: Annotated[str | None, typer.Option(metavar="DATE", help="Day of publication, where the text does not tell it.")] = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Name of the outlet, where the text does not tell it.")] = None,
    store: StoreUrl = None,
    no_store: Annotated[bool, typer.Option("--no-store", help="Read without keeping anything.")] = False,
    column: Annotated[list[str] | None, typer.Option(metavar="OURS=THEIRS", help="In tables: our field is their column.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="FORMAT", help="Read as this format: text, html, pdf, csv, …")] = None,
) -> None:
    """Read reports, keep them in the store and print a brief."""
    from tocsin.acquire import Hints, reports

    hints = Hints(published=published, source=source, columns=columns(column or []), kind=kind)
    with ExitStack() as stack:
        batch = Batch(ctx.find_root().params["debug"], settings(store))
        if not no_store:
            batch.open_store(stack)
        found = (item for where in inputs for item in reports(where, settings=batch.settings, hints=hints, stdin=standard_input()))
        tracked = stack.enter_context(progress())(found)
        show_documents(batch.documents(tracked), as_json=as_json, html=html, evidence=evidence)
    batch.leave()


@app.command()
def fetch(
    ctx: typer.Context,
    feeds: Annotated[list[str], typer.Argument(metavar="FEED…", help="Addresses of RSS or Atom feeds or of pages with links, or files that list addresses.")],
    store: StoreUrl = None,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Take what is new in feeds into the store, politely; a line for each report."""
    from tocsin import acquire

    with ExitStack() as stack:
        batch = Batch(ctx.find_root().params["debug"], settings(store))
        batch.store = stack.enter_context(open_store(batch.settings))
        tracker = stack.enter_context(progress(now=True))
        skipped: list[acquire.Skipped] = []
        found = acquire.fetch(feeds, settings=batch.settings, memory=batch.store, today=date.today(), limit=limit, progress=tracker.say)
        for document in batch.documents(tracker(item for item in found if not aside(item, skipped))):
            report = document.report
            line = document.to_json() if as_json else "\t".join([report.id, report.published or "", report.title or ""])
            out(line)
    say(f"{batch.read} read, {len(skipped)} skipped, {batch.failed} failed")
    batch.leave()


def aside(item: object, skipped: list[Any]) -> bool:
    """Whether the item was skipped; if so it is put aside."""
    from tocsin.acquire import Skipped

    if isinstance(item, Skipped):
        skipped.append(item)
    return isinstance(item, Skipped)


@dataclass
class Batch:
    """One run over many inputs: what fails is named and counted, the rest goes on."""

    debug: bool
    settings: Settings
    store: Store | None = None
    read: int = 0
    failed: int = 0

    def open_store(self, stack: ExitStack) -> None:
        """Open the store; where that fails, say so and read without it."""
        try:
            self.store = stack.enter_context(open_store(self.settings))
        except StoreError as error:
            self.fail(error)

    def documents(self, items: Iterable[Report | Failed | Any]) -> Iterator[Document]:
        """The documents of the reports among the items; one read before by this reader comes from the store."""
        for item in items:
            if not isinstance(item, Report):
                self.fail(item.error)
                continue
            try:
                document = self.document(item)
            except InputError as error:
                self.fail(error)
            except TocsinError:
                raise  # the model or a table: no report can be read
            except Exception as error:
                self.fail(unexpected(error, item.title or item.id))
            else:
                self.read += 1
                yield document

    def document(self, report: Report) -> Document:
        """The document of one report; where the store fails, that is said and the report is read all the same."""
        reader = pipeline(self.settings.threads)
        known = None if self.store is None else self.kept(self.store, report, reader.reader)
        if known is not None:
            return known
        document = reader.read(report)
        if self.store is not None:
            self.keep(self.store, document)
        return document

    def kept(self, store: Store, report: Report, reader: str) -> Document | None:
        try:
            return store.document(report.id, reader=reader) if store.has(report.id, reader) else None
        except StoreError as error:
            self.fail(error)
            return None

    def keep(self, store: Store, document: Document) -> None:
        try:
            store.add(document)
        except StoreError as error:
            self.fail(error)

    def fail(self, error: Exception) -> None:
        self.failed += 1
        complain(error, debug=self.debug)

    def leave(self) -> None:
        if self.failed:
            raise typer.Exit(1)


@functools.cache
def pipeline(threads: int) -> Pipeline:
    from tocsin.pipeline import default_pipeline

    return default_pipeline(threads=threads)


def columns(given: Iterable[str]) -> dict[str, str]:
    """`ours=theirs` pairs.

    >>> columns(["text=artikel"])
    {'text': 'artikel'}
    """
    pairs = [item.partition("=") for item in given]
    for ours, sign, theirs in pairs:
        if not (ours and sign and theirs):
            raise UsageError(f"{ours + sign + theirs!r} is no pair of columns", where="--column", allowed="OURS=THEIRS, as in text=artikel")
    return {ours: theirs for ours, _, theirs in pairs}


def settings(store: str | None) -> Settings:
    from tocsin.settings import load_settings

    return load_settings(store=store)


def open_store(settings: Settings) -> Store:
    from tocsin.store import open_store

    return open_store(settings.store, busy_timeout=settings.busy_timeout)


def standard_input() -> BinaryIO:
    return sys.stdin.buffer


# --- what the store holds -----------------------------------------------------------------------------------------


@app.command()
def brief(
    actor: Actor = None, dyad: Dyad = None, place: PlaceName = None, since: Since = None, until: Until = None, type: Type = None,
    factuality: Factuality = None, source: SourceName = None, limit: Limit = None, as_json: AsJson = False, html: Html = None,
    evidence: WithEvidence = False, store: StoreUrl = None,
) -> None:
    """Print the briefs of stored reports; with filters, only the lines that they let through."""
    chosen = wanted(actor, dyad, place, since, until, type, factuality, source)
    given = {"actor": actor, "dyad": dyad, "place": place, "since": since, "until": until, "type": type, "factuality": factuality}
    conditions = [f"{name} {value}" for name, value in (given | {"source": source}).items() if value is not None]
    with open_store(settings(store)) as opened:
        show_documents(
            opened.documents(chosen, limit=limit), as_json=as_json, html=html, evidence=evidence,
            header=f"Stored reports: {', '.join(conditions)}" if conditions else None,
            only=functools.partial(chosen_ids, opened, chosen) if any(given.values()) else None,
        )


@app.command()
def events(
    actor: Actor = None, dyad: Dyad = None, place: PlaceName = None, since: Since = None, until: Until = None, type: Type = None,
    factuality: Factuality = None, source: SourceName = None, limit: Limit = None, as_json: AsJson = False, store: StoreUrl = None,
) -> None:
    """List stored events: a table, tab-separated where it is piped."""
    chosen = wanted(actor, dyad, place, since, until, type, factuality, source)
    with open_store(settings(store)) as opened:
        found = opened.records("events", chosen, limit=limit)
        if as_json:
            for stored in found:
                out_json(encode(stored.record) | {"report": origin(stored.report)})
        else:
            show_table(EVENT_COLUMNS, (event_row(stored) for stored in found))


@app.command()
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="Id of a report or record, or its first letters.")],
    as_json: AsJson = False,
    evidence: WithEvidence = False,
    store: StoreUrl = None,
) -> None:
    """Show one report or record with the words behind it."""
    from tocsin.warn.text import render_record

    with open_store(settings(store)) as opened:
        stored = opened.find(id)
        if isinstance(stored.record, Report):
            show_documents([opened.document(stored.record.id)], as_json=as_json, html=None, evidence=evidence)
        elif as_json:
            out_json(encode(stored.record) | {"layer": stored.layer, "report": origin(stored.report)})
        else:
            out(render_record(stored.layer, stored.record, stored.report, width=width(), colour=colour()))


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help='Words; "words in quotes" are a phrase.')],
    actor: Actor = None, dyad: Dyad = None, place: PlaceName = None, since: Since = None, until: Until = None, type: Type = None,
    factuality: Factuality = None, source: SourceName = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 20,
    as_json: AsJson = False, store: StoreUrl = None,
) -> None:
    """Find stored reports by their words."""
    chosen = wanted(actor, dyad, place, since, until, type, factuality, source)
    phrase = " ".join(f'"{word}"' if re.search(r"\s", word) and '"' not in word else word for word in words)
    with open_store(settings(store)) as opened:
        for hit in opened.search(phrase, limit=limit, filter=chosen):
            if as_json:
                out_json({"report": origin(hit.report), "snippet": hit.snippet, "start": hit.start, "end": hit.end, "rank": hit.rank})
                continue
            report, match = hit.report, " ".join(hit.report.text[hit.start : hit.end].split())
            out("\t".join([report.id, report.published or "", report.source or "", report.title or ""]))
            out(f"    {marked(hit.snippet, match)}")


def wanted(
    actor: str | None, dyad: str | None, place: str | None, since: str | None, until: str | None, type: str | None,
    factuality: str | None, source: str | None,
) -> Filter:
    """The filter of these options.

    Raises:
        UsageError: a dyad that is not two names, a date or a word that does not exist.
    """
    from tocsin.ontology import load
    from tocsin.store import Filter

    pair = [part.strip() for part in dyad.split(",")] if dyad is not None else None
    if pair is not None and (len(pair) != 2 or not all(pair)):
        raise UsageError(f"{dyad!r} is no pair", where="--dyad", allowed="two actors, as in USA,RUS")
    for option, value in (("--since", since), ("--until", until)):
        if value is not None and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", value, re.ASCII):
            raise UsageError(f"{value!r} is no date", where=option, allowed="2024-11-18, 2024-11 or 2024")
    scale = [name.replace("-", " ") for name in (*load("factuality.yaml")["scale"], *load("factuality.yaml")["certainty_only"])]
    if factuality is not None and (factuality := factuality.replace("-", " ").lower()) not in scale:
        raise UsageError(f"{factuality!r} is unknown", where="--factuality", allowed=", ".join(scale))
    plover = type.upper() if type and type.upper() in load("plover.yaml")["types"] else type
    return Filter(
        actor=actor, dyad=(pair[0], pair[1]) if pair else None, place=place, since=since, until=until, type=plover,
        factuality=factuality, source=source,
    )


def chosen_ids(store: Store, chosen: Filter, document: Document) -> frozenset[str]:
    """Ids of the records of a document that the filter lets through."""
    from tocsin.model import LAYERS

    within = replace(chosen, report=document.report.id)
    return frozenset(cast(Event, stored.record).id for layer in LAYERS for stored in store.records(layer, within))


EVENT_COLUMNS = ("date", "type", "factuality", "actors", "recipients", "words", "place", "source", "id")


def event_row(stored: Stored) -> tuple[str, ...]:
    event, report = cast(Event, stored.record), stored.report
    kind = " ".join(part for part in (event.type, event.mode) if part)

    def names(slots: Iterable[Slot]) -> str:
        return ", ".join(dict.fromkeys(slot.name for slot in slots))

    return (
        event.when.edtf if event.when else "", kind, event.factuality, names(event.actors), names(event.recipients),
        event.mentions[0].quote if event.mentions else "", event.place.name if event.place else "", report.source or "", event.id,
    )


def origin(report: Report) -> dict[str, str | None]:
    return {name: getattr(report, name) for name in ("id", "source", "url", "title", "published")}


# --- the installation ---------------------------------------------------------------------------------------------


@app.command()
def schema() -> None:
    """Print the JSON Schema of a document."""
    from tocsin.schema import document_schema

    out(json.dumps(document_schema(), indent=2, ensure_ascii=False))


@app.command()
def doctor(store: StoreUrl = None) -> None:
    """Check the installation, the model, the data files and the store; say what to do about each problem."""
    problems = 0
    for name, check in CHECKS:
        try:
            told = check(store)
        except Exception as error:  # whatever is broken, the other checks still run
            problems += 1
            todo = "" if isinstance(error, TocsinError) else f" ({type(error).__name__}; install tocsin again)"
            out(f"problem  {name:<10} {' '.join(str(error).split())}{todo}")
        else:
            out(f"ok       {name:<10} {told}")
    if problems:
        raise typer.Exit(1)


def check_python(_: str | None) -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise TocsinError(f"is {version}", where="Python", allowed="3.11 to 3.13", todo="install one of these")
    return version


def check_package(_: str | None) -> str:
    return f"tocsin {__version__} in {Path(__file__).parent}"


def check_settings(store: str | None) -> str:
    from tocsin.settings import config_file

    chosen, file = settings(store), config_file()
    return f"{file if file.exists() else 'no file'}; store {chosen.store}"


def check_model(store: str | None) -> str:
    """The model loads (which compares the digests of its files) and reads."""
    from time import perf_counter

    from tocsin.annotate import Annotator

    began = perf_counter()
    annotator = Annotator.load()
    loaded = perf_counter()
    document = pipeline(settings(store).threads).read(Report.of("Mali closed its border with Niger on Sunday.", published="2024-03-05"))
    return (
        f"{annotator.version}, digests agree; loaded in {loaded - began:.2f} s, "
        f"one sentence read in {perf_counter() - loaded:.2f} s with {len(document.events or ())} event(s)"
    )


def check_ontology(_: str | None) -> str:
    from tocsin import ontology

    for name in ontology.names():
        ontology.load(name)
    return f"{len(ontology.names())} data files are sound"


def check_store(store: str | None) -> str:
    with open_store(settings(store)) as opened:
        problems, count = opened.check(), opened.count()
    if problems:
        raise StoreError(f"{len(problems)} problem(s), the first: {problems[0]}", where="store", todo="restore the file from a copy, or read the reports again into a new one")
    return f"{count['reports']} reports, {count['events']} events; sound"


CHECKS: tuple[tuple[str, Callable[[str | None], str]], ...] = (
    ("python", check_python), ("package", check_package), ("settings", check_settings), ("model", check_model),
    ("ontology", check_ontology), ("store", check_store),
)

# --- output -------------------------------------------------------------------------------------------------------


def show_documents(
    documents: Iterable[Document], *, as_json: bool, html: Path | None, evidence: bool, header: str | None = None,
    only: Callable[[Document], frozenset[str]] | None = None,
) -> None:
    """Documents as JSON lines, as a page, or as briefs whose quotes are numbered through; `only` chooses the records to tell."""
    from tocsin.warn import Brief, render_text, write_brief

    pages: list[tuple[Document, Brief]] = []
    first, shown = 1, 0
    for document in documents:
        if as_json:
            out(document.to_json())
        if as_json and html is None:
            continue
        told = write_brief(document, first=first, only=only(document) if only else None)
        if only and not told.sections:
            continue
        if html is not None:
            pages.append((document, told))
        else:
            rule = f"\n{'─' * width()}\n\n" if shown else f"{header}\n\n" if header else ""
            out(rule + render_text(told, width=width(), colour=colour(), evidence=evidence))
        first, shown = first + len(told.quotes), shown + 1
    if html is not None:
        write_page(html, pages)


def write_page(file: Path, pages: list[tuple[Document, Any]]) -> None:
    from tocsin.web.page import render_page

    try:
        file.write_text(render_page(pages), "utf-8")
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=str(file), todo="choose another file") from error
    say(f"wrote {file}")


def show_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """A table on a terminal; where it is piped, tab-separated lines with a head."""
    if not sys.stdout.isatty():
        out("\t".join(head))
        for row in rows:
            out("\t".join(" ".join(cell.split()) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*head, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row))
    Console(no_color=not colour()).print(table)


def marked(snippet: str, match: str) -> str:
    """The match within the snippet, bold or between «»."""
    if not match or match not in snippet:
        return snippet
    return snippet.replace(match, f"\x1b[1m{match}\x1b[0m" if colour() else f"«{match}»", 1)


def out(line: str) -> None:
    sys.stdout.write(line + "\n")


def out_json(value: Any) -> None:
    out(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def say(line: str) -> None:
    """One line on standard error."""
    print(f"tocsin: {' '.join(line.split())}", file=sys.stderr)


def complain(error: Exception, *, debug: bool) -> None:
    """What, where, what to do: one line on standard error; the whole trace with `--debug`."""
    if debug:
        traceback.print_exception(error)
    say(str(error) or type(error).__name__)


def unexpected(error: Exception, where: str) -> TocsinError:
    """Our own error for one that nobody foresaw."""
    told = TocsinError(f"unexpected {type(error).__name__}: {error}", where=where, todo="give --debug for the trace, and report it")
    told.__cause__ = error
    return told


def colour() -> bool:
    """Whether standard output takes colours: a terminal, and NO_COLOR is not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    return min(shutil.get_terminal_size((88, 24)).columns, 110) if sys.stdout.isatty() else 88


@dataclass
class Tracker:
    """Passes items on and counts them on a progress line, from the item after `FEW` on."""

    stack: ExitStack
    now: bool = False
    shown: Progress | None = None
    told: str = field(default="reading")

    def __call__(self, items: Iterable[Any]) -> Iterator[Any]:
        for number, item in enumerate(items):
            if self.shown is None and (self.now or number == FEW):
                self.start()
            if self.shown is not None:
                self.shown.update(self.shown.task_ids[0], completed=number + 1, description=self.told)
            yield item

    def say(self, line: str) -> None:
        self.told = line
        if self.shown is not None:
            self.shown.update(self.shown.task_ids[0], description=line)

    def start(self) -> None:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        if sys.stderr.isatty():
            columns = (SpinnerColumn(), TextColumn("{task.completed} reports"), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
            self.shown = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty())
            self.stack.enter_context(self.shown).add_task(self.told, total=None)


@contextmanager
def progress(*, now: bool = False) -> Iterator[Tracker]:
    """Progress on standard error, on a terminal only."""
    with ExitStack() as stack:
        yield Tracker(stack, now)


def silence() -> None:
    """No more output: what is still buffered for a closed pipe would raise once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """The entry point of the command."""
    for stream in (sys.stdout, sys.stderr):
        if not stream.isatty():
            cast(Any, stream).reconfigure(encoding="utf-8", errors="replace")
    debug = "--debug" in sys.argv
    try:
        app(prog_name="tocsin")
    except BrokenPipeError:
        silence()
    except Exception as error:
        complain(unexpected(error, "tocsin"), debug=debug)
        sys.exit(1)
