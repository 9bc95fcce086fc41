"""How the invented field is made up: who lives where, works as what, earns how much and comes by which way.

The shares are ours, made to look like the field and not measured in it: the most people where most people live, the
five ecosystems of the programme, four in ten with the savings of JHT.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

Thing = TypeVar("Thing")
Weighted = tuple[tuple[int, Thing], ...]
"""Pairs of a weight and what it stands for."""


def one_of(chance: random.Random, among: Weighted[Thing]) -> Thing:
    """Draw one, each as often as its weight says."""
    [drawn] = chance.choices([thing for _, thing in among], [weight for weight, _ in among])
    return drawn


def any_of(chance: random.Random, among: Sequence[Thing]) -> Thing:
    """Draw one, all alike."""
    return among[chance.randrange(len(among))]


def words(text: str) -> tuple[str, ...]:
    """Give the words of a text, in their order: drawing depends on it."""
    return tuple(text.split())


REGENCIES: Weighted[str] = (
    *((9, code) for code in ("32.73", "32.04", "32.01", "32.75", "35.78", "31.75", "31.74")),
    *((6, code) for code in ("33.74", "35.15", "35.07", "33.02", "36.03", "36.71", "31.73", "12.71")),
    *((4, code) for code in ("32.05", "32.15", "32.08", "33.28", "33.29", "35.09", "35.10", "18.71", "73.71", "16.71")),
    *((2, code) for code in ("34.04", "34.02", "51.71", "52.03", "13.71", "14.71", "64.72", "63.71", "61.71", "71.71")),
    *((1, code) for code in ("11.08", "15.71", "53.71", "72.71", "74.71", "81.71", "91.71", "17.71", "21.71", "75.71")),
)
"""Regencies and cities by their code; the first two digits are the province."""


class Trade(NamedTuple):
    """What somebody does: how they say it, and the code of the occupation that it means."""

    said: str
    occupation: str


def _trades(**said: str) -> tuple[Trade, ...]:
    return tuple(Trade(words, code) for code, several in said.items() for words in several.split("/"))


VILLAGE = _trades(
    farmer="sawah/petani sawah",
    palm_farmer="kebun sawit",
    fisher="nelayan/melaut",
    poultry_keeper="ternak ayam",
    farm_worker="buruh tani",
    rubber_tapper="nderes karet",
    seaweed_farmer="rumput laut",
)
MARKET = _trades(
    market_trader="dagang di pasar/bakul pasar",
    vegetable_seller="jual sayur di pasar",
    fish_seller="jual ikan",
    fruit_seller="jual buah",
    clothes_seller="jual baju",
    meat_seller="jual daging",
    stall_owner="buka warung",
    hawker="asongan",
)
ECOMMERCE = _trades(online_seller="jualan online/dropship")
SMALL_BUSINESS = _trades(
    tailor="jahit",
    mechanic="bengkel motor",
    caterer="katering",
    batik_maker="batik",
    barber="tukang cukur",
    carpenter="tukang kayu",
    welder="tukang las",
    builder="kuli bangunan",
)
VULNERABLE = _trades(
    porter="kuli panggul", parking_attendant="tukang parkir", scavenger="pemulung", masseur="tukang pijat"
)
RIDERS = _trades(
    ojek_online="narik ojol/ojol", courier="kurir paket", ojek_rider="ojek pangkalan", becak_driver="becak"
)

TRADES: Weighted[tuple[Trade, ...]] = (
    (23, VILLAGE),
    (26, MARKET),
    (11, ECOMMERCE),
    (16, SMALL_BUSINESS),
    (12, VULNERABLE),
    (12, RIDERS),
)
"""The five ecosystems of the programme, and the riders, with the trades found there."""

INCOMES: Weighted[str] = (
    (14, "900 ribu"),
    (18, "1,2 juta"),
    (20, "1,5 jt"),
    (16, "2 juta"),
    (6, "dua juta lima ratus ribu"),
    (10, "3jt"),
    (5, "80 ribu sehari"),
    (5, "4,5 juta"),
    (2, "7 juta"),
)
"""What people earn, as they type it."""

CHANNELS: Weighted[str] = ((62, "whatsapp"), (18, "telegram"), (20, "web"))

WAYS: Weighted[str] = (
    (42, "link"),
    (12, "qr"),
    (16, "meeting"),
    (6, "assisted"),
    (8, "campaign"),
    (6, "ad"),
    (10, "direct"),
)
"""How people come: by what an agent forwarded, showed, held or filled in, by a campaign's code, an advert, or alone."""

CAMPAIGNS = (("KKBC26", "Kerja Keras Bebas Cemas"), ("PASARAMAN", "Pasar Aman"))
"""The codes of the office's campaigns and what they are called."""

ADVERTS = ("ad:120208", "ad:120311")

MEN = words(
    "Asep Budi Dedi Eko Fajar Gunawan Hendra Iwan Joko Kurniawan Mulyadi Nanang Oman Rahmat Slamet Sugeng Tono Udin "
    "Wahyu Yanto Yusuf Agus Bambang Cahyo Darmaji"
)
WOMEN = words(
    "Ani Dewi Euis Fitri Halimah Ida Juariah Kartini Lestari Mimin Nurul Ratna Rini Siti Sri Sulastri Titin Wati Yati "
    "Yuni Aminah Endang Rohana Sumiati Tuti"
)
LAST_NAMES = words(
    "Santoso Wijaya Suryani Rahayu Hidayat Permana Saputra Nugraha Kusuma Utami Handayani Setiawan Maulana Hasanah "
    "Sutrisno Firmansyah Ramadhan Wulandari Purnomo Siregar Lubis Simatupang Daeng Pasaribu Nasution Prasetyo"
)

MEETINGS = ("Arisan RT 05", "Pengajian Ibu-ibu", "Kumpul Paguyuban", "Rapat Kelompok Tani", "Pasar Pagi", "Kopdar Ojol")
BODIES = ("Paguyuban Ojek", "Koperasi Pasar", "Kelompok Tani", "Karang Taruna", "BUMDes Maju", "Himpunan Nelayan")
"""What agents say they come from."""
