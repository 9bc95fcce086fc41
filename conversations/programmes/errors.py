"""What a quote refuses, each with a message a person can act on.

QuoteError (a ValueError)
├── UnknownProgrammesError
├── UnknownSectorError
├── UnknownPayerError
├── MonthsOutOfRangeError
└── NegativeIncomeError
"""

from __future__ import annotations


class QuoteError(ValueError):
    """This cannot be priced."""


class UnknownProgrammesError(QuoteError):
    """The programmes are not a combination that exists."""


class UnknownSectorError(QuoteError):
    """The sector is none we know."""


class UnknownPayerError(QuoteError):
    """The payer is none we know."""


class MonthsOutOfRangeError(QuoteError):
    """More months at once than can be paid, or none."""


class NegativeIncomeError(QuoteError):
    """The income is below zero."""
