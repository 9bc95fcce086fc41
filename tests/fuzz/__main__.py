"""`python -m tests.fuzz NAME [--seconds 60]`: fuzz a target guided by coverage, keep inputs that reached something.

It needs atheris (`pip install atheris`). What breaks is written to `crash-…` and ends the run with 77; put its bytes
into the corpus with the repair, so that the suite plays it for ever.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from pathlib import Path

from tests.fuzz.guided import fuzz

KEPT = 400
"""Lines of a corpus at most: what the suite plays in a second."""


def main() -> int:
    """Fuzz in a process of its own, since libFuzzer ends the one it runs in; then keep what was found."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name)
        child = multiprocessing.get_context("spawn").Process(target=fuzz, args=(given.name, folder, given.seconds))
        child.start()
        child.join()
        if child.exitcode == 0:
            _keep(given.name, folder)
        return child.exitcode or 0


def _keep(name: str, folder: Path) -> None:
    """Write what reached something new into the corpus, the shortest first, after what was there."""
    from tests.fuzz.targets import CORPUS, corpus

    kept = corpus(name)
    found = {path.read_bytes() for path in folder.iterdir()} - set(kept)
    new = sorted((one for one in found if one and not one.splitlines()[1:] and len(one) < 2000), key=len)
    lines = [*kept, *new][: max(KEPT, len(kept))]
    (CORPUS / f"{name}.txt").write_bytes(b"\n".join(lines) + b"\n")
    sys.stderr.write(f"{len(lines) - len(kept)} new inputs kept, {len(lines)} in all\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("name", choices=sorted(path.stem for path in (Path(__file__).parent / "corpus").iterdir()))
    parser.add_argument("--seconds", type=int, default=60)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
