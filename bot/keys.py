"""Where the master keys come from, if the settings say so: themselves, a file, or a command that asks a vault."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from bot.settings import Settings
from storage.sealing import KeysError

PATIENCE = 30.0
"""Seconds that a command may take."""


def keys_told(settings: Settings) -> str:
    """Return the keys as JAMIN_KEYS has them, "" where the settings name none.

    Raises:
        KeysError: the file or the command gives none. The message never holds what was read.
    """
    if settings.keys_file:
        return _read(settings.keys_file)
    if settings.keys_command:
        return _asked(settings.keys_command)
    return settings.keys


def _read(file: Path) -> str:
    try:
        told = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeysError(f"JAMIN_KEYS_FILE: {file} cannot be read ({type(error).__name__})") from None
    return told or _none("JAMIN_KEYS_FILE")


def _asked(command: str) -> str:
    try:
        done = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True, timeout=PATIENCE)  # noqa: S603
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise KeysError(f"JAMIN_KEYS_COMMAND gave no keys ({type(error).__name__}); run it by hand") from None
    return done.stdout.strip() or _none("JAMIN_KEYS_COMMAND")


def _none(setting: str) -> str:
    raise KeysError(f"{setting} gave nothing; it must give keys as JAMIN_KEYS has them, id:base64")
