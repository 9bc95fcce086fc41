"""Codes of a phone (TOTP, RFC 6238) and backup codes: making, checking, using them up."""

from __future__ import annotations

import hmac
import io
import re
import secrets

import pyotp
import segno

from bot.desk.room import Room
from storage.operators import Operator
from storage.second_factor import keep_backup_codes, secret_of, use_backup_code, use_step

ISSUER = "Jamin"
PERIOD = 30
"""Seconds that a code is shown."""
DRIFT = (0, -1, 1)
"""Steps by which a phone's clock may be off."""
BACKUP_CODES = 10

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE = re.compile(r"[0-9]{6}")
_SPACES = re.compile(r"[\s-]")


def new_secret() -> str:
    """Return a new secret to share with a phone, in base32: 160 bits."""
    return pyotp.random_base32()


def address_for_phone(secret: str, name: str) -> str:
    """Return what a phone's app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def picture(text: str) -> bytes:
    """Draw a text as a QR code, in SVG."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", scale=5, border=4, light="white", xmldecl=False)
    return drawn.getvalue()


def new_backup_codes() -> tuple[str, ...]:
    """Return codes to be kept on paper, each used once: ten letters in two groups, 49 bits."""
    return tuple(
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in "ab") for _ in range(BACKUP_CODES)
    )


async def give_backup_codes(room: Room, operator: Operator) -> tuple[str, ...]:
    """Replace an operator's backup codes and return the new ones; nobody can read them again."""
    codes = new_backup_codes()
    async with room.database.write() as connection:
        await keep_backup_codes(connection, room.keys, operator.id, map(_plain, codes))
    return codes


async def take_code(room: Room, operator: Operator, typed: str) -> bool:
    """Tell whether this is the code of an operator's phone or a backup code of theirs, and use it up."""
    code = _plain(typed)
    async with room.database.write() as connection:
        if not _CODE.fullmatch(code):
            return await use_backup_code(connection, room.keys, operator.id, code)
        secret = await secret_of(connection, room.keys, operator.id)
        step = _step_of(secret, code, int(room.clock().timestamp())) if secret else None
        return step is not None and await use_step(connection, operator.id, step)


def _step_of(secret: str, code: str, now: int) -> int | None:
    """Return the step of time that a code stands for; None where it is none of about now."""
    totp = pyotp.TOTP(secret)
    steps = (now // PERIOD + drift for drift in DRIFT)
    return next((step for step in steps if hmac.compare_digest(totp.at(step * PERIOD), code)), None)


def _plain(typed: str) -> str:
    return _SPACES.sub("", typed).casefold()
