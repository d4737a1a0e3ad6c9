"""Names of data files in, their checked content out: the knowledge of Tocsin (codes, lexicons, tables) is data.

YAML and TOML become plain values; a `.tsv` table becomes a tuple of rows, one `dict` each, an empty cell being `None`.
A file that `checks.py` knows is checked as a whole and refused with file, key and permitted values.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from tocsin.errors import OntologyError
from tocsin.ontology.checks import CHECKS

_SUFFIXES = (".yaml", ".toml", ".tsv")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times as fast; not every build has it


@functools.cache
def load(name: str) -> Any:
    """The content of the file `name` (with or without its ending); read and checked once, never to be changed.

    Raises:
        OntologyError: no such file, not readable as YAML / TOML / TSV, or a key or value that is not allowed.

    >>> load("plover")["types"]["ASSAULT"]["quad"]
    'material conflict'
    """
    path = _find(name)
    text = path.read_text("utf-8")
    try:
        data = _parse(path.name, text)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, csv.Error) as error:
        raise OntologyError(f"cannot be read ({error})", where=path.name, todo="mend the file") from error
    CHECKS.get(path.name, lambda _: None)(data)
    return data


@functools.cache
def digest(name: str) -> str:
    """SHA-256 of the file as it lies on the disk; an artefact made for another version of it can be told by this.

    Raises:
        OntologyError: no such file.

    >>> len(digest("graph.yaml"))
    64
    """
    return hashlib.sha256(_find(name).read_bytes()).hexdigest()


def names() -> tuple[str, ...]:
    """All data files, sorted.

    >>> "plover.yaml" in names()
    True
    """
    files = resources.files(__name__).iterdir()
    return tuple(sorted(path.name for path in files if path.name.endswith(_SUFFIXES)))


def _find(name: str) -> Traversable:
    known = names()
    for candidate in (name, *(name + suffix for suffix in _SUFFIXES)):
        if candidate in known:
            return resources.files(__name__) / candidate
    raise OntologyError("no such data file", where=name, allowed=", ".join(known), todo="check the name")


def _parse(name: str, text: str) -> Any:
    if name.endswith(".yaml"):
        return yaml.load(text, _LOADER)
    if name.endswith(".toml"):
        return tomllib.loads(text)
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
    return tuple({key: value or None for key, value in row.items()} for row in rows)
