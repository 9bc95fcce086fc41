"""How long we keep what, in days. The texts that tell workers and the job that purges both read it here."""

DRAFT_DAYS = 90
"""A chat that never handed anything on, counted from the last time the worker was here."""
