"""`python -m tests.proof [NAME …] [--scale 0.1]`: play long runs, print and keep what they found; 1 for a fault."""

from __future__ import annotations

import argparse
import sys

from tests.proof import disk, flood, fuzz, hostile, kills, ktp, scan
from tests.proof.report import Run, write

RUNS = {
    "kills": Run(kills.run, "whole enrolments over the wire while processes are killed: none lost, none doubled"),
    "disk": Run(disk.run, "whole enrolments while the disk is really full: it is said, nothing is lost, it goes on"),
    "flood": Run(flood.run, "floods through the real doors: memory bounded, others not kept waiting, each taken once"),
    "ktp": Run(ktp.run, "KTP read from generated pictures: what is right, and nothing wrong that sounds sure"),
    "hostile": Run(hostile.run, "hostile HTTP requests against the whole program: no fault, no leak, memory bounded"),
    "fuzz": Run(fuzz.run, "fuzzed updates, read and taken as turns: no fault, no leak, memory bounded"),
    "scan": Run(scan.run, "many enrolments and erasures: nobody is found in files, logs, figures and desk pages"),
}
"""The long runs by name; a new one is a module here and a row in this table."""


def main() -> int:
    """Play the runs that were named, all of them by default."""
    given = _arguments()
    faults = 0
    for name in given.names or RUNS:
        report = RUNS[name].run(given.scale)
        file = write(name, given.scale, report)
        sys.stdout.write(file.read_text() + f"\nkept in {file}\n")
        faults += len(report.faults)
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    shows = "; ".join(f"{name}: {run.shows}" for name, run in RUNS.items())
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=shows)
    parser.add_argument("names", nargs="*", choices=[*RUNS, []], metavar="NAME", help=f"of {', '.join(RUNS)}")
    parser.add_argument("--scale", type=float, default=1.0, help="the part of the full size to play")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
