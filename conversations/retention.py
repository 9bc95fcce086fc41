"""How long we keep what, in days. The texts that tell workers, the turns that forget and the job that purges
(`storage/retention.py`, which says of each table which of these holds and why) all read it here."""

DRAFT_DAYS = 90
"""A chat that never handed anything on, counted from the last time the worker was here."""

MEMBER_DAYS = 5 * 365
"""What belongs to an enrolment, counted from the last time the worker was here and the last month that was paid."""

TRANSCRIPT_DAYS = 365
"""What was said, and the proof that each message was taken; a complaint about an enrolment may come months later."""

TAKEN_DAYS = 30
"""That a message was taken, where its words are erased already. Messengers bring one again for at most a week."""

MEDIA_DAYS = 30
"""A picture, voice or file that a worker sent while staff had the chat, counted from the day it came."""

FORM_DAYS = 30
"""What an agent filled in for somebody without a phone, while the photo of the signed form is still to come."""

HELD_DAYS = 30
"""A reply that waits for a worker to speak again, where a messenger wants that; then staff see it as not delivered."""

CASE_DAYS = 2 * 365
"""Notes on a case and what it is found by, counted from its closing; also what its figures are counted from."""

FIGURE_DAYS = 2 * 365
"""Moments that only figures are counted from: a year can then be compared with the one before."""

REMINDER_DAYS = 400
"""Reminders and news that were told; a year, and a month for whoever asks about it."""

SPONSOR_DAYS = 365
"""The list of a sponsor, counted from the last month it pays for: its report comes after that."""

CALL_DAYS = 90
"""What the staff's group was told."""

SPENT_DAYS = 2
"""Links, tries, claims and sign-ins that are over: longer than any of them lives."""

LOG_DAYS = 30
"""Logs, which hold nothing personal; whoever runs Jamin has the service manager delete them."""

BACKUP_DAYS = 60
"""Backups, which still hold what was erased since, with its keys."""

ERASURE_DAYS = 400
"""That a chat was erased, by a digest: longer than any backup that might be restored."""
