"""Documents and briefs in, pages out (`page.py`); a leaf: nothing imports it but the command line."""
