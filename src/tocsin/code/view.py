"""A document's graph → what the rules ask of it: fillers of roles, clauses, who holds a statement, the words that support it."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from tocsin.code.words import word_pattern
from tocsin.model import Document, Evidence, Node, Slot, When
from tocsin.ontology import load

HAPPENINGS = ("event", "permit", "withhold", "threat", "cue")


class View:
    """Read-only questions to one document; nodes are named by their index in the graph."""

    def __init__(self, document: Document) -> None:
        if document.graph is None or document.sentences is None:
            raise ValueError("the graph was not read; run the stage 'annotate' before 'code'")
        self.document, self.graph = document, document.graph
        self.text, self.nodes = document.report.text, document.graph.nodes
        self._out: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for edge in self.graph.edges:
            self._out[edge.source][edge.role].append(edge.target)
        self._starts = [start for start, _ in document.sentences]
        self._index = {(node.start, node.end): index for index, node in enumerate(self.nodes) if node.kind == "clause"}
        self._times = {(time.start, time.end): time for time in document.times or ()}

    def of_kind(self, *kinds: str) -> list[int]:
        return [index for index, node in enumerate(self.nodes) if node.kind in kinds]

    def targets(self, hub: int, role: str) -> list[int]:
        return sorted(self._out[hub][role]) if hub in self._out else []

    def sentence(self, offset: int) -> tuple[int, int]:
        """The sentence that holds this offset."""
        assert self.document.sentences is not None
        return self.document.sentences[max(0, bisect_right(self._starts, offset) - 1)]

    def words(self, node: Node) -> str:
        return self.text[node.start : node.end]

    def slot(self, index: int) -> Slot:
        node = self.nodes[index]
        return Slot(None, self.words(node), node.start, node.end, self.words(node))

    def slots(self, hub: int, role: str) -> tuple[Slot, ...]:
        return tuple(self.slot(index) for index in self.targets(hub, role))

    def first(self, hub: int, role: str) -> Slot | None:
        return next(iter(self.slots(hub, role)), None)

    def clause(self, hub: int, role: str) -> Node | None:
        """The longest clause in this role."""
        found = [self.nodes[index] for index in self.targets(hub, role) if self.nodes[index].kind == "clause"]
        return max(found, key=lambda node: node.end - node.start, default=None)

    def index(self, clause: Node) -> int:
        """The index of a clause; there is one for each pair of offsets."""
        return self._index[clause.start, clause.end]

    def quote(self, node: Node) -> Evidence:
        return Evidence.at(self.text, node.start, node.end)

    def when(self, hub: int) -> When | None:
        """The first dated time of a hub."""
        for index in self.targets(hub, "time"):
            time = self._times.get((self.nodes[index].start, self.nodes[index].end))
            if time and time.when:
                return time.when
        return None

    def past(self, when: When | None) -> When | None:
        """The date, unless it begins after the report was published: then it is a deadline or a plan."""
        published = self.document.report.published
        return None if when and published and when.edtf[:10] > published[: len(when.edtf[:10])] else when

    def evidence(self, indices: Iterable[int]) -> tuple[Evidence, ...]:
        """The words that support a record: for each sentence one stretch that covers these nodes, the first node's first."""
        order = list(dict.fromkeys(indices))
        spans: dict[tuple[int, int], tuple[int, int]] = {}
        for index in order:
            node = self.nodes[index]
            home = self.sentence(node.start)
            low, high = spans.get(home, (node.start, node.end))
            spans[home] = min(low, node.start), max(high, node.end)
        return tuple(Evidence.at(self.text, start, end) for start, end in spans.values())

    def around(self, hub: int, *, without: tuple[str, ...] = ("same", "cause", "effect")) -> tuple[Evidence, ...]:
        """Evidence of a hub: its trigger with all its fillers."""
        targets = [target for role, found in self._out[hub].items() if role not in without for target in found] if hub in self._out else []
        return self.evidence([hub, *sorted(targets)])

    def confidence(self, hub: int) -> float:
        return round(self.nodes[hub].confidence, 3)

    @cached_property
    def _by_sentence(self) -> dict[int, list[int]]:
        """The nodes of each sentence, in order: a clause and all in it stand in one sentence."""
        found: dict[int, list[int]] = defaultdict(list)
        for index, node in enumerate(self.nodes):
            found[self.sentence(node.start)[0]].append(index)
        return found

    @cached_property
    def _over(self) -> dict[int, list[tuple[int, str, Node]]]:
        """By sentence: (hub, role, clause) of all clauses in it, the shortest first: the innermost comes first."""
        found: dict[int, list[tuple[int, str, Node]]] = defaultdict(list)
        for edge in self.graph.edges:
            clause = self.nodes[edge.target]
            if clause.kind == "clause":
                found[self.sentence(clause.start)[0]].append((edge.source, edge.role, clause))
        for clauses in found.values():
            clauses.sort(key=lambda item: (item[2].end - item[2].start, item[0]))
        return found

    def clauses_over(self, index: int, *roles: str) -> Iterator[tuple[int, str]]:
        """(hub, role) of the clauses in these roles that hold the node, the innermost first."""
        node = self.nodes[index]
        for hub, role, clause in self._over.get(self.sentence(node.start)[0], ()):
            if role in roles and clause.start <= node.start and node.end <= clause.end:
                yield hub, role

    def cue_over(self, index: int) -> int | None:
        """The innermost cue whose content holds this node."""
        found = self.clauses_over(index, "content")
        return next((hub for hub, _ in found if hub != index and self.nodes[hub].kind == "cue"), None)

    def holder(self, index: int) -> Slot | None:
        """Who says so: the holder of the innermost cue above; an unnamed one where the cue names nobody."""
        cue = self.cue_over(index)
        return None if cue is None else self.cue_holders(cue)[0]

    def cue_holders(self, cue: int) -> tuple[Slot, ...]:
        """The holders of a cue, by their words; one unnamed holder where the text leaves them out."""
        return self.slots(cue, "actor") or (Slot(None, str(load("hedges.yaml")["unnamed_holder"]), None, None, None, True),)

    def inside(self, clause: Node, *kinds: str) -> list[int]:
        """Nodes of these kinds whose words lie in the clause."""
        near = self._by_sentence.get(self.sentence(clause.start)[0], [])
        return [
            index for index in near
            if self.nodes[index].kind in kinds and clause.start <= self.nodes[index].start and self.nodes[index].end <= clause.end
        ]

    def main_act(self, clause: Node) -> int | None:
        """The happening that a clause is about: the one with most fillers, the first of equals."""
        found = self.inside(clause, "event", "permit", "withhold", "threat")
        return max(found, key=lambda index: (sum(map(len, self._out[index].values())) if index in self._out else 0, -index), default=None)

    def terms(self, start: int, end: int, terms: str) -> tuple[str, ...]:
        """The terms of one list of `hedges.yaml` that stand between two offsets, in order of the text."""
        found = term_pattern(terms).finditer(self.text, start, end)
        return tuple(dict.fromkeys(match.group().lower() for match in found if match.group() != "May"))  # the month


@functools.cache
def term_pattern(name: str) -> re.Pattern[str]:
    """The pattern of a list of `hedges.yaml`."""
    return word_pattern(load("hedges.yaml")[name], re.IGNORECASE)


def named(value: str | None) -> str | None:
    """A value of the graph as it stands in a record: `-` is nothing, hyphens are blanks in `did not happen`."""
    if value in (None, "-"):
        return None
    return "did not happen" if value == "did-not-happen" else value
