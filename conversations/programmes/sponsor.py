"""Who pays for a worker in their place, for how long and how much of it; and what is then left for the worker."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from conversations.months import Month
from conversations.programmes.contribution import MonthPrice, Quote

WHOLE = 100


class Sponsor(msgspec.Struct, frozen=True):
    """A cohort that somebody pays for: its reference, the `name` workers are told, `payer` "state" or "other" (which
    decides the discount), `share` in per cent of JKK and JKM, in the contribution months `first` through `last`.

    JHT is the worker's own savings and is paid by the worker.
    """

    cohort: str
    name: str
    payer: str
    share: int
    first: Month
    last: Month

    def covers(self, month: Month) -> bool:
        """Tell whether a contribution month is paid for."""
        return self.first <= month <= self.last


def less_share(quote: Quote, share: int) -> Quote:
    """Return what is left of a price for the worker when so many per cent of JKK and JKM are paid for them.

    The sponsor's part is rounded down to whole rupiah, month by month and for both programmes together.
    """
    months = tuple(_less(price, share) for price in quote.months)
    return replace(quote, months=months, total=sum(price.jkk + price.jkm + price.jht for price in months))


def _less(price: MonthPrice, share: int) -> MonthPrice:
    paid = (price.jkk + price.jkm) * share // WHOLE
    by_jkk = min(price.jkk, paid)
    return price._replace(jkk=price.jkk - by_jkk, jkm=price.jkm - (paid - by_jkk))
