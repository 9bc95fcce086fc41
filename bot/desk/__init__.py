"""The desk: where operators read the chats handed to them, answer, and close the case.

Everything an operator does to a chat is an incoming with an id of its own, taken by the same door as the worker's words
(law 2): sent twice it counts once. What they do is audited first and done then. Personal data is masked; revealing it
takes a reason and is audited (law 10). With the manual backend the desk also holds the work list of enrolments.

The pages need no script. Each takes its words from the catalogue, below `desk.`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from bot.channels.web.assets import Assets
from bot.desk import (
    agents,
    broadcasts,
    cases,
    forms,
    guide,
    handling,
    language,
    letters,
    live,
    media,
    organisations,
    phone,
    queue,
    reminders,
    replies,
    search,
    sheet,
    signing,
    supervision,
    team,
    trail,
    work,
    work_list,
)
from bot.desk.doors import Wing, add_doors, get, post
from bot.desk.guard import forbid, guarded
from bot.desk.live import LIVE, Live, waking
from bot.desk.roles import OPEN, OWN
from bot.desk.room import ROOM, Room

__all__ = ["add_desk"]

_FOLDER = Path(__file__).parent

_CASE = r"/kasus/{number:[0-9]{1,15}}"
_AGENT = r"/agen/{agent:[0-9a-f-]{36}}"
_ORGANISATION = r"/wadah/{organisation:[0-9a-f-]{36}}"
_FORM = r"/formulir/{form:[A-Z0-9]{8}}"
_BROADCAST = r"/kabar/{broadcast:[0-9a-f-]{36}}"
_WORK = r"/kerja/{reference:[0-9a-f-]{36}}"

DOORS = (
    get("", queue.show, act="queue.see"),
    get("/masuk", signing.form, act=OPEN),
    post("/masuk", signing.sign_in, act=OPEN),
    post("/keluar", signing.sign_out, act=OWN),
    post("/bahasa", language.choose, act=OWN),
    post("/keluar-semua", signing.sign_out_everywhere, act=OWN),
    get("/kode", phone.code_form, act=OWN),
    post("/kode", phone.sign_in, act=OWN),
    get("/pengaman", phone.show, act=OWN),
    get("/pengaman/gambar.svg", phone.drawn, act=OWN),
    post("/pengaman", phone.confirm, act=OWN),
    post("/pengaman/cadangan", phone.renew_backup, act=OWN),
    get("/yakin", phone.sure_form, act=OWN),
    post("/yakin", phone.sure, act=OWN),
    get("/sandi", signing.password_form, act=OWN),
    post("/sandi", signing.change_password, act=OWN),
    get("/langsung", live.stream, act=OWN),
    get("/cari", search.show, act="search.use"),
    post("/cari", search.find, act="search.use"),
    get("/pengawasan", supervision.show, act="figures.see"),
    get("/pengawasan.csv", supervision.export, act="figures.export"),
    get("/jawaban", replies.show, act="canned.edit"),
    post("/jawaban", replies.keep, act="canned.edit"),
    post("/jawaban/hapus", replies.remove, act="canned.edit"),
    get("/panduan", guide.show, act=OWN),
    get("/panduan/{name:[a-z-]+}", guide.show, act=OWN),
    get("/panduan/gambar/{name:[a-z-]+}", guide.picture, act=OWN),
    get("/agen", agents.show, act="agents.see"),
    post(rf"{_AGENT}/{{state:{'|'.join(agents.STATES)}}}", agents.decide, act="agents.decide"),
    get(rf"{_AGENT}/foto", agents.photo, act="agents.see"),
    post(rf"{_AGENT}/tempat", agents.place, act="agents.decide"),
    post(rf"{_AGENT}/foto/hapus", agents.remove_photo, act="agents.decide"),
    get("/wadah", organisations.show, act="organisations.see"),
    post("/wadah", organisations.add, act="organisations.manage"),
    post(rf"{_ORGANISATION}/ubah", organisations.change, act="organisations.manage"),
    post(rf"{_ORGANISATION}/tutup", organisations.close, act="organisations.manage"),
    post("/kampanye", organisations.begin_campaign, act="organisations.manage"),
    post("/kampanye/{code:[A-Z0-9]{8}}/akhiri", organisations.end, act="organisations.manage"),
    get("/formulir", forms.show, act="forms.check"),
    get(rf"{_FORM}/foto", forms.photo, act="forms.check"),
    post(rf"{_FORM}/terima", forms.accept, act="forms.check"),
    post(rf"{_FORM}/kembalikan", forms.send_back, act="forms.check"),
    get("/kabar", broadcasts.show, act="broadcasts.see"),
    post("/kabar", broadcasts.write, act="broadcasts.write"),
    get(_BROADCAST, broadcasts.one, act="broadcasts.see"),
    post(_BROADCAST + "/uji", broadcasts.test, act="broadcasts.write"),
    post(_BROADCAST + "/kirim", broadcasts.schedule, act="broadcasts.send"),
    post(_BROADCAST + "/henti", broadcasts.stop, act="broadcasts.stop"),
    get("/pengingat", reminders.show, act="reminders.see"),
    get("/tim", team.show, act="team.see"),
    post("/tim", team.add, act="team.manage"),
    post(rf"/tim/{{what:{'|'.join(team.CHANGES)}}}", team.change, act="team.manage"),
    get("/audit", trail.show, act="audit.read"),
    get(_CASE, cases.show, act="case.see"),
    get(_CASE + r"/kiriman/{line:[0-9]{1,9}}", media.show, act="case.see"),
    post(_CASE + "/jawab", cases.reply, act="case.reply"),
    post(_CASE + "/draf", cases.keep, act="case.reply"),
    post(_CASE + "/ambil", handling.claim, act="case.claim"),
    post(_CASE + "/alihkan", handling.assign, act="case.assign"),
    post(_CASE + "/lepas", handling.hand_back, act="case.return"),
    post(_CASE + "/catat", handling.note, act="case.note"),
    post(_CASE + "/mode", handling.mode, act="case.reply"),
    post(_CASE + "/ubah", handling.correct, act="case.correct"),
    post(_CASE + "/arahkan", handling.lead, act="case.lead"),
    post(_CASE + "/tampilkan", handling.reveal, act="case.reveal"),
    post(_CASE + "/buka", handling.reopen, act="case.close"),
    post(_CASE + "/tutup", handling.close, act="case.close"),
    get("/tertunda", letters.show, act="letters.see"),
    post(r"/tertunda/{chat:[0-9]{1,15}}/{line:[0-9]{1,9}}", letters.retry, act="letters.retry"),
    post(r"/tertunda/{chat:[0-9]{1,15}}/{line:[0-9]{1,9}}/buang", letters.discard, act="letters.sweep"),
    post("/tertunda/semua", letters.sweep, act="letters.sweep"),
)
MANUAL_DOORS = (
    get("/kerja", work_list.show, act="work.see"),
    post("/kerja/berikutnya", work_list.take_next, act="work.key"),
    post("/kerja/lepas-semua", work_list.give_all_back, act="work.key"),
    post("/kerja/unduh", sheet.export, act="work.export"),
    post(_WORK + "/ambil", work_list.take, act="work.key"),
    post(_WORK + "/lepas", work_list.give_back, act="work.key"),
    post(_WORK + "/buka-lagi", work.reopen, act="work.reopen"),
    get(_WORK, work.show, act="work.see"),
    post(_WORK + "/tampilkan", work.reveal, act="work.reveal"),
    post(_WORK + "/terima", work.accept, act="work.key"),
    post(_WORK + "/tolak", work.refuse, act="work.key"),
    post(_WORK + "/tagihan", work.bill, act="work.key"),
    post(_WORK + "/bayar", work.pay, act="work.key"),
    post(_WORK + "/lewat", work.expire, act="work.key"),
)


def add_desk(app: web.Application, room: Room, *, demo: bool, following: Live, wings: Sequence[Wing] = ()) -> None:
    """Add the desk's pages below /desk.

    `following` tells open pages what changes; who commits turns wakes it. `wings` are pages of other folders that stand
    in the desk too.
    """
    desk = web.Application(middlewares=[language.spoken_to, guarded, waking])
    desk[LIVE], desk[ROOM] = following, room
    desk.cleanup_ctx.append(lambda _: following.running())
    desk.on_startup.append(replies.seed)
    desk.on_shutdown.append(lambda _: following.close())
    desk.on_response_prepare.append(forbid)
    assets = Assets(_FOLDER / "assets")
    templates = aiohttp_jinja2.setup(
        desk,
        loader=jinja2.FileSystemLoader([_FOLDER / "templates", *(wing.templates for wing in wings)]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        say=room.say, assets=f"/desk/assets/{assets.version}", demo=demo, percent=reminders.percent
    )
    add_doors(
        desk, (get("/assets/{version}/{name}", assets.serve, act=OPEN), *DOORS, *(MANUAL_DOORS if room.manual else ()))
    )
    for wing in wings:
        add_doors(desk, wing.doors)
        wing.join(app, desk)
    app.add_subapp("/desk", desk)
