"""The enrolments that wait, in clear, as a sheet for the official form: for an office that uploads instead of typing.

A spreadsheet and not CSV: a program that opens CSV makes numbers of the digits of a NIK and loses the last of them, and
takes a text that begins with "=" for a formula. Here each cell says what it is.
"""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.pages import see
from bot.desk.regions import region_name
from bot.desk.room import OPERATOR, ROOM, Room
from bot.desk.work import Work, find
from bot.desk.work_list import HERE
from conversations.months import jakarta
from storage import audit
from storage.operators import Operator
from storage.work_claims import claim
from storage.worklist import ENTER, work_list

MOST = 200
"""Enrolments in one sheet."""
HELD_FOR = dt.timedelta(hours=8)
"""How long what was exported stays with who exported it: until the official form was sent in."""
PERSONAL = ("nik", "name", "birth_date", "phone", "email", "home_region", "work_region")
COLUMNS = ("reference", *PERSONAL, "occupation", "base", "programmes", "first", "months")
REGIONS = ("home_region", "work_region")
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int


async def export(request: web.Request) -> web.Response:
    """Export what waits to be keyed in and nobody else has; each is audited, and stays with who exported it."""
    room, operator = request.app[ROOM], request[OPERATOR]
    now = room.clock()
    async with room.database.write() as connection:
        wanted = await _claimed(connection, room, operator, now)
        for one in wanted:
            await audit.append(connection, now, operator.name, "export", f"enrolment {one.enrolment.id}")
    if not wanted:
        see(HERE, "nothing_to_export")
    headings = [room.say(f"desk.data.{name}") for name in COLUMNS]
    disposition = f'attachment; filename="pendaftaran-{jakarta(now)}.xlsx"'
    body = sheet(headings, [_cells(room, one) for one in wanted])
    return web.Response(body=body, content_type=KIND, headers={"Content-Disposition": disposition})


async def _claimed(connection: AsyncConnection, room: Room, operator: Operator, now: dt.datetime) -> list[Work]:
    waiting = [one for one in await work_list(connection, now, MOST) if one.stage == ENTER]
    mine = [one for one in waiting if await claim(connection, one.reference, operator.id, now, HELD_FOR)]
    found = [await find(connection, room, one.reference) for one in mine]
    return [one for one in found if one is not None]


def _cells(room: Room, work: Work) -> list[Cell]:
    enrolment = work.enrolment
    data = work.data | {name: region_name(work.data[name]) for name in REGIONS if name in work.data}
    occupation = room.say(f"occupation.{work.occupation}") if work.occupation else ""
    programmes = enrolment.programmes.upper().replace(",", " + ")
    personal = [data.get(name, "") for name in PERSONAL]
    return [enrolment.id, *personal, occupation, enrolment.base, programmes, enrolment.first, enrolment.months]


def sheet(headings: list[str], rows: list[list[Cell]]) -> bytes:
    """Write a sheet: texts stay texts whatever they begin with, numbers stay numbers."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True})
        for column, heading in enumerate(headings):
            page.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(number, column, cell)
                else:
                    page.write_number(number, column, cell)
        page.autofit()
    return file.getvalue()
