"""Fuzzing guided by coverage, with libFuzzer by way of atheris and our own mutations."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from tests.fuzz.mutate import mutated

LONGEST = 64 * 1024


def fuzz(name: str, folder: Path, seconds: int) -> None:
    """Fuzz until the time is up; what is to be measured may not be imported before."""
    try:
        import atheris
    except ImportError:
        sys.exit("this needs atheris: .venv/bin/python -m pip install atheris")
    with atheris.instrument_imports(include=["bot.channels", "bot.backend", "conversations.reading"]):
        from tests.fuzz.targets import TARGETS, corpus
    for number, line in enumerate(corpus(name)):
        (folder / f"{number}").write_bytes(line)

    def custom(data: bytes, _most: int, seed: int) -> bytes:
        return mutated(data, random.Random(seed))[:LONGEST]

    options = [f"-max_len={LONGEST}", f"-max_total_time={seconds}"]
    atheris.Setup([name, *options, str(folder)], TARGETS[name], custom_mutator=custom)
    atheris.Fuzz()
