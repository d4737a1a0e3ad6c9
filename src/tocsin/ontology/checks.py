"""The content of a data file in, nothing out: each check refuses what is not allowed, naming file, key and what is.

`CHECKS` maps a file's name to its check; a file without one is taken as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from tocsin.errors import OntologyError


def choice(file: str, key: str, value: object, allowed: Collection[object]) -> None:
    """Refuse `value` of `key` unless it is among `allowed`.

    Raises:
        OntologyError: naming file, key and the permitted values.

    >>> choice("plover.yaml", "quad", "verbal conflict", ["verbal conflict"])
    """
    if value not in allowed:
        raise OntologyError(
            f"{key} is {value!r}", where=file, allowed=", ".join(map(str, allowed)), todo="mend the file"
        )


def keys(file: str, where: str, given: Mapping[str, Any], required: Iterable[str], optional: Iterable[str] = ()) -> None:
    """Refuse a mapping that lacks a required key or has one that is not known.

    Raises:
        OntologyError: naming file, place and the keys.
    """
    required, known = list(required), [*required, *optional]
    for key in required:
        if key not in given:
            raise OntologyError(f"{where} lacks {key!r}", where=file, allowed=", ".join(known), todo="add the key")
    for key in given:
        choice(file, f"a key of {where}", key, known)


def _plover(data: Any) -> None:
    file = "plover.yaml"
    keys(file, "the file", data, ["version", "quads", "types", "contexts"])
    for name, entry in data["types"].items():
        keys(file, name, entry, ["quad", "score", "modes", "meaning"])
        choice(file, f"{name}.quad", entry["quad"], data["quads"])


def _cameo(data: Any) -> None:
    file = "cameo.yaml"
    keys(file, "the file", data, ["roots", "codes"])
    for name, codes in data["codes"].items():
        for mode, code in codes.items():
            choice(file, f"the root of {name}/{mode}", code[:2], data["roots"])


def _roles(data: Any) -> None:
    file = "roles.yaml"
    keys(file, "the file", data, ["kinds", "roles", "persons", "unnamed"])
    for name, entry in data["roles"].items():
        keys(file, name, entry, ["meaning", "kind", "words"])
        choice(file, f"{name}.kind", entry["kind"], data["kinds"])
    for name in data["persons"]:
        choice(file, "a role of persons", name, data["roles"])


def _factuality(data: Any) -> None:
    file = "factuality.yaml"
    keys(file, "the file", data, ["scale", "certainty_only", "polarities"])
    for name, entry in data["scale"].items():
        keys(file, name, entry, ["rank", "happened", "polarity", "meaning"])
        choice(file, f"{name}.polarity", entry["polarity"], data["polarities"])


def _columns(file: str, *required: str) -> Callable[[Any], None]:
    """A table whose first columns are never empty and whose rows are whole."""

    def check(rows: Any) -> None:
        for number, row in enumerate(rows, 1):
            for key in required:
                if not row.get(key):
                    raise OntologyError(f"row {number} lacks {key!r}", where=file, allowed=", ".join(row), todo="fill the cell")
            if None in row:
                raise OntologyError(f"row {number} has too many cells", where=file, allowed=", ".join(map(str, row)), todo="mend the row")

    return check


def _places(data: Any) -> None:
    for name, entry in data.items():
        if len(entry) != len(PLACE_FIELDS):
            raise OntologyError(f"{name} has {len(entry)} values", where="places.yaml", allowed=", ".join(PLACE_FIELDS), todo="mend it")
        choice("places.yaml", f"the kind of {name}", entry[1], PLACE_KINDS)


PLACE_FIELDS = ("other names", "kind", "country", "latitude", "longitude", "radius", "disputed")
PLACE_KINDS = ("city", "region", "area", "sea", "facility", "country")

CHECKS: dict[str, Callable[[Any], None]] = {
    "plover.yaml": _plover,
    "cameo.yaml": _cameo,
    "roles.yaml": _roles,
    "factuality.yaml": _factuality,
    "countries.tsv": _columns("countries.tsv", "iso", "name"),
    "actors.tsv": _columns("actors.tsv", "name", "kind"),
    "offices.tsv": _columns("offices.tsv", "country", "office", "person", "from", "basis"),
    "places.yaml": _places,
}
