"""Words a second on one core: the whole of Tocsin's path beside spaCy's small English pipeline, in one run.

    pip install spacy && python -m benchmarks.speed examples/*.txt

The weights of en_core_web_sm are no registry package, so the peer is built here with the same architecture (`spacy init config
--optimize efficiency`: shared CNN, tagger, parser, NER) and untrained weights; its speed does not depend on them, but for the number of
the parser's moves. Tocsin's figure is for everything: sentences, graph, dates, records, actors, places, from text to JSON.
"""

from __future__ import annotations

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

import sys
import time
from collections.abc import Callable
from pathlib import Path

from tocsin.model import Report
from tocsin.pipeline import default_pipeline

ROUNDS = 5


def words_per_second(read: Callable[[str], object], texts: list[str]) -> tuple[float, float]:
    """Best and median of `ROUNDS` passes over the texts, in words a second of processor time."""
    words = sum(len(text.split()) for text in texts)
    for text in texts:
        read(text)
    rates = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for text in texts:
            read(text)
        rates.append(words / (time.process_time() - began))
    return max(rates), sorted(rates)[ROUNDS // 2]


def spacy_reader() -> Callable[[str], object] | None:
    try:
        from spacy.cli.init_config import init_config
        from spacy.tokens import Doc
        from spacy.training import Example
        from spacy.util import load_model_from_config
    except ImportError:
        return None
    nlp = load_model_from_config(init_config(lang="en", pipeline=["tagger", "parser", "ner"], optimize="efficiency"), auto_fill=True)
    words = ["The", "army", "left", "Mali", "."]
    tags, heads, deps = ["DT", "NN", "VBD", "NNP", "."], [1, 2, 2, 2, 2], ["det", "nsubj", "ROOT", "dobj", "punct"]
    gold = Doc(nlp.vocab, words=words, tags=tags, heads=heads, deps=deps, ents=["O", "O", "O", "B-GPE", "O"])
    nlp.initialize(lambda: [Example(Doc(nlp.vocab, words=words), gold)])
    return lambda text: nlp(text)


def main(paths: list[str]) -> None:
    texts = [Path(path).read_text("utf-8") for path in paths]
    pipeline = default_pipeline()
    best, median = words_per_second(lambda text: pipeline.read(Report.of(text, published="2024-11-18")).to_json(), texts)
    print(f"data: {len(texts)} reports, {sum(len(text.split()) for text in texts)} words; one core, processor time, {ROUNDS} rounds")
    print(f"tocsin, whole path, {pipeline.reader:24} best {best:7.0f}  median {median:7.0f} words/s")
    peer = spacy_reader()
    if peer is None:
        print("spaCy is not installed: pip install spacy")
        return
    best, median = words_per_second(peer, texts)
    print(f"{'spaCy tagger + parser + NER, small architecture':44} best {best:7.0f}  median {median:7.0f} words/s")


if __name__ == "__main__":
    main(sys.argv[1:])
