"""The main path: `Report`s in, read `Document`s out. Which stages, in which order, stands here and nowhere else.

    annotate (sentences, graph, times) → code (records) → link (actors, places, merged events)

A stage is a pure function over one document that says which layers it requires and which it assigns; `Pipeline` checks
that before anything runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tocsin.errors import TocsinError
from tocsin.model import LAYERS, Document, Report


@dataclass(frozen=True, slots=True)
class Stage:
    """One step. `requires` and `assigns` name fields of `Document`."""

    name: str
    requires: tuple[str, ...]
    assigns: tuple[str, ...]
    run: Callable[[Document], Document]


class Pipeline:
    """Stages in order, checked: each layer that a stage requires is assigned by one before it."""

    def __init__(self, stages: Iterable[Stage], *, reader: str) -> None:
        self.stages, self.reader = tuple(stages), reader
        given = {"report"}
        for stage in self.stages:
            missing = [layer for layer in stage.requires if layer not in given]
            if missing:
                raise TocsinError(
                    f"stage {stage.name!r} requires {', '.join(missing)}", where="pipeline",
                    allowed=", ".join(sorted(given)), todo="put the stage that assigns it before",
                )
            given.update(stage.assigns)

    def read(self, report: Report) -> Document:
        """Run all stages over one report. Deterministic: the same text and date give the same document."""
        document = Document(report, reader=self.reader)
        for stage in self.stages:
            document = stage.run(document)
        return document

    def read_many(self, reports: Iterable[Report]) -> Iterator[Document]:
        """Stream: one document at a time, in order."""
        return map(self.read, reports)


def default_pipeline(*, threads: int = 1) -> Pipeline:
    """The shipped pipeline: the embedded model, the rules and the tables that travel in the package.

    Raises:
        ModelError: the artefact is missing, damaged or made for another version.
    """
    from tocsin.annotate import Annotator  # the one place where stages meet; loading takes a moment
    from tocsin.code import read_records
    from tocsin.link import Linker

    annotator, linker = Annotator.load(threads=threads), Linker.load()
    records = tuple(layer for layer in LAYERS if layer not in ("actors", "places"))
    return Pipeline(
        (
            Stage("annotate", ("report",), ("sentences", "graph", "times"), annotator.annotate),
            Stage("code", ("sentences", "graph", "times"), records, read_records),
            Stage("link", ("graph", *records), ("actors", "places"), linker.link),
        ),
        reader=annotator.version,
    )

