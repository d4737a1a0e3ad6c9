"""Who held which office when."""

from __future__ import annotations

import pytest

from tocsin.link import offices

# Country or body, office as worded, day, person (None: the table cannot say).
HOLDERS = [
    ("USA", "President", "2024-11-18", "Joe Biden"), ("USA", "president", "2025-01-21", "Donald Trump"), ("USA", "president-elect", "2024-11-18", "Donald Trump"),
    ("USA", "president", "2003-03-20", "George W. Bush"), ("USA", "Secretary of State", "2024-11-18", "Antony Blinken"),
    ("USA", "Defense Secretary", "2023-05-01", "Lloyd Austin"), ("USA", "Vice-President", "2024-01-01", "Kamala Harris"),
    ("UKR", "president", "2022-02-24", "Volodymyr Zelensky"), ("UKR", "president", "2014-02-01", "Viktor Yanukovych"),
    ("RUS", "president", "2010-01-01", "Dmitry Medvedev"), ("RUS", "Foreign Minister", "2022-02-24", "Sergei Lavrov"),
    ("RUS", "defense minister", "2023-01-01", "Sergei Shoigu"), ("GBR", "premier", "2022-10-01", "Liz Truss"),
    ("NATO", "secretary general", "2024-11-18", "Mark Rutte"), ("NATO", "secretary-general", "2022-02-24", "Jens Stoltenberg"),
    ("United Nations", "Secretary-General", "2024-11-18", "António Guterres"), ("SYR", "president", "2024-12-01", "Bashar al-Assad"),
    ("YUG", "president", "1998-10-10", "Slobodan Milošević"), ("FRA", "prime minister", "2024-11-18", "Michel Barnier"),
    ("USA", "dogcatcher", "2024-11-18", None), ("ATA", "president", "2024-11-18", None),
]


@pytest.mark.parametrize(("country", "office", "day", "person"), HOLDERS)
def test_holders(country: str, office: str, day: str, person: str | None) -> None:
    assert {row.person for row in offices.holders(country, office, day)} == ({person} if person else set())


NAMES = [
    ("Putin", "Vladimir Putin"), ("Vladimir Putin", "Vladimir Putin"), ("Zelenskyy", "Volodymyr Zelensky"), ("Zelenskiy", "Volodymyr Zelensky"),
    ("Recep Tayyip Erdogan", "Recep Tayyip Erdoğan"), ("Erdoğan", "Recep Tayyip Erdoğan"), ("Xi", "Xi Jinping"), ("Xi Jinping", "Xi Jinping"),
    ("Kim Jong-un", "Kim Jong Un"), ("MBS", "Mohammed bin Salman"), ("Bin Laden", "Osama bin Laden"), ("Netanyahu", "Benjamin Netanyahu"),
    ("Joseph R. Biden", "Joe Biden"), ("Lula", "Luiz Inácio Lula da Silva"),
]


@pytest.mark.parametrize(("name", "person"), NAMES)
def test_named(name: str, person: str) -> None:
    assert person in {row.person for row in offices.named(name)}


@pytest.mark.parametrize("name", ["", "Nobody Whatsoever", "Bob Putin-Smith", "Hunter Biden"])
def test_unknown_names(name: str) -> None:
    assert offices.named(name) == ()


def test_a_row_whose_source_ends_says_nothing_of_later_days() -> None:
    row = offices.Holding("XXX", "president", "A B", (), "2010-01-01", None, "2015-03", "reign")
    assert row.covers("2012-05-05") is True
    assert row.covers("2009-12-31") is False
    assert row.covers("2015-03-20") is True
    assert row.covers("2016-01-01") is None


@pytest.mark.parametrize(
    ("title", "normal"),
    [("Premier", "prime minister"), ("Vice-President", "vice president"), ("former President", "president"), ("Foreign Secretary", "foreign minister"),
     ("acting  president", "president"), ("Secretary of Defense", "defence secretary")],
)
def test_titles(title: str, normal: str) -> None:
    assert offices.normal_office(title) == normal


def test_on_the_day_of_a_handover_both_hold_the_office() -> None:
    assert {row.person for row in offices.holders("USA", "president", "2025-01-20")} == {"Joe Biden", "Donald Trump"}
