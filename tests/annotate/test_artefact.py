"""The shipped artefact: what does not fit together is refused, and reading is deterministic."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tocsin.annotate import Annotator
from tocsin.annotate.encoder import ARTEFACT, load_artefact
from tocsin.errors import ModelError
from tocsin.model import Document, Report

TEXT = (Path(__file__).parents[2] / "examples/atacms.txt").read_text("utf-8").strip()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ARTEFACT, tmp_path / "weights"))


def test_a_damaged_file_is_refused(copy: Path) -> None:
    data = bytearray((copy / "heads.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (copy / "heads.npz").write_bytes(bytes(data))
    with pytest.raises(ModelError, match=r"heads\.npz: is damaged"):
        load_artefact(copy)


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "encoder.onnx").unlink()
    with pytest.raises(ModelError, match=r"encoder\.onnx: is missing"):
        load_artefact(copy)


def test_another_graph_is_refused(copy: Path) -> None:
    card = json.loads((copy / "card.json").read_text())
    (copy / "card.json").write_text(json.dumps(card | {"graph": "0" * 64}))
    with pytest.raises(ModelError, match=r"trained for another ontology/graph\.yaml"):
        load_artefact(copy)


def test_another_format_is_refused(copy: Path) -> None:
    card = json.loads((copy / "card.json").read_text())
    (copy / "card.json").write_text(json.dumps(card | {"format": 99}))
    with pytest.raises(ModelError, match="format 99"):
        load_artefact(copy)


def test_the_same_text_gives_the_same_graph_whatever_was_read_before() -> None:
    one, two = Annotator.load(), Annotator.load()
    document = Document(Report.of(TEXT, published="2024-11-18"))
    first = one.annotate(document)
    two.annotate(Document(Report.of("Something else altogether happened in Mali on Tuesday.")))
    assert two.annotate(document) == first
    assert one.annotate(document) == first


def test_the_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in ARTEFACT.iterdir()) < 40_000_000


def test_reading_leaves_no_trace_in_the_home_folder(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_", "TOCSIN_"))}
    source = str(Path(__file__).parents[2] / "src")
    code = f"import sys; sys.path.insert(0, {source!r}); import tocsin; tocsin.read('Mali closed the border.')"
    subprocess.run([sys.executable, "-c", code], check=True, env=environment | {"HOME": str(tmp_path)})
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
