"""The reference backend: the official system's part, played for real on an aiohttp server and a SQLite file of its own.

It checks identities against a synthetic registry, makes members, issues and takes payment of bills, tells what happened
by signed webhooks, and can be made to fail on purpose. Everything in it is a simulation and says so.
docs/backend.md tells how to use it.
"""

from __future__ import annotations

from bot.backend.reference.app import reference_app, webhooks_waiting
from bot.backend.reference.standalone import run_reference

__all__ = ["reference_app", "run_reference", "webhooks_waiting"]
