"""A document with a report → the same with `sentences`, the passage `graph` and `times`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from threadpoolctl import ThreadpoolController

from tocsin.annotate.decode import read_graph
from tocsin.annotate.encoder import ARTEFACT, Artefact, load_artefact
from tocsin.annotate.sentences import split_sentences
from tocsin.annotate.when import times
from tocsin.model import Document


class Annotator:
    """Holds the loaded model; `annotate` is a pure function of the document."""

    def __init__(self, artefact: Artefact) -> None:
        self.artefact = artefact
        self._pools = ThreadpoolController()

    @classmethod
    def load(cls, folder: Path = ARTEFACT, *, threads: int = 1) -> Annotator:
        """Load the model from `folder` (default: the one that travels in the package).

        Raises:
            ModelError: the artefact is missing, damaged or made for another graph.
        """
        return cls(load_artefact(folder, threads=threads))

    @property
    def version(self) -> str:
        """Names the model; stored with every reading."""
        return self.artefact.version

    def annotate(self, document: Document) -> Document:
        """Assign `sentences`, `graph` and `times`."""
        report = document.report
        sentences = split_sentences(report.text)
        with self._pools.limit(limits=1, user_api="blas"):  # the matrices are small: threads cost four times the work
            graph = read_graph(self.artefact, report.text, sentences)
        spans = [(node.start, node.end) for node in graph.nodes if node.kind == "time"]
        return replace(
            document, sentences=sentences, graph=graph, times=times(spans, report.text, published=report.published)
        )
