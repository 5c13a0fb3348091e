"""zyz: how far a county's specialty-town plan has come, who owes what, and where each figure stood."""

__version__ = "0.1.0"
