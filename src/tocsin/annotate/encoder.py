"""The artefact → an encoder that turns a window into hidden states, and the heads that belong to it.

The artefact is a folder inside the package: `encoder.onnx` (int8), `heads.npz`, `tokenizer.json` and `card.json`, which
holds the version, the digests of the other files, the hash of `ontology/graph.yaml` and the scores. Loading refuses
what does not fit together.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from tocsin.annotate.heads import Floats, Heads, Labels
from tocsin.annotate.windows import Window
from tocsin.errors import ModelError
from tocsin.ontology import digest, load

# Must stand before the import: from 1.32 on the runtime writes a device id and a telemetry file into the user's cache.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime

FORMAT = 1
ARTEFACT = Path(__file__).parent / "weights"
FILES = ("encoder.onnx", "heads.npz", "tokenizer.json")


@dataclass(frozen=True, slots=True)
class Artefact:
    """A loaded model: run `encode` on a window, then `heads` on its words."""

    session: onnxruntime.InferenceSession
    heads: Heads
    tokenizer: Tokenizer
    card: dict[str, Any]

    @property
    def version(self) -> str:
        return f"tocsin-{self.card['version']}"

    def encode(self, window: Window) -> Floats:
        """(words, D): the state of each word's first piece. One window at a time without padding, so that the
        result does not depend on what else is read (dynamic int8 scales with its batch)."""
        (states,) = self.session.run(None, {"ids": window.ids[None], "cases": window.cases[None]})
        return np.asarray(states[0][window.first], dtype=np.float32)


def load_artefact(folder: Path = ARTEFACT, *, threads: int = 1) -> Artefact:
    """Load and check the model.

    Raises:
        ModelError: a file is missing, has another digest than the card says, or was made for another graph.
    """
    card = _card(folder)
    for name in FILES:
        if not (folder / name).is_file():
            raise ModelError("is missing", where=str(folder / name), todo="install tocsin again")
        if _sha256(folder / name) != card["sha256"].get(name):
            raise ModelError("is damaged: its digest is not the one of card.json", where=str(folder / name),
                             todo="install tocsin again, or export the model again")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"])
    with np.load(folder / "heads.npz", allow_pickle=False) as arrays:
        heads = Heads(dict(arrays), Labels.of(load("graph.yaml")))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Artefact(session, heads, tokenizer, card)


def _card(folder: Path) -> dict[str, Any]:
    try:
        card: dict[str, Any] = json.loads((folder / "card.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot be read ({error})", where=str(folder / "card.json"),
                         todo="install tocsin again") from error
    if card.get("format") != FORMAT:
        raise ModelError(f"has format {card.get('format')!r}", where=str(folder), allowed=str(FORMAT),
                         todo="use the weights that came with this version of tocsin")
    if card.get("graph") != digest("graph.yaml"):
        raise ModelError("was trained for another ontology/graph.yaml", where=str(folder),
                         allowed=digest("graph.yaml")[:12], todo="train and export the model again")
    return card


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
