"""Sponsors in the whole program: told after the NIK, enrolled without a bill or with a smaller one, asked to go on."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.app import Jamin
from bot.cli import cli
from bot.clock import Clock
from bot.sponsoring import SponsorError, Sponsors, niks_in, sponsor_from
from bot.times import read_moment
from conversations.messages import Text
from conversations.months import Month
from conversations.programmes.sponsor import Sponsor
from storage.database import Database
from storage.enrolments import enrolments_of, months_paid
from storage.sealing import KeyRing
from storage.tables import cohort_members
from tests.shell.worker import Worker

NIK = "3273011708900001"
OTHER = "3273011708900002"


def paid_by(share: int = 100, payer: str = "state") -> Sponsor:
    """A cohort of three months."""
    return Sponsor("", "Pemkab Garut", payer, share, Month(2026, 11), Month(2027, 1))


async def cohort(jamin: Jamin, clock: Clock, sponsor: Sponsor, quota: int = 10) -> str:
    """Keep a cohort with the worker's NIK in it."""
    return await Sponsors(jamin.database, jamin.keys, clock).add(sponsor, quota, [NIK])


async def paid(jamin: Jamin) -> list[str]:
    """The months paid for the only enrolment."""
    async with jamin.database.read() as connection:
        [enrolment] = await enrolments_of(connection, 1)
        return await months_paid(connection, enrolment.id)


async def test_who_is_paid_for_is_enrolled_without_a_bill(jamin: Jamin, clock: Clock, worker: Worker) -> None:
    """The worker hears of the sponsor after the NIK, pays nothing, and is covered for the whole period."""
    reference = await cohort(jamin, clock, paid_by())
    await worker.answer_until("nik")
    assert "ditanggung Pemkab Garut sampai Januari 2027" in await worker.say(Text(NIK))
    said = await worker.answer_until("remind")
    assert "Tidak ada yang perlu dibayar" in "\n".join(message.text for message in worker.heard)
    assert "Kode bayar" not in said
    await worker.wait(1)
    assert await paid(jamin) == ["2026-11", "2026-12", "2027-01"]
    report = await Sponsors(jamin.database, jamin.keys, clock).report(reference)
    assert report is not None
    assert (report.listed, report.enrolled, report.covered, report.paid) == (1, 1, 1, 3)


async def test_a_share_leaves_a_smaller_bill(jamin: Jamin, clock: Clock, worker: Worker) -> None:
    """Half of JKK and JKM is paid: the bill is for the other half, at the tariff without discount."""
    await cohort(jamin, clock, paid_by(share=50))
    said = await worker.answer_until("remind")
    assert "Rp13.400" in said.replace("Rp13,400", "Rp13.400")


async def test_the_full_quota_pays_for_nobody_more(jamin: Jamin, clock: Clock, worker: Worker) -> None:
    """Whoever comes after the last place is told nothing of a sponsor."""
    sponsors = Sponsors(jamin.database, jamin.keys, clock)
    await sponsors.add(paid_by(), 1, [NIK, OTHER])
    await worker.answer_until("remind")
    second = Worker(jamin, clock, "budi")
    said = await second.answer_until("name", nik=Text(OTHER))
    assert "ditanggung" not in said


async def test_the_last_place_goes_to_one_of_two_who_ask_at_once(jamin: Jamin, clock: Clock, worker: Worker) -> None:
    """Two who were both told of the last place confirm at the same moment: one has it, the other hears so, sees the
    price of going on alone, and nothing of theirs is handed on before they agree to that."""
    reference = await Sponsors(jamin.database, jamin.keys, clock).add(paid_by(), 1, [NIK, OTHER])
    second = Worker(jamin, clock, "budi")
    for one, nik in ((worker, NIK), (second, OTHER)):
        await one.answer_until("review", nik=Text(nik))
    said = await asyncio.gather(worker.tap("yes"), second.tap("yes"))
    assert ["baru saja penuh" in words for words in said].count(True) == 1
    loser = second if "baru saja penuh" in said[1] else worker
    assert (loser.last.step, "dibayar sendiri" in loser.heard[-1].text) == ("review", True)
    report = await Sponsors(jamin.database, jamin.keys, clock).report(reference)
    assert report is not None
    assert report.enrolled == 1
    assert "Kode bayar" in await loser.tap("yes")


async def test_who_goes_on_alone_is_asked_in_time(jamin: Jamin, clock: Clock, worker: Worker) -> None:
    """Some days before the sponsor's last month ends the worker hears what comes next, once."""
    await cohort(jamin, clock, paid_by())
    await worker.answer_until("remind")
    await worker.tap("yes")
    await worker.chat.at(read_moment("2027-01-05T09:00"))
    for _ in range(2):  # The first words after a while are met by the question for the birth date.
        await worker.say(Text("17 Agustus 1990"))
    assert await worker.wait((read_moment("2027-01-19T12:00") - clock()).total_seconds()) == ""
    said = await worker.wait((read_moment("2027-01-21T12:00") - clock()).total_seconds())
    assert "Pemkab Garut" in said
    assert "Februari 2027" in said
    assert await worker.wait(86_400) == ""


async def test_a_member_on_a_list_that_came_later_is_told_and_paid_for(
    jamin: Jamin, clock: Clock, worker: Worker
) -> None:
    """Who enrolled before the list came hears of it the next morning, once, and the months come without a bill."""
    await worker.answer_until("remind")
    await worker.tap("no")
    await worker.tap("simulate")
    reference = await cohort(jamin, clock, paid_by())
    said = await worker.wait((read_moment("2026-11-23T12:00") - clock()).total_seconds())
    assert "ditanggung Pemkab Garut sampai Januari 2027" in said
    assert "Kode bayar" not in said
    await worker.wait(1)
    assert await paid(jamin) == ["2026-11", "2026-12", "2027-01"]
    report = await Sponsors(jamin.database, jamin.keys, clock).report(reference)
    assert report is not None
    assert (report.enrolled, report.paid) == (1, 3)
    assert await worker.wait(86_400) == ""


async def test_only_the_index_of_a_nik_is_kept(database: Database, keys: KeyRing, clock: Clock) -> None:
    """Whoever reads the table finds no NIK in it."""
    await Sponsors(database, keys, clock).add(paid_by(), 5, [NIK, NIK])
    async with database.read() as connection:
        [row] = (await connection.execute(cohort_members.select())).all()
    assert row.nik_index == keys.index("nik", NIK)


class TestCommand:
    """`python -m bot sponsors`."""

    def test_a_cohort_is_added_listed_and_reported(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was added is listed, and its report is numbers alone."""
        monkeypatch.setenv("JAMIN_HOME", str(tmp_path / "home"))
        file = tmp_path / "niks.txt"
        file.write_text(f"{NIK}\n{OTHER[:8]} {OTHER[8:]}\n\n")
        terms = ("--payer", "other", "--from", "2026-11", "--to", "2027-01", "--quota", "5", "--share", "40")
        added = CliRunner().invoke(cli, ["sponsors", "add", "Desa Sukamaju", str(file), *terms])
        assert added.exit_code == 0, added.output
        [listed] = CliRunner().invoke(cli, ["sponsors", "list"]).stdout.splitlines()
        assert json.loads(listed)["share"] == 40
        report = CliRunner().invoke(cli, ["sponsors", "report", added.stdout.strip()]).stdout
        assert json.loads(report)["listed"] == 2
        assert NIK not in report

    @pytest.mark.parametrize(
        ("argument", "change"),
        [
            ("--payer", {"payer": "self"}),
            ("--programmes", {"programmes": "jkk,jkm,jht"}),
            ("--share", {"share": 0}),
            ("--from", {"first": "2026"}),
            ("--to", {"last": "2028-01"}),
        ],
    )
    def test_what_is_refused_is_named(self, argument: str, change: dict[str, str]) -> None:
        """A refusal names the argument to change."""
        given = {"name": "Desa", "payer": "other", "programmes": "jkk,jkm", "first": "2026-11", "last": "2027-01"}
        with pytest.raises(SponsorError, match=argument):
            sponsor_from(**{**given, "share": 100, **change})  # type: ignore[arg-type]

    def test_a_wrong_line_is_told_by_its_number(self, tmp_path: Path) -> None:
        """The message names lines, never what stands on them."""
        file = tmp_path / "niks.txt"
        file.write_text(f"{NIK}\n12345\n")
        with pytest.raises(SponsorError, match="line 2") as refused:
            niks_in(file)
        assert "12345" not in str(refused.value)
