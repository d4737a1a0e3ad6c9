from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.annotate.encoder import ARTEFACT, Artefact, load_artefact
from tocsin.annotate.sentences import split_sentences
from tocsin.annotate.windows import BUDGET, LIMIT, tokenise, windows

MODEL: Artefact = load_artefact(ARTEFACT)


def test_windows_are_new_sentences_after_one_of_context() -> None:
    text = " ".join(f"The army of region {i} said on Sunday that it had left the town." for i in range(40))
    words = tokenise(MODEL.tokenizer, text, split_sentences(text))
    found = list(windows(words))
    new = [int(sentence) for window in found for sentence in sorted(set(window.sentences[window.fresh :].tolist()))]
    assert new == list(range(40))  # each sentence is new once, in order
    assert all(window.fresh for window in found[1:])
    assert all(len(window.ids) <= BUDGET + BUDGET // 2 + 2 for window in found)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=600))
def test_words_lie_in_their_sentences(text: str) -> None:
    sentences = split_sentences(text)
    for window in windows(tokenise(MODEL.tokenizer, text, sentences)):
        assert len(window.ids) <= LIMIT + 2 + BUDGET
        assert len(window.first) == len(window.offsets) == len(window.sentences)
        for (start, end), sentence in zip(window.offsets, window.sentences, strict=True):
            low, high = sentences[sentence]
            assert low <= start <= end <= high


def test_abbreviations_and_numbers_are_one_word() -> None:
    text = "The U.S. sent 1,960 men at 5 p.m. and 3.5 tons to the long-range base."
    (window,) = windows(tokenise(MODEL.tokenizer, text, [(0, len(text))]))
    found = [text[start:end] for start, end in window.offsets]
    assert {"U.S.", "1,960", "p.m.", "3.5"} <= set(found)
    assert "".join(found) == text.replace(" ", "")
