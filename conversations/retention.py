"""How long we keep what, in days. The texts that tell workers and the job that purges both read it here."""

DRAFT_DAYS = 90
"""A chat that never handed anything on, counted from the last time the worker was here."""

MEDIA_DAYS = 30
"""A picture, voice or file that a worker sent while staff had the chat, counted from the day it came."""

FORM_DAYS = 30
"""What an agent filled in for somebody without a phone, while the photo of the signed form is still to come."""

HELD_DAYS = 30
"""A reply that waits for a worker to speak again, where a messenger wants that; then staff see it as not delivered."""
