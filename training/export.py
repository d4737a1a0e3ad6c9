"""A finished run → the artefact that travels in the package: int8 ONNX encoder, heads, tokenizer, card.

    python -m training.export runs/second --version 0.2.0 --out src/tocsin/annotate/weights --data ../shared/data

The scores on the card are measured afterwards with the exported files themselves, through the shipped code.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from tocsin.annotate.encoder import FILES, FORMAT, load_artefact
from tocsin.annotate.heads import Labels
from tocsin.ontology import digest
from training.examples import PROPBANK
from training.graph import SCHEMA, load
from training.net import Encoder, HeadsNet
from training.score import score
from training.split import is_dev, read_corpus
from training.standoff import join
from training.train import ROOT, base_folder


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("run", type=Path)
    arguments.add_argument("--version", required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    arguments.add_argument("--corpus", type=Path, default=ROOT / "training/corpus")
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    labels = Labels.of(SCHEMA)
    kept = torch.load(given.run / "state.pt", weights_only=True)
    encoder = Encoder.from_bert(base_folder())
    encoder.load_state_dict(kept["encoder"])
    heads = HeadsNet(labels, encoder.words.embedding_dim, len(PROPBANK))
    heads.load_state_dict(kept["heads"])

    write_encoder(encoder.eval(), given.out / "encoder.onnx")
    arrays: dict[str, Any] = {name: value.numpy().astype(np.float16) for name, value in heads.arrays().items()}
    np.savez_compressed(given.out / "heads.npz", **arrays)
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(given.out / "tokenizer.json"), pretty=False)
    card = {
        "format": FORMAT, "version": given.version, "graph": digest("graph.yaml"),
        "base": "sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)",
        "licence": "CC BY-SA 4.0 (weights)",
        "sha256": {name: hashlib.sha256((given.out / name).read_bytes()).hexdigest() for name in FILES},
        "training": json.loads((given.run / "log.json").read_text())["recipe"],
        "corpus": json.loads((given.run / "log.json").read_text())["corpus"],
    }
    write_card(given.out, card)
    artefact = load_artefact(given.out)
    reports = read_corpus(given.corpus, given.data)
    gold = {path.name: load([path]) for path in sorted((ROOT / "tests/gold").glob("*.graph"))}
    gold |= {path.name: join(path, given.data) for path in sorted((ROOT / "tests/gold").glob("*.standoff.jsonl"))}
    card["scores"] = {
        "dev": score(artefact, [report for report in reports if is_dev(report)], labels),
        **{name: score(artefact, held_out, labels) for name, held_out in gold.items()},
    }
    write_card(given.out, card)
    for name, scores in card["scores"].items():
        print(name, {k: scores.get(k) for k in ("things", "happenings", "type", "dyad", "edges", "clauses", "factuality")})


def write_encoder(encoder: Encoder, path: Path) -> None:
    """Export to ONNX and quantise: weights int8 per channel, activations int8 at run time."""
    example = (torch.ones(1, 12, dtype=torch.long), torch.zeros(1, 12, dtype=torch.long))
    axes = {"ids": {1: "pieces"}, "cases": {1: "pieces"}, "states": {1: "pieces"}}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            encoder, example, str(plain), input_names=["ids", "cases"], output_names=["states"], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )
        # Seven bits for the weights: with eight, processors without VNNI overflow and read another graph.
        quantize_dynamic(plain, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)


def write_card(folder: Path, card: dict[str, object]) -> None:
    (folder / "card.json").write_text(json.dumps(card, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
