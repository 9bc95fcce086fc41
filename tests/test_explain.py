"""The side flow that works out what the programmes pay: "Kalau terjadi apa-apa pada saya"."""

from __future__ import annotations

import pytest

from conversations.programmes.benefits import accident_death, scholarship_for, stmb
from conversations.programmes.brackets import BRACKETS, bracket_of
from tests.chat import Chat, to_review

LOWEST = BRACKETS[0].value.base


def shown(rupiah: int) -> str:
    """An amount as a message writes it."""
    if rupiah % 50_000 == 0 and rupiah >= 1_000_000:
        return f"Rp{rupiah / 1_000_000:g} juta".replace(".", ",")
    return f"Rp{rupiah:,}".replace(",", ".")


def opened() -> Chat:
    """A chat whose worker told nothing yet and asks what would be paid."""
    chat = Chat()
    chat.say("halo", "simulasi manfaat")
    return chat


def test_without_an_income_the_lowest_base_is_the_example() -> None:
    """Who told no income sees the lowest base, and is told how to get their own figures."""
    chat = opened()
    assert chat.session.flow == "explain"
    assert shown(LOWEST) in chat.messages[0].text
    assert shown(accident_death(LOWEST).value.total) in chat.tap("Meninggal karena kerja")[0].text


def test_an_income_typed_here_is_worked_out_and_not_kept() -> None:
    """An income typed in the menu gives other amounts, told as estimates; it is no answer of the enrolment."""
    chat = opened()
    base = bracket_of(3_000_000).value.base
    assert shown(base) in chat.say("3 juta")[0].text
    told = chat.tap("Belum bisa kerja")[0].text
    assert shown(stmb(base, 13).value) in told
    assert "perkiraan" in told
    chat.tap("Selesai")
    assert chat.session.people == ()
    assert chat.session.flow == "enrolment"


def test_the_income_told_before_is_used() -> None:
    """Who told their income sees the amounts for their own base, and returns to where they were."""
    chat = to_review(Chat())
    chat.say("simulasi manfaat")
    assert shown(bracket_of(2_000_000).value.base) in chat.messages[0].text
    chat.tap("Selesai")
    assert chat.session.asked == "review"


@pytest.mark.parametrize("amount", ["5 ribu", "900 juta"])
def test_an_income_that_cannot_be_is_asked_again(amount: str) -> None:
    """An amount that nobody earns a month changes nothing."""
    chat = opened()
    chat.say(amount)
    assert "explain_income" not in chat.session.side


def test_death_by_another_cause_names_both_conditions() -> None:
    """The three months before the full amount and the three years before a scholarship are told."""
    told = opened().tap("Meninggal sebab lain")[0].text
    assert "Rp42 juta" in told
    assert "Rp10 juta" in told
    assert "3 bulan" in told
    assert "3 tahun" in told


def test_the_scholarship_follows_from_the_ages_of_the_children() -> None:
    """The ages are asked, used once and forgotten; who has none is told the conditions."""
    chat = opened()
    chat.tap("Beasiswa anak")
    assert chat.session.asked == "children"
    told = chat.say("umur 5 sama sembilan")[0].text
    assert shown(scholarship_for((5, 9)).value) in told
    assert chat.session.side == {}
    chat.tap("Beasiswa anak")
    assert "tidak ada beasiswa" in chat.say("belum punya anak")[0].text


def test_ages_that_are_none_are_asked_again() -> None:
    """What holds no age is a misunderstanding, and the question is put again."""
    chat = opened()
    chat.tap("Beasiswa anak")
    chat.say("entahlah pokoknya masih kecil")
    assert chat.session.asked == "children"


@pytest.mark.parametrize("case", ["celaka", "lumpuh", "jht"])
def test_a_case_may_be_said(case: str) -> None:
    """A case is opened by its words as well as by its button."""
    chat = opened()
    chat.say(case)
    assert chat.turn.outcome == "answered"
    assert chat.session.asked == "explain"


def test_a_question_in_the_middle_is_answered_here_too() -> None:
    """A question is answered and the menu put again."""
    chat = opened()
    said = chat.say("jkk itu apa?")[0]
    assert "JKK melindungi" in said.text
    assert chat.session.flow == "explain"


def test_the_button_stands_where_prices_and_members_are() -> None:
    """The simulation is a tap away from the income, the price, and the menu of a member."""
    chat = Chat()
    chat.say("halo")
    chat.tap("Saya sendiri")
    chat.say("narik ojol")
    chat.tap("Pelanggan/usaha sendiri", "18–64 th, WNI, ada KTP")
    assert chat.session.asked == "income"
    chat.tap("Kalau ada apa-apa?", "Selesai")
    chat.say("2 juta")
    assert chat.session.asked == "plan"
    chat.tap("Kalau ada apa-apa?", "Selesai")
    assert chat.session.asked == "plan"
    member = to_review(Chat())
    member.tap("Benar, daftarkan")
    member.happen("accepted")
    member.say("tidak")
    assert "Kalau ada apa-apa?" in [button.label for button in member.buttons]
