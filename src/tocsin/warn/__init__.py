"""Documents in, what an analyst reads out: the brief (`brief.py`), its words (`wording.py`), its plain text (`text.py`).

A brief tells records in the report's own words where it can; every line has the numbers of its quotes.
"""

from tocsin.warn.brief import Brief, Line, Quote, Section, write_brief
from tocsin.warn.text import render_record, render_text

__all__ = ["Brief", "Line", "Quote", "Section", "render_record", "render_text", "write_brief"]
