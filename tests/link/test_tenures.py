"""Offices dated from the table, and doubts where text and table disagree."""

from __future__ import annotations

import pytest

from tests.link.build import document
from tocsin.link import Linker
from tocsin.model import Document, Evidence, Graph, Slot, Tenure

LINKER = Linker.load()


def linked(source: str, published: str, standing: str, office: str, from_: str | None = None, to: str | None = None) -> Document:
    """One sentence with one office, read as a tenure."""
    base = document(f"# report id=x published={published}\n{source}")
    assert base.graph
    hub = next(index for index, node in enumerate(base.graph.nodes) if node.kind == "office")
    person = base.graph.nodes[base.graph.targets(hub, "person")[0]]
    text = base.report.text
    words = text[person.start : person.end]
    node = base.graph.nodes[hub]
    tenure = Tenure("t1", Slot(None, words, person.start, person.end, words), office, None, from_, to, standing, "text", 1.0,
                    (Evidence.at(text, min(node.start, person.start), max(node.end, person.end)),))
    return LINKER.link(Document(base.report, base.sentences, base.graph, (), tenures=(tenure,), doubts=()))


BIDEN = "S U.S. President Joe Biden spoke.\nactor [U.S.] state\nactor [Joe Biden] person\noffice [President] person=[Joe Biden] country=[U.S.]\n"
TRUMP = "S President-elect Donald Trump spoke in the United States.\nactor [Donald Trump] person\nactor [United States] state\noffice [President-elect] elect person=[Donald Trump]\n"
LULA = "S Former president Jair Bolsonaro left Brazil.\nactor [Jair Bolsonaro] person\nactor [Brazil] state\noffice [president] former person=[Jair Bolsonaro]\n"
CASES = [
    (BIDEN, "2024-11-18", "incumbent", "President", ("USA", "2021-01-20", None, "table")),
    (BIDEN, "2025-06-01", "former", "President", ("USA", "2021-01-20", "2025-01-20", "table")),
    (TRUMP, "2024-11-18", "elect", "President-elect", ("USA", "2025-01-20", None, "table")),
    (TRUMP, "2016-11-18", "elect", "President-elect", ("USA", "2017-01-20", None, "table")),
    (LULA, "2023-06-01", "former", "president", ("BRA", "2019-01-01", "2023-01-01", "table")),
]


@pytest.mark.parametrize(("source", "published", "standing", "office", "want"), CASES)
def test_the_table_fills_what_the_text_leaves_out(
    source: str, published: str, standing: str, office: str, want: tuple[str, str, str | None, str]
) -> None:
    (tenure,) = linked(source, published, standing, office).tenures or ()
    assert (tenure.country, tenure.from_, tenure.to, tenure.basis) == want
    assert tenure.standing == standing


def test_what_the_text_states_stays() -> None:
    (tenure,) = linked(BIDEN, "2024-11-18", "incumbent", "President", from_="2021", to="2025-01").tenures or ()
    assert (tenure.from_, tenure.to, tenure.basis) == ("2021", "2025-01", "text")


def test_an_end_to_come_is_not_told() -> None:
    (tenure,) = linked(BIDEN, "2024-11-18", "outgoing", "President").tenures or ()
    assert tenure.to is None


WRONG = "S French President Jean Dupont spoke.\nactor [French] state\nactor [Jean Dupont] person\noffice [President] person=[Jean Dupont] country=[French]\n"


def test_a_head_of_state_whom_the_table_does_not_know_is_doubted() -> None:
    (doubt,) = linked(WRONG, "2024-11-18", "incumbent", "President").doubts or ()
    assert doubt.kind == "office"
    assert doubt.what == "Jean Dupont is called president of France"
    assert "Emmanuel Macron" in doubt.why
    assert doubt.evidence[0].quote == "President Jean Dupont"


NO_DOUBT = [
    (WRONG, "2024-11-18", "former", "President"),
    (WRONG, "2024-11-18", "acting", "President"),
    (WRONG, "2017-05-20", "incumbent", "President"),  # just after a change
    (WRONG.replace("President", "Finance Minister"), "2024-11-18", "incumbent", "Finance Minister"),
    (BIDEN, "2024-11-18", "incumbent", "President"),
    ("S Abkhazian President Raul Dupont spoke.\nactor [Abkhazian] state\nactor [Raul Dupont] person\noffice [President] person=[Raul Dupont] country=[Abkhazian]\n",
     "2024-11-18", "incumbent", "President"),
    ("S Maldivian President Mohamed Muizzu spoke.\nactor [Maldivian] state\nactor [Mohamed Muizzu] person\noffice [President] person=[Mohamed Muizzu] country=[Maldivian]\n",
     "2024-06-18", "incumbent", "President"),
    ("S Macedonian President Kiro Gligorov spoke.\nactor [Macedonian] state\nactor [Kiro Gligorov] person\noffice [President] person=[Kiro Gligorov] country=[Macedonian]\n",
     "1999-03-22", "incumbent", "President"),  # the table has but the leader, who was the prime minister
    ("S France's president spoke.\nactor [France's president] person\noffice [president] person=[France's president]\n", "2024-11-18", "incumbent", "president"),
]


@pytest.mark.parametrize(("source", "published", "standing", "office"), NO_DOUBT)
def test_no_doubt(source: str, published: str, standing: str, office: str) -> None:
    assert linked(source, published, standing, office).doubts == ()


def test_without_tenures_nothing_is_made_up() -> None:
    base = document("# report id=x published=2024-11-18\nS Rain fell.\n")
    result = LINKER.link(base)
    assert result.tenures is None
    assert result.doubts is None
    assert result.graph == Graph((), ())
