from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.annotate.sentences import MAX_CHARACTERS, split_sentences

# Each case: the sentences, as they stand joined by "|" in the text.
CASES = [
    "Gen. Ali Abbas left on Nov. 3.|He did not say why.",
    "He met U.S. President Joe Biden.|They spoke for an hour.",
    "It flew to the U.S. on Monday.|It landed.",
    "Troops left the U.N. base.|The base is empty.",
    'He said: "We will not go."|Then he left.',
    "“Why now?” he asked.|Nobody knew.",
    "“We will answer.”|The minister left.",
    "Inflation was 3.5 percent.|The bank raised rates by 0.25 points.",
    "John F. Kennedy spoke.|J. Edgar Hoover listened.",
    "At 5 p.m. the guns fell silent.|At 6 p.m. they began again.",
    "The deal (signed on Jan. 2, 2020) failed.|Both sides deny it.",
    "Wait ... he said nothing.|Then he spoke!|Why?",
    "Brig. Gen. Obi and Lt. Col. Eze fled.|The army denies it.",
    "Acme Corp. built it.|The price is secret.",
    "The Hague, e.g. in 2019, ruled so.|Appeals failed.",
    "He is No. 2 in the party.|No. He is not.",
    "It ended in 2014.|In 2015 it began again.",
    "They left, he said.|“Nobody stays here,” she added.",
    "He told the U.K. to wait.|London refused.",
    "Mr. X (b. 1950) resigned.|Mrs. Y follows.",
]


@pytest.mark.parametrize("case", CASES)
def test_cases(case: str) -> None:
    wanted = case.split("|")
    text = " ".join(wanted)
    assert [text[start:end] for start, end in split_sentences(text)] == wanted


def test_headline_and_paragraphs_end_sentences() -> None:
    text = "Crowds storm parliament\n\nYEREVAN — They broke in\nbefore dawn.\n\n- first point\n- second point"
    quotes = [text[start:end] for start, end in split_sentences(text)]
    assert quotes[0] == "Crowds storm parliament"
    assert quotes[-2:] == ["- first point", "- second point"]


def test_wrapped_lines_are_joined() -> None:
    text = (
        "The foreign ministry said on Tuesday that it had summoned the\n"
        "ambassador over remarks that it called a breach of protocol, and\n"
        "expelled two attaches. He left."
    )
    assert [text[start:end][-8:] for start, end in split_sentences(text)] == ["ttaches.", "He left."]


@given(st.text(max_size=400))
def test_offsets_are_in_order_and_lose_nothing_but_blanks(text: str) -> None:
    position = 0
    for start, end in split_sentences(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert end - start <= MAX_CHARACTERS
        position = end
    assert not text[position:].strip()


def test_a_line_without_end_is_cut() -> None:
    text = "word " * 20_000
    pieces = split_sentences(text)
    assert max(end - start for start, end in pieces) <= MAX_CHARACTERS
    assert "".join(text[a:b] for a, b in pieces).replace(" ", "") == text.replace(" ", "")
