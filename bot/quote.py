"""The door `quote`: a price as one JSON object."""

from __future__ import annotations

import msgspec

from conversations.months import Month
from conversations.programmes.contribution import MonthPrice, quote


def quote_json(
    income: int,
    sector: str,
    programmes: str,
    months: int,
    first: str,
    payer: str = "self",
    employer: bool = False,
) -> str:
    """Return the price of `months` contribution months as a line of JSON, in net whole rupiah.

    `programmes` is "jkk,jkm" or "jkk,jkm,jht", `first` a month written "2026-12"; the rest as in `contribution.quote`.

    Raises:
        ValueError: an argument is refused; the message says what it may be.
    """
    priced = quote(income, sector, programmes.split(","), Month.parse(first), months, payer, employer)
    return msgspec.json.encode(
        {
            "base": priced.base,
            "months": [_line(price) for price in priced.months],
            "total": priced.total,
            "discount": priced.discount,
            "certain": priced.certain,
            "sources": priced.sources,
        }
    ).decode()


def _line(price: MonthPrice) -> dict[str, str | int]:
    """Return one month with its name written out."""
    return {**price._asdict(), "month": str(price.month)}
