"""`python -m tests.supply audit|sbom|licences [--lock run]`. An audit ends with 1 for a finding, 2 for no answer."""

from __future__ import annotations

import argparse
import json
import sys

from tests.supply.audit import audited
from tests.supply.parts import bill, parts


def main() -> int:
    """Do what was asked."""
    given = _arguments()
    if given.what == "sbom":
        sys.stdout.write(json.dumps(bill(given.lock), indent=1) + "\n")
    elif given.what == "licences":
        sys.stdout.writelines(f"{one.name}\t{one.version}\t{one.licence}\n" for one in parts(given.lock))
    else:
        found = audited(given.lock, [one.name for one in parts(given.lock)])
        sys.stdout.writelines(f"{line}\n" for line in found.lines)
        return found.status
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.supply", description=__doc__)
    parser.add_argument("what", choices=("audit", "sbom", "licences"))
    parser.add_argument("--lock", choices=("run", "test"), default="run")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
