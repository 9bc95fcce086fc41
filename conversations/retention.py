"""How long we keep what, in days. The texts that tell workers and the job that purges both read it here."""

DRAFT_DAYS = 90
"""A chat that never handed anything on, counted from the last time the worker was here."""

TAKEN_DAYS = 14
"""Proof that an incoming was taken; messengers retry for days (at least 7 are needed)."""
