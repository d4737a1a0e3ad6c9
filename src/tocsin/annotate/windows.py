"""Sentences → windows of word pieces for the encoder: a sentence or more that are new, with the one before as context.

Windows hold about `BUDGET` pieces: cost grows with the window, and a threat's condition often stands one sentence
before its consequence. Training builds its windows here too, so that both see the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

BUDGET = 128
LIMIT = 500  # the encoder has 512 positions
CLS, SEP = 101, 102
# Written as one word though the tokenizer cuts them at every point: U.S., a.m., 1,960, 3.5.
_UNIT = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)+")
CASES = 4  # lower or none, Capitalised, UPPER, mIxed


@dataclass(frozen=True, slots=True)
class Words:
    """A tokenised sentence: ids of its pieces, and for each word its offsets in the report and its first piece."""

    sentence: int
    ids: npt.NDArray[np.int64]
    cases: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """What the encoder reads at once.

    `ids`, `cases`: (pieces,); `first`: (words,) index of each word's first piece; `offsets`: words in the report;
    `sentences`: (words,) the sentence of each word; words before `fresh` are context.
    """

    ids: npt.NDArray[np.int64]
    cases: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    offsets: tuple[tuple[int, int], ...]
    sentences: npt.NDArray[np.int64]
    fresh: int


def case_of(word: str) -> int:
    """The case feature of a word: 0 lower or without letters, 1 Capitalised, 2 UPPER, 3 mixed.

    >>> [case_of(word) for word in ("the", "Mali", "NATO", "iPhone", "300")]
    [0, 1, 2, 3, 0]
    """
    if word == word.lower():
        return 0
    if len(word) > 1 and word == word.upper():
        return 2
    return 1 if word[0].isupper() and word[1:] == word[1:].lower() else 3


def tokenise(tokenizer: Tokenizer, text: str, sentences: Sequence[tuple[int, int]]) -> list[Words]:
    """The words of each sentence. Sentences beyond the encoder's limit lose the rest (the splitter keeps them short)."""
    texts = [text[start:end] for start, end in sentences]
    encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
    return [
        _words(encoding, start, index, sentence)
        for index, (encoding, (start, _), sentence) in enumerate(zip(encodings, sentences, texts, strict=True))
    ]


def _words(encoding: Encoding, shift: int, number: int, sentence: str) -> Words:
    first: list[int] = []
    offsets: list[tuple[int, int]] = []
    word_of: list[int] = []
    previous: tuple[str, int | None] | None = None
    units = {at: unit.start() for unit in _UNIT.finditer(sentence) for at in range(unit.start(), unit.end())}
    for piece, word in enumerate(encoding.word_ids[:LIMIT]):
        start, end = encoding.offsets[piece]
        key = ("unit", units[start]) if start in units else ("word", word)
        if key != previous:
            first.append(piece)
            offsets.append((shift + start, shift + end))
            previous = key
        else:
            offsets[-1] = (offsets[-1][0], shift + end)
        word_of.append(len(offsets) - 1)
    cases = [case_of(sentence[start - shift : end - shift]) if end > start else 0 for start, end in offsets]
    return Words(
        number,
        np.array(encoding.ids[:LIMIT], dtype=np.int64),
        np.array([cases[word] for word in word_of], dtype=np.int64),
        np.array(first, dtype=np.int64),
        tuple(offsets),
    )


def windows(words: Sequence[Words], *, budget: int = BUDGET) -> Iterator[Window]:
    """Pack sentences: the one before as context where it fits, then new ones up to `budget` pieces, at least one."""
    position = 0
    while position < len(words):
        last = position + 1
        size = len(words[position].ids)
        while last < len(words) and size + len(words[last].ids) <= budget:
            size += len(words[last].ids)
            last += 1
        before = position
        if position and size + len(words[position - 1].ids) <= min(budget + budget // 2, LIMIT):
            before = position - 1
        yield _window(words[before:last], fresh=sum(len(item.offsets) for item in words[before:position]))
        position = last


def _window(parts: Sequence[Words], *, fresh: int) -> Window:
    shifts = np.cumsum([1, *(len(part.ids) for part in parts)])
    edge = np.zeros(1, dtype=np.int64)
    return Window(
        np.concatenate([edge + CLS, *(part.ids for part in parts), edge + SEP]),
        np.concatenate([edge, *(part.cases for part in parts), edge]),
        np.concatenate([part.first + shift for part, shift in zip(parts, shifts, strict=False)]),
        tuple(offset for part in parts for offset in part.offsets),
        np.concatenate([np.full(len(part.offsets), part.sentence, dtype=np.int64) for part in parts]),
        fresh,
    )
