"""The imports of DESIGN: `model` takes the standard library alone, stages never each other, web and cli are leaves."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src/tocsin"
STAGES = ("acquire", "annotate", "code", "link", "store")
SHARED = {"model", "errors", "ontology"}
ALLOWED: dict[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "settings": {"errors"},
    "ontology": {"errors"},
    "acquire": SHARED | {"settings"},
    "annotate": SHARED,
    "code": SHARED,
    "link": SHARED,
    "store": SHARED | {"settings"},
    "study": SHARED | {"store"},
    "warn": SHARED | {"store", "study"},
    "pipeline": SHARED | {"settings", *STAGES},
    "schema": SHARED,
    "web": SHARED | {"settings", "store", "study", "warn", "pipeline", "acquire", "schema"},
}
LEAVES = {"cli", "__main__", "__init__"}  # these may import everything; nothing may import cli or web but they


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(source: str) -> set[str]:
    """The rooms of tocsin, and the foreign packages, that a module imports anywhere."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [f"tocsin.{alias.name}" for alias in node.names] if node.module == "tocsin" else [node.module or ""]
        for name in names:
            parts = name.split(".")
            found.add(f"tocsin.{parts[1]}" if parts[0] == "tocsin" and len(parts) > 1 else parts[0])
    return found


def forbidden(source: str, home: str) -> set[str]:
    """What this module may not import."""
    mine = {name.removeprefix("tocsin.") for name in imports(source) if name.startswith("tocsin.")}
    wrong = set() if home in LEAVES else set(mine - ALLOWED[home] - {home})
    if home in ("model", "errors"):
        wrong |= {name for name in imports(source) if not name.startswith("tocsin") and name not in sys.stdlib_module_names}
    return wrong


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_follow_the_design(path: Path) -> None:
    assert not forbidden(path.read_text("utf-8"), room(path))


@pytest.mark.parametrize(
    ("source", "home", "wrong"),
    [
        ("from tocsin.link import Linker", "code", {"link"}),
        ("import tocsin.cli", "web", {"cli"}),
        ("from tocsin import store", "annotate", {"store"}),
        ("import numpy", "model", {"numpy"}),
        ("def f():\n    from tocsin.pipeline import Pipeline", "store", {"pipeline"}),
        ("from tocsin.model import Event", "code", set()),
    ],
)
def test_a_planted_import_is_found(source: str, home: str, wrong: set[str]) -> None:
    assert forbidden(source, home) == wrong


def test_training_is_never_imported() -> None:
    for path in SOURCE.rglob("*.py"):
        assert "training" not in imports(path.read_text("utf-8")), path
