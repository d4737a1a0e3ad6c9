"""Files, pages, feeds and archives in, `Report`s out: `reports` for one input, `fetch` for feeds.

What cannot be read comes as `Failed` between the reports and the rest goes on. Text is normalised once, here; each
offset of Tocsin points into what `normalise` gives.
"""

from tocsin.acquire.draft import Failed, Hints
from tocsin.acquire.feeds import Memory, Skipped, fetch
from tocsin.acquire.read import reports
from tocsin.acquire.text import decode, normalise
from tocsin.acquire.web import Web

__all__ = ["Failed", "Hints", "Memory", "Skipped", "Web", "decode", "fetch", "normalise", "reports"]
