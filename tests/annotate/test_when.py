"""What time expressions mean: a table of cases, then what must hold for any words at all."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.annotate.when import Frame, meaning, times
from tocsin.model import When

TODAY = date(2024, 11, 18)  # a Monday
EDTF = re.compile(r"(\.\.|\d{4}(-\d{2}(-\d{2})?)?[~?]?)(/(\.\.|\d{4}(-\d{2}(-\d{2})?)?[~?]?))?")

# Expression, does it point ahead (None: not told), EDTF, basis. Read on Monday, 18 November 2024.
CASES: list[tuple[str, bool | None, str | None, str | None]] = [
    ("17 November 2024", None, "2024-11-17", "stated"),
    ("November 17, 2024", None, "2024-11-17", "stated"),
    ("Nov. 17, 2024", None, "2024-11-17", "stated"),
    ("Nov 17 2024", None, "2024-11-17", "stated"),
    ("the 17th of November 2024", None, "2024-11-17", "stated"),
    ("17th November, 2024", None, "2024-11-17", "stated"),
    ("Sunday, November 17, 2024", None, "2024-11-17", "stated"),
    ("Sunday, 17 November 2024", None, "2024-11-17", "stated"),
    ("2024-11-17", None, "2024-11-17", "stated"),
    ("2024-11", None, "2024-11", "stated"),
    ("17/11/2024", None, "2024-11-17", "stated"),
    ("11/17/2024", None, "2024-11-17", "stated"),
    ("17.11.2024", None, "2024-11-17", "stated"),
    ("March 2023", None, "2023-03", "stated"),
    ("Mar. 2023", None, "2023-03", "stated"),
    ("March of 2023", None, "2023-03", "stated"),
    ("2024", None, "2024", "stated"),
    ("in 2024", None, "2024", "stated"),
    ("2024-25", None, "2024/2025", "stated"),
    ("2022/23", None, "2022/2023", "stated"),
    ("1998-2003", None, "1998/2003", "stated"),
    ("1914-18", None, "1914/1918", "stated"),
    ("the 1990s", None, "1990/1999", "stated"),
    ("the early 1990s", None, "1990/1993", "stated"),
    ("the late '80s", None, "1987/1989", "stated"),
    ("1980s", None, "1980/1989", "stated"),
    ("the mid-2000s", None, "2004/2006", "stated"),
    ("the 20th century", None, "1901/2000", "stated"),
    ("the early 21st century", None, "2001/2033", "stated"),
    ("early 2022", None, "2022-01/2022-04", "stated"),
    ("mid-2022", None, "2022-05/2022-08", "stated"),
    ("late 2022", None, "2022-09/2022-12", "stated"),
    ("the end of 2025", None, "2025-12", "stated"),
    ("the beginning of 2023", None, "2023-01", "stated"),
    ("the start of 2023", None, "2023-01", "stated"),
    ("about 2010", None, "2010~", "stated"),
    ("early March 2023", None, "2023-03-01/2023-03-10", "stated"),
    ("mid-March 2023", None, "2023-03-11/2023-03-20", "stated"),
    ("late March 2023", None, "2023-03-21/2023-03-31", "stated"),
    ("the end of March 2023", None, "2023-03-21/2023-03-31", "stated"),
    ("late February 2023", None, "2023-02-21/2023-02-28", "stated"),
    ("Q3 2024", None, "2024-07/2024-09", "stated"),
    ("the third quarter of 2024", None, "2024-07/2024-09", "stated"),
    ("the first half of 2024", None, "2024-01/2024-06", "stated"),
    ("February 24, 2022", None, "2022-02-24", "stated"),
    ("February 29, 2024", None, "2024-02-29", "stated"),
    ("9/11", None, "2001-09-11", "stated"),
    ("Sept. 11, 2001", None, "2001-09-11", "stated"),
    ("Christmas Day 2023", None, "2023-12-25", "stated"),
    ("3-5 March 2023", None, "2023-03-03/2023-03-05", "stated"),
    ("March 3-5, 2023", None, "2023-03-03/2023-03-05", "stated"),
    ("March to May 2023", None, "2023-03/2023-05", "stated"),
    ("from March to May 2023", None, "2023-03/2023-05", "stated"),
    ("from 2014 to 2019", None, "2014/2019", "stated"),
    ("between 2014 and 2019", None, "2014/2019", "stated"),
    ("November 2023 to March 2024", None, "2023-11/2024-03", "stated"),
    ("since 2014", None, "2014/2024-11-18", "stated"),
    ("since February 2022", None, "2022-02/2024-11-18", "stated"),
    ("by the end of 2025", None, "../2025-12", "stated"),
    ("before March 2025", None, "../2025-02", "stated"),
    ("until 2030", None, "../2030", "stated"),
    ("fiscal year 2024", None, "2024", "stated"),
    ("the second week of January 2023", None, "2023-01-08/2023-01-14", "stated"),
    ("the early hours of 7 October 2023", None, "2023-10-07", "stated"),
    ("dawn on 7 October 2023", None, "2023-10-07", "stated"),
    ("at 4 a.m. on 24 February 2022", None, "2022-02-24", "stated"),
    ("March and April 2023", None, "2023-03/2023-04", "stated"),
    ("before 1 March 2024", None, "../2024-02-29", "stated"),
    ("before 2020", None, "../2019", "stated"),
    ("the night of 23 November 2023", None, "2023-11-23", "stated"),
    ("since the 1990s", None, "1990/2024-11-18", "stated"),
    ("since early 2022", None, "2022-01/2024-11-18", "stated"),
    ("January 6, 2021", None, "2021-01-06", "stated"),
    ("in mid-2026", None, "2026-05/2026-08", "stated"),
    ("mid 2026", None, "2026-05/2026-08", "stated"),
    ("early-2023", None, "2023-01/2023-04", "stated"),
    ("the '90s", None, "1990/1999", "stated"),
    ("Sunday 17 November", None, "2024-11-17", "counted"),
    ("the second half of last year", None, "2023-07/2023-12", "counted"),
    ("New Year's Eve", None, "2023-12-31", "counted"),
    ("3 to 5 March", None, "2024-03-03/2024-03-05", "counted"),
    ("17 and 18 November", None, "2024-11-17/2024-11-18", "counted"),
    ("between March and June", None, "2024-03/2024-06", "counted"),
    ("today", None, "2024-11-18", "counted"),
    ("tonight", None, "2024-11-18", "counted"),
    ("yesterday", None, "2024-11-17", "counted"),
    ("tomorrow", None, "2024-11-19", "counted"),
    ("the day before yesterday", None, "2024-11-16", "counted"),
    ("the day after tomorrow", None, "2024-11-20", "counted"),
    ("this morning", None, "2024-11-18", "counted"),
    ("last night", None, "2024-11-17", "counted"),
    ("overnight", None, "2024-11-17/2024-11-18", "counted"),
    ("Monday", None, "2024-11-18", "counted"),
    ("on Monday", None, "2024-11-18", "counted"),
    ("Sunday", None, "2024-11-17", "counted"),
    ("on Sunday", None, "2024-11-17", "counted"),
    ("on Sunday", True, "2024-11-24", "counted"),
    ("Friday", True, "2024-11-22", "counted"),
    ("Friday", False, "2024-11-15", "counted"),
    ("last Sunday", None, "2024-11-17", "counted"),
    ("last Monday", None, "2024-11-11", "counted"),
    ("next Monday", None, "2024-11-25", "counted"),
    ("next Friday", None, "2024-11-22", "counted"),
    ("this Friday", None, "2024-11-22", "counted"),
    ("this Friday", True, "2024-11-22", "counted"),
    ("the coming Saturday", None, "2024-11-23", "counted"),
    ("Sunday night", None, "2024-11-17", "counted"),
    ("late Sunday", None, "2024-11-17", "counted"),
    ("late on Sunday", None, "2024-11-17", "counted"),
    ("early on Monday", None, "2024-11-18", "counted"),
    ("the night of Saturday", None, "2024-11-16", "counted"),
    ("Friday's", None, "2024-11-15", "counted"),
    ("Tuesday last week", None, "2024-11-12", "counted"),
    ("Thursday next week", None, "2024-11-28", "counted"),
    ("Monday this week", None, "2024-11-18", "counted"),
    ("at 3 a.m. on Monday", None, "2024-11-18", "counted"),
    ("Monday at dawn", None, "2024-11-18", "counted"),
    ("the weekend", None, "2024-11-16/2024-11-17", "counted"),
    ("last weekend", None, "2024-11-16/2024-11-17", "counted"),
    ("next weekend", None, "2024-11-23/2024-11-24", "counted"),
    ("this weekend", True, "2024-11-23/2024-11-24", "counted"),
    ("last week", None, "2024-11-11/2024-11-17", "counted"),
    ("this week", None, "2024-11-18/2024-11-24", "counted"),
    ("next week", None, "2024-11-25/2024-12-01", "counted"),
    ("the previous week", None, "2024-11-11/2024-11-17", "counted"),
    ("earlier this week", None, "2024-11-18", "counted"),
    ("later this week", None, "2024-11-18/2024-11-24", "counted"),
    ("last month", None, "2024-10", "counted"),
    ("this month", None, "2024-11", "counted"),
    ("next month", None, "2024-12", "counted"),
    ("earlier this month", None, "2024-11-01/2024-11-18", "counted"),
    ("later this month", None, "2024-11-18/2024-11-30", "counted"),
    ("the end of the month", None, "2024-11-21/2024-11-30", "counted"),
    ("the end of next month", None, "2024-12-21/2024-12-31", "counted"),
    ("last year", None, "2023", "counted"),
    ("this year", None, "2024", "counted"),
    ("next year", None, "2025", "counted"),
    ("earlier this year", None, "2024-01-01/2024-11-18", "counted"),
    ("later this year", None, "2024-11-18/2024-12-31", "counted"),
    ("so far this year", None, "2024-01-01/2024-11-18", "counted"),
    ("the end of the year", None, "2024-12", "counted"),
    ("early next year", None, "2025-01/2025-04", "counted"),
    ("late last year", None, "2023-09/2023-12", "counted"),
    ("the start of this year", None, "2024-01", "counted"),
    ("year-end", None, "2024-12", "counted"),
    ("two days ago", None, "2024-11-16", "counted"),
    ("three days ago", None, "2024-11-15", "counted"),
    ("a week ago", None, "2024-11-11/2024-11-17", "counted"),
    ("two weeks ago", None, "2024-11-04/2024-11-10", "counted"),
    ("a month ago", None, "2024-10", "counted"),
    ("two months ago", None, "2024-09", "counted"),
    ("five months ago", None, "2024-06", "counted"),
    ("a year ago", None, "2023", "counted"),
    ("two years ago", None, "2022", "counted"),
    ("20 years ago", None, "2004~", "counted"),
    ("a decade ago", None, "2014~", "counted"),
    ("more than two years ago", None, "2022~", "counted"),
    ("about three weeks ago", None, "2024-10-28/2024-11-03~", "counted"),
    ("24 hours ago", None, "2024-11-17", "counted"),
    ("an hour ago", None, "2024-11-18", "counted"),
    ("in two days", None, "2024-11-20", "counted"),
    ("in two weeks", None, "2024-12-02/2024-12-08", "counted"),
    ("in two months", None, "2025-01", "counted"),
    ("in three years", None, "2027", "counted"),
    ("three weeks from now", None, "2024-12-09/2024-12-15", "counted"),
    ("two months' time", None, "2025-01", "counted"),
    ("within two weeks", None, "2024-11-18/2024-12-02", "counted"),
    ("within 48 hours", None, "2024-11-18/2024-11-20", "counted"),
    ("the past week", None, "2024-11-11/2024-11-18", "counted"),
    ("the past three months", None, "2024-08/2024-11-18", "counted"),
    ("the last three months", None, "2024-08/2024-11-18", "counted"),
    ("the past 24 hours", None, "2024-11-17/2024-11-18", "counted"),
    ("the last two years", None, "2022/2024-11-18", "counted"),
    ("the next two weeks", None, "2024-11-18/2024-12-02", "counted"),
    ("the next 48 hours", None, "2024-11-18/2024-11-20", "counted"),
    ("the next decade", None, "2024-11-18/2034", "counted"),
    ("September", None, "2024-09", "counted"),
    ("in September", None, "2024-09", "counted"),
    ("in September", True, "2025-09", "counted"),
    ("January", None, "2024-01", "counted"),
    ("January", True, "2025-01", "counted"),
    ("November", None, "2024-11", "counted"),
    ("last November", None, "2023-11", "counted"),
    ("next November", None, "2025-11", "counted"),
    ("last September", None, "2024-09", "counted"),
    ("next March", None, "2025-03", "counted"),
    ("this March", None, "2024-03", "counted"),
    ("this November", None, "2024-11", "counted"),
    ("March this year", None, "2024-03", "counted"),
    ("November last year", None, "2023-11", "counted"),
    ("early March", None, "2024-03-01/2024-03-10", "counted"),
    ("mid-November", None, "2024-11-11/2024-11-20", "counted"),
    ("late October", None, "2024-10-21/2024-10-31", "counted"),
    ("late December", True, "2024-12-21/2024-12-31", "counted"),
    ("the end of December", None, "2024-12-21/2024-12-31", "counted"),
    ("Nov. 17", None, "2024-11-17", "counted"),
    ("Nov 19", None, "2024-11-19", "counted"),
    ("Jan. 20", None, "2024-01-20", "counted"),
    ("Jan. 20", True, "2025-01-20", "counted"),
    ("20 January", None, "2024-01-20", "counted"),
    ("20 January", True, "2025-01-20", "counted"),
    ("1 December", None, "2024-12-01", "counted"),
    ("1 December", True, "2024-12-01", "counted"),
    ("November 18", None, "2024-11-18", "counted"),
    ("the 17th", None, "2024-11-17", "counted"),
    ("the 25th", None, "2024-10-25", "counted"),
    ("the 25th", True, "2024-11-25", "counted"),
    ("since February", None, "2024-02/2024-11-18", "counted"),
    ("since Monday", None, "2024-11-18", "counted"),
    ("until Friday", None, "../2024-11-22", "counted"),
    ("until Friday", True, "../2024-11-22", "counted"),
    ("by Friday", True, "../2024-11-22", "counted"),
    ("twenty-four hours ago", None, "2024-11-17", "counted"),
    ("twenty years ago", None, "2004~", "counted"),
    ("a couple of weeks ago", None, "2024-11-04/2024-11-10", "counted"),
    ("21 June at 10 GMT", None, "2024-06-21", "counted"),
    ("Wednesday evening", None, "2024-11-13", "counted"),
    ("the evening of 17 November", None, "2024-11-17", "counted"),
    ("the first week of March", None, "2024-03-01/2024-03-07", "counted"),
    ("the week of 11 November", None, "2024-11-11/2024-11-17", "counted"),
    ("the past year", None, "2023/2024-11-18", "counted"),
    ("the past decade", None, "2014/2024-11-18", "counted"),
    ("in the coming two weeks", None, "2024-11-18/2024-12-02", "counted"),
    ("over the past two years", None, "2022/2024-11-18", "counted"),
    ("during the last 24 hours", None, "2024-11-17/2024-11-18", "counted"),
    ("as of Monday", None, "2024-11-18", "counted"),
    ("by Wednesday night", None, "../2024-11-20", "counted"),
    ("by mid-December", None, "../2024-12-20", "counted"),
    ("by March", None, "../2025-03", "counted"),
    ("from 1 January", None, "2024-01-01", "counted"),
    ("since last week", None, "2024-11-11/2024-11-18", "counted"),
    ("since yesterday", None, "2024-11-17/2024-11-18", "counted"),
    ("until next month", None, "../2024-12", "counted"),
    ("Jan. 6", None, "2024-01-06", "counted"),
    ("the fourth quarter", None, "2024-10/2024-12", "counted"),
    ("last quarter", None, "2024-07/2024-09", "counted"),
    ("the previous month", None, "2024-10", "counted"),
    ("late-November", None, "2024-11-21/2024-11-30", "counted"),
    ("the summer of 2014", None, "2014-06/2014-08", "inferred"),
    ("summer 2025", None, "2025-06/2025-08", "inferred"),
    ("the winter of 2022", None, "2022-12/2023-02", "inferred"),
    ("last summer", None, "2024-06/2024-08", "inferred"),
    ("this summer", None, "2024-06/2024-08", "inferred"),
    ("next summer", None, "2025-06/2025-08", "inferred"),
    ("next spring", True, "2025-03/2025-05", "inferred"),
    ("this winter", None, "2024-12/2025-02", "inferred"),
    ("the spring", None, "2024-03/2024-05", "inferred"),
    ("autumn", None, "2024-09/2024-11", "inferred"),
    ("11/12/2024", None, None, None),
    ("February 29, 2023", None, None, None),
    ("30 February 2024", None, None, None),
    ("31 April 2023", None, None, None),
    ("32 March 2024", None, None, None),
    ("13/13/2024", None, None, None),
    ("decades ago", None, None, None),
    ("weeks ago", None, None, None),
    ("the coming days", None, None, None),
    ("recent weeks", None, None, None),
    ("recently", None, None, None),
    ("now", None, None, None),
    ("currently", None, None, None),
    ("soon", None, None, None),
    ("within hours", None, None, None),
    ("for three months", None, None, None),
    ("three months", None, None, None),
    ("six hours", None, None, None),
    ("a decade", None, None, None),
    ("two decades", None, None, None),
    ("the following day", None, None, None),
    ("a year earlier", None, None, None),
    ("two days later", None, None, None),
    ("the same day", None, None, None),
    ("two days after the vote", None, None, None),
    ("the day of the vote", None, None, None),
    ("the war", None, None, None),
    ("dawn", None, None, None),
    ("midnight", None, None, None),
    ("9 p.m.", None, None, None),
    ("noon", None, None, None),
    ("Ramadan", None, None, None),
    ("the deadline", None, None, None),
    ("April 2022 and March 2023", None, None, None),
    ("the 2024 election", None, None, None),
    ("every Monday", None, None, None),
    ("Mondays", None, None, None),
    ("two successive nights", None, None, None),
    ("as early as Monday", None, None, None),
    ("the eve of the vote", None, None, None),
    ("the last day of the year", None, None, None),    ("midnight on Thursday", None, "2024-11-14", "counted"),
    ("the small hours of Wednesday", None, "2024-11-13", "counted"),
    ("half past four on Monday morning", None, "2024-11-18", "counted"),
    ("midnight on 17 October", None, "2024-10-17", "counted"),
    ("shortly after midnight on Wednesday", None, "2024-11-13", "counted"),
    ("tomorrow at five", None, "2024-11-19", "counted"),
    ("noon today", None, "2024-11-18", "counted"),
    ("midday on Christmas Day 2023", None, "2023-12-25", "stated"),
    ("the twenty-sixth of September", None, "2024-09-26", "counted"),
    ("the third of January 2023", None, "2023-01-03", "stated"),
    ("the second of this month", None, "2024-11-02", "counted"),
    ("the twentieth of last month", None, "2024-10-20", "counted"),
    ("from 2006 on", None, "2006/2024-11-18", "stated"),
    ("two hours after the first explosions", None, None, None),
    ("three nights running", None, None, None),
    ("the third day", None, None, None),
    ("3, 9 and 10 October", None, None, None),
    ("before sunrise on Monday", None, "2024-11-18", "counted"),
    ("before dawn", None, None, None),
    ("the first round in March", None, None, None),
    ("this time of year", None, None, None),
]


@pytest.mark.parametrize(("words", "future", "edtf", "basis"), CASES)
def test_case(words: str, future: bool | None, edtf: str | None, basis: str | None) -> None:
    when = meaning(words, Frame(TODAY, future))
    assert (when.edtf, when.basis) if when else (edtf, basis) == (None, None)
    assert when == (When(edtf, basis) if edtf and basis else None)


@pytest.mark.parametrize("case", [case for case in CASES if case[3] != "stated"], ids=lambda case: case[0])
def test_without_a_day_of_publication_relative_words_stay_open(case: tuple[str, bool | None, str | None, str | None]) -> None:
    when = meaning(case[0], Frame(None, case[1]))
    assert when is None or (case[3] == "inferred" and re.search(r"\d{4}", case[0]))


@pytest.mark.parametrize("case", [case for case in CASES if case[3] == "stated" and not case[0].startswith(("since", "from 2006"))], ids=lambda case: case[0])
def test_stated_dates_need_no_day_of_publication(case: tuple[str, bool | None, str | None, str | None]) -> None:
    assert meaning(case[0], Frame(None)) == meaning(case[0], Frame(TODAY))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_case_and_quotation_marks_do_not_matter(case: tuple[str, bool | None, str | None, str | None]) -> None:
    frame = Frame(TODAY, case[1])
    want = meaning(case[0], frame)
    assert meaning(case[0].upper().replace("'S", "'s"), frame) == want
    assert meaning(f"“{case[0]},”", frame) == want


# The words around an expression show where it points. Sentence with the expression in brackets, EDTF.
CONTEXTS = [
    ("The two ministers met in Geneva [on Sunday].", "2024-11-17"),
    ("The two ministers will meet in Geneva [on Sunday].", "2024-11-24"),
    ("Parliament is to vote on the bill [on Friday].", "2024-11-22"),
    ("Parliament is due to vote on the bill [on Friday].", "2024-11-22"),
    ("The vote is scheduled for [Thursday].", "2024-11-21"),
    ("They said [on Friday] that they will meet.", "2024-11-15"),
    ("Washington has let Kyiv fire the missiles into Russia, two officials said [on Sunday].", "2024-11-17"),
    ("The tanks will arrive in [March], a spokesman said.", "2025-03"),
    ("The tanks arrived in [March], a spokesman said.", "2024-03"),
    ("Trump, who will be sworn in on [Jan. 20], has not commented.", "2025-01-20"),
    ("The ceasefire collapsed on [Jan. 20].", "2024-01-20"),
    ("[On Wednesday], lawmakers will debate the motion.", "2024-11-20"),
    ("[On Wednesday], lawmakers debated the motion.", "2024-11-13"),
    ("The president gave them until [Friday] to leave.", "2024-11-22"),
    ("Talks would resume [on Tuesday], the mediators announced.", "2024-11-19"),
    ("The envoy was expected to arrive [on Tuesday].", "2024-11-19"),
    ("The airport was shelled [on Tuesday].", "2024-11-12"),
]


@pytest.mark.parametrize(("sentence", "edtf"), CONTEXTS)
def test_the_words_around_decide(sentence: str, edtf: str) -> None:
    start, end = sentence.index("["), sentence.index("]") - 1
    text = sentence.replace("[", "").replace("]", "")
    (time,) = times([(start, end)], text, published="2024-11-18")
    assert time.quote == text[start:end]
    assert time.when is not None
    assert time.when.edtf == edtf


BROKEN = [
    ("On [June 24], 2024, they met.", "2024-06-24"), ("On [Oct]. 6, 2025 they met.", "2025-10-06"), ("In [March] 2023 they met.", "2023-03"),
    ("On 17 [November] 2023 they met.", "2023-11-17"), ("In [March], 12 men met.", "2024-03"), ("In [March] 30% more came.", "2024-03"),
    ("In [May] they met 300 times.", "2024-05"), ("On [17 November], 12 men met.", "2024-11-17"), ("He [may] 2023", None),
]


@pytest.mark.parametrize(("sentence", "edtf"), BROKEN)
def test_a_span_that_breaks_off_is_read_whole(sentence: str, edtf: str | None) -> None:
    start, end = sentence.index("["), sentence.index("]") - 1
    (time,) = times([(start, end)], sentence.replace("[", "").replace("]", ""), published="2024-11-18")
    assert edtf is None or (time.when and time.when.edtf == edtf)


def test_a_given_tense_goes_before_the_words() -> None:
    text = "They met on Sunday."
    (time,) = times([(9, 18)], text, published="2024-11-18", tenses={(9, 18): "future"})
    assert time.when == When("2024-11-24", "counted")


def test_the_next_day_is_counted_from_the_day_named_before() -> None:
    text = "On 24 February 2022 the invasion began. The next day Kyiv was shelled. Two days later it was quiet."
    spans = [(text.index(words), text.index(words) + len(words)) for words in ("24 February 2022", "The next day", "Two days later")]
    assert [time.when for time in times(spans, text, published="2024-11-18")] == [
        When("2022-02-24", "stated"), When("2022-02-25", "inferred"), When("2022-02-27", "inferred"),
    ]


@pytest.mark.parametrize("published", [None, "", "2024", "2024-11", "yesterday", "2024-02-30"])
def test_a_date_of_publication_without_its_day_counts_for_nothing(published: str | None) -> None:
    (time,) = times([(0, 6)], "Sunday", published=published)
    assert time.when is None


def test_times_come_in_the_order_of_the_text() -> None:
    text = "2019, 2020 and 2021"
    assert [time.quote for time in times([(15, 19), (0, 4), (6, 10)], text, published=None)] == ["2019", "2020", "2021"]


WORDS = sorted({word for words, *_ in CASES for word in words.split()})


@given(st.one_of(st.text(max_size=30), st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)), st.sampled_from([True, False, None]))
def test_any_words_give_sound_edtf_or_nothing(words: str, future: bool | None) -> None:
    when = meaning(words, Frame(TODAY, future))
    if when:
        assert EDTF.fullmatch(when.edtf), when
        assert when.basis in ("stated", "counted", "inferred")
        for part in re.findall(r"\d{4}-\d{2}-\d{2}", when.edtf):
            date.fromisoformat(part)
        ends = [end.rstrip("~?") for end in when.edtf.split("/")]
        if len(ends) == 2 and ".." not in ends:
            size = min(map(len, ends))
            assert ends[0][:size] <= ends[1][:size]


@given(st.dates(), st.sampled_from(CASES))
def test_any_day_of_publication_is_borne(today: date, case: tuple[str, bool | None, str | None, str | None]) -> None:
    when = meaning(case[0], Frame(today, case[1]))
    assert when is None or EDTF.fullmatch(when.edtf)
