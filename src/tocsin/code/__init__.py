"""A document with its passage graph → the same with records: events, claims, red lines and the rest, by plain rules.

One module a record. Slots hold the words of the text; names and ids are given by `link`.
"""

from __future__ import annotations

from dataclasses import replace

from tocsin.code.capabilities import read_capabilities
from tocsin.code.claims import read_claims
from tocsin.code.doubts import read_doubts
from tocsin.code.events import read_events
from tocsin.code.links import read_links
from tocsin.code.permissions import read_permissions
from tocsin.code.questions import read_questions
from tocsin.code.red_lines import read_red_lines
from tocsin.code.tenures import read_tenures
from tocsin.code.view import View
from tocsin.model import Document


def read_records(document: Document) -> Document:
    """Assign all record layers but `actors` and `places`. Requires `sentences`, `graph`, `times`."""
    view = View(document)
    events = read_events(view)
    return replace(
        document, events=events, claims=read_claims(view), red_lines=read_red_lines(view),
        permissions=read_permissions(view), capabilities=read_capabilities(view), tenures=read_tenures(view),
        links=read_links(view), questions=read_questions(view), doubts=read_doubts(view, events),
    )
