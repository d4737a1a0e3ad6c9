"""What the tables know of names, adjectives, capitals and the words of a phrase."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.link import names

# Words, canonical name, form, country.
LOOKUPS = [
    ("Russia", "Russia", "country", "RUS"),
    ("the Russian Federation", "Russia", "country", "RUS"),
    ("Russian", "Russia", "adjective", "RUS"),
    ("Russia’s", "Russia", "country", "RUS"),
    ("Russians", "Russia", "people", "RUS"),
    ("Moscow", "Russia", "capital", "RUS"),
    ("the Kremlin", "Kremlin", "government", "RUS"),
    ("U.S.", "United States", "country", "USA"),
    ("US", "United States", "country", "USA"),
    ("the United States", "United States", "country", "USA"),
    ("American", "United States", "adjective", "USA"),
    ("Washington", "United States", "capital", "USA"),
    ("the White House", "White House", "government", "USA"),
    ("the Pentagon", "Pentagon", "actor", "USA"),
    ("Downing Street", "Downing Street", "government", "GBR"),
    ("the Élysée", "Élysée", "government", "FRA"),
    ("Elysee Palace", "Élysée", "government", "FRA"),
    ("Britain", "United Kingdom", "country", "GBR"),
    ("Ivory Coast", "Ivory Coast", "country", "CIV"),
    ("Côte d’Ivoire", "Ivory Coast", "country", "CIV"),
    ("DRC", "Democratic Republic of the Congo", "country", "COD"),
    ("Burma", "Myanmar", "country", "MMR"),
    ("Türkiye", "Turkey", "country", "TUR"),
    ("Kosovo", "Kosovo", "country", "XKX"),
    ("Taiwan", "Taiwan", "country", "TWN"),
    ("Palestinian", "Palestine", "adjective", "PSE"),
    ("Dutch", "Netherlands", "adjective", "NLD"),
    ("NATO", "NATO", "actor", None),
    ("Nato", "NATO", "actor", None),
    ("the UN", "United Nations", "actor", None),
    ("U.N.", "United Nations", "actor", None),
    ("the EU", "European Union", "actor", None),
    ("Hezbollah", "Hezbollah", "actor", "LBN"),
    ("Hizbullah", "Hezbollah", "actor", "LBN"),
    ("the Houthis", "Houthis", "actor", "YEM"),
    ("RSF", "Rapid Support Forces", "actor", "SDN"),
    ("JEM", "Justice and Equality Movement", "actor", "SDN"),
    ("JeM", "Jaish-e-Mohammed", "actor", "PAK"),
    ("Soviet Union", "Soviet Union", "actor", "SUN"),
    ("Yugoslav", "Yugoslavia", "actor", "YUG"),
    ("Abkhazia", "Abkhazia", "actor", "GEO"),
    ("IDF", "IDF", "actor", "ISR"),
]


@pytest.mark.parametrize(("words", "name", "form", "country"), LOOKUPS)
def test_lookup(words: str, name: str, form: str, country: str | None) -> None:
    entry = names.lookup(words)
    assert entry
    assert (entry.name, entry.form, entry.country) == (name, form, country)


@pytest.mark.parametrize("words", ["us", "is", "who", "it", "the army", "Smith", "", "the", "pa", "un"])
def test_words_that_are_no_names(words: str) -> None:
    assert names.lookup(words) is None


COUNTRIES = [
    ("Ukrainian forces", "UKR"), ("Ukraine's president", "UKR"), ("Ukraine’s president", "UKR"), ("the government of Mali", "MLI"),
    ("North Korean troops", "PRK"), ("South Korean officials", "KOR"), ("South Sudanese army", "SSD"), ("U.S. officials", "USA"),
    ("Iran-backed fighters", None), ("Russian-backed separatists", None), ("the envoy to Syria", None), ("troops in Mali", None),
    ("a delegation from Ankara", None), ("the foreign ministry", None), ("Georgian border guards", "GEO"), ("Central African rebels", "CAF"),
    ("anti-Russian protesters", None), ("DR Congo's army", "COD"), ("the president of South Africa", "ZAF"), ("two Israeli soldiers", "ISR"),
    ("Papua New Guinean police", "PNG"), ("Soviet advisers", "SUN"), ("Moscow's envoy", None),
]


@pytest.mark.parametrize(("words", "country"), COUNTRIES)
def test_country_of(words: str, country: str | None) -> None:
    assert names.country_of(words) == country


ROLES = [
    ("Ukrainian forces", "MIL", "military"), ("army spokesman", "MIL", "person"), ("the foreign ministry", "GOV", "government"),
    ("the constitutional court", "JUD", "government"), ("riot police", "COP", "government"), ("police chief", "COP", None),
    ("opposition leader", "OPP", "person"), ("rebels", "REB", "armed-group"), ("hundreds of protesters", "CVL", "public"),
    ("parliament", "LEG", "government"), ("two lawmakers", "LEG", "government"), ("prosecutors", "JUD", "government"), ("a militia", "UAF", "armed-group"),
    ("defence ministry official", "GOV", "person"), ("the intelligence service", "SPY", "government"), ("an aid agency", "NGO", "organisation"),
    ("a rights group", "NGO", "organisation"), ("state television", "MED", "media"), ("refugees", "REF", "public"),
    ("a drug cartel", "CRM", "armed-group"), ("dockers", "LAB", "organisation"), ("the president", "GOV", "person"),
]


@pytest.mark.parametrize(("words", "role", "kind"), ROLES)
def test_role_of(words: str, role: str, kind: str | None) -> None:
    found = names.role_of(words)
    assert found
    assert found.role == role
    assert kind is None or found.kind == kind


@pytest.mark.parametrize("words", ["rain", "the meeting", "Vladimir Putin", ""])
def test_no_role(words: str) -> None:
    assert names.role_of(words) is None


def test_every_country_is_found_by_its_name_and_adjective() -> None:
    for row in names.load("countries"):
        entry = names.lookup(row["name"])
        assert entry, row
        assert entry.country == row["iso"], row


@given(st.text(max_size=40))
def test_any_words_are_borne(words: str) -> None:
    names.lookup(words)
    names.country_of(words)
    names.role_of(words)
    list(names.countries_in(words))
