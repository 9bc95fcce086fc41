"""The commands. Data goes to stdout, logs to stderr; refused arguments exit with 2."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from bot import logs
from bot.ask import ask_lines
from bot.clock import Clock
from bot.quote import quote_json
from bot.read import read_lines
from bot.settings import Settings, SettingsError, load_settings
from bot.times import read_moment
from bot.tracing import TracesError
from bot.tuning import run
from bot.wording import WordingError
from conversations.audience import Audience
from conversations.months import jakarta
from conversations.reading import READERS
from storage.database import DatabaseUrlError
from storage.sealing import KeysError

if TYPE_CHECKING:
    from bot.announcing import Announcing
    from bot.desk.accounts import Accounts
    from bot.sponsoring import Sponsors

LOCALES = ("id",)
Outcome = TypeVar("Outcome")

cli = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="Jamin, the chat that enrols."
)

answers = typer.Typer(no_args_is_help=True, help="For those who write the approved answers.")
cli.add_typer(answers, name="answers")

sponsors = typer.Typer(no_args_is_help=True, help="Those who pay for workers in their place.")
cli.add_typer(sponsors, name="sponsors")

broadcasts = typer.Typer(no_args_is_help=True, help="Words of staff to many who agreed to them.")
cli.add_typer(broadcasts, name="broadcasts")

operators = typer.Typer(no_args_is_help=True, help="Who works at the desk. Passwords are printed once.")
cli.add_typer(operators, name="operators")

audit = typer.Typer(no_args_is_help=True, help="The trail of what staff do.")
cli.add_typer(audit, name="audit")
templates = typer.Typer(no_args_is_help=True, help="The texts that WhatsApp has to approve.")
cli.add_typer(templates, name="templates")
keys = typer.Typer(no_args_is_help=True, help="The master keys.")
cli.add_typer(keys, name="keys")

erasures = typer.Typer(no_args_is_help=True, help="What was erased, to be erased again after an old backup.")
cli.add_typer(erasures, name="erasures")


At = Annotated[
    str, typer.Option("--at", help="The moment it is taken to be, ISO 8601; Jakarta time without an offset.")
]
Locale = Annotated[str, typer.Option(help="The language.")]
Role = Annotated[str, typer.Option(help="operator, supervisor, editor, auditor or administrator.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any free one.")]


def main() -> None:
    """Run a command."""
    cli()


def refuse(message: str) -> NoReturn:
    """Say what is wrong and what to do, and end with 2."""
    typer.echo(message, err=True)
    raise typer.Exit(2)


# --- serving ---------------------------------------------------------------------------------------------------------


@cli.command()
def serve(port: Port = 8080) -> None:
    """Serve everything: chats, desk, hand-offs, and in demo mode the reference backend."""
    from bot.serving import serve_until_stopped

    logs.set_up()
    _run(serve_until_stopped(_settings(), port))


@cli.command()
def worker(port: Port = 8081) -> None:
    """Run one more equal process on the same PostgreSQL."""
    from bot.serving import serve_until_stopped

    settings = _settings()
    if not settings.database.startswith("postgres"):
        refuse("worker needs JAMIN_DATABASE_URL=postgresql://…: a SQLite file has one server process")
    if settings.backend_kind == "reference":
        refuse("worker needs JAMIN_BACKEND=http or manual: the embedded reference backend lives in one process")
    logs.set_up()
    _run(serve_until_stopped(settings, port))


@cli.command()
def backend(port: Port = 8090) -> None:
    """Run the reference backend alone. JAMIN_BACKEND_SECRET is the secret both sides share."""
    from bot.backend.reference import run_reference

    logs.set_up()
    settings = _settings()
    if not settings.backend_secret:
        refuse("set JAMIN_BACKEND_SECRET to a secret that the Jamin using this backend is given too")
    settings.home.mkdir(parents=True, exist_ok=True)
    hook = f"{settings.public_url.rstrip('/')}/webhooks/backend" if settings.public_url else None
    try:
        run_reference(port, settings.home / "reference.db", settings.backend_secret, hook)
    except OSError as error:
        refuse(f"cannot serve on port {port}: {error.strerror}; choose another with --port")


@cli.command()
def backup(file: Path) -> None:
    """Copy the database into a new FILE while it is in use. The master key is not in it: keep that elsewhere."""
    from storage.backup import BackupError, back_up

    try:
        back_up(_settings().database, file)
    except BackupError as error:
        refuse(str(error))


@cli.command()
def talk(
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line, in and out.")] = False,
    locale: Locale = "id",
    db: Annotated[str, typer.Option(help="A database to go on with; a fresh temporary one by default.")] = "",
    address: Annotated[str, typer.Option("--as", help="Who is talking; another name is another chat.")] = "me",
    at: At = "",
) -> None:
    """Chat in the terminal, in demo mode with an embedded backend."""
    from bot.channels.terminal import talk_until_end

    _known(locale)
    logs.set_up(quiet=True)
    _run(talk_until_end(Clock(_moment(at)), db=db, address=address, as_json=json))


# --- readers, answers, prices ----------------------------------------------------------------------------------------


@cli.command()
def read(kind: str, at: At = "") -> None:
    """Read each line of stdin with one reader."""
    if kind not in READERS:
        refuse(f"KIND is one of {', '.join(sorted(READERS))}")
    _print_lines(read_lines(kind, _stdin(), _day(at)))


@cli.command()
def ask(locale: Locale = "id", at: At = "") -> None:
    """Take each line of stdin as a question."""
    _known(locale)
    _print_lines(ask_lines(_stdin(), _day(at), locale))


@cli.command()
def quote(
    income: Annotated[int, typer.Option(help="Rupiah a month.")],
    sector: Annotated[str, typer.Option(help="transport or other.")],
    programmes: Annotated[str, typer.Option(help="jkk,jkm or jkk,jkm,jht.")],
    months: Annotated[int, typer.Option(help="1 to 12.")],
    first: Annotated[str, typer.Option("--from", help="The first contribution month, YYYY-MM.")],
    payer: Annotated[str, typer.Option(help="self, state or other.")] = "self",
    employer: Annotated[bool, typer.Option("--employer", help="The worker employs others.")] = False,
) -> None:
    """Price contribution months, as one JSON object."""
    try:
        typer.echo(quote_json(income, sector, programmes, months, first, payer, employer))
    except ValueError as error:
        refuse(str(error))


# --- for editors of the answers --------------------------------------------------------------------------------------


@answers.command("check")
def check_answers(locale: Locale = "id", at: At = "") -> None:
    """List faults (past valid-until, no source, typed amounts …), then answers taken for each other; 1 for a fault."""
    from bot.editing import report

    _known(locale)
    faults, confused = report(locale, _day(at))
    _print_lines((*faults, *confused))
    raise typer.Exit(bool(faults))


@answers.command("learn")
def learn_answers(locale: Locale = "id") -> None:
    """Have the sentence model read the phrasings anew, after some were edited; takes about a minute."""
    from bot.editing import learn

    _known(locale)
    try:
        typer.echo(f"{learn(locale)} phrasings learned")
    except ImportError:
        refuse("the sentence model is not installed; `make lint` installs all that the tests use, the model among it")


# --- for who runs the desk -------------------------------------------------------------------------------------------


@operators.command("add")
def add_operator(name: str, role: Role) -> None:
    """Add an operator and print their one-time password."""
    typer.echo(_changed(lambda accounts: accounts.add(name, _role(role))))


@operators.command("list")
def list_operators() -> None:
    """Print everybody, one JSON object a line."""
    from bot.desk.commands import listed

    _print_lines(_run(listed(_settings())))


@operators.command("disable")
def disable_operator(name: str) -> None:
    """Let an operator in no more; they are out at once."""
    _changed(lambda accounts: accounts.disable(name))


@operators.command("enable")
def enable_operator(name: str) -> None:
    """Let a disabled operator in again."""
    _changed(lambda accounts: accounts.enable(name))


@operators.command("password")
def reset_password(name: str) -> None:
    """Print a new one-time password; the old one is void."""
    typer.echo(_changed(lambda accounts: accounts.reset_password(name)))


@operators.command("role")
def change_role(name: str, role: Annotated[str, typer.Argument()]) -> None:
    """Give an operator another role; they are signed out."""
    _changed(lambda accounts: accounts.change_role(name, _role(role)))


@operators.command("totp-reset")
def reset_second_factor(name: str) -> None:
    """Take an operator's phone away, so that they set up another one."""
    _changed(lambda accounts: accounts.reset_second_factor(name))


@audit.command("verify")
def verify_trail(
    known: Annotated[str, typer.Option(help="A row written down earlier, NUMBER:DIGEST; it must still be there.")] = "",
) -> None:
    """Check that no row was changed, taken out or slipped in; 1 with the first broken row."""
    from bot.desk.commands import known_row, verified

    try:
        row = known_row(known) if known else None
    except ValueError:
        refuse("--known is written NUMBER:DIGEST, as an earlier check printed it")
    checked, line = _run(verified(_settings(), row))
    typer.echo(line)
    raise typer.Exit(checked.broken is not None)


def _changed(change: Callable[[Accounts], Coroutine[Any, Any, str | None]]) -> str | None:
    from bot.desk.accounts import AccountError
    from bot.desk.commands import changed

    try:
        return _run(changed(_settings(), change))
    except AccountError as error:
        refuse(type(error).__doc__ or "")


def _role(role: str) -> str:
    from bot.desk.roles import ROLES

    if role not in ROLES:
        refuse(f"a role is one of {', '.join(ROLES)}")
    return role


# --- for those who keep the WhatsApp number --------------------------------------------------------------------------


@templates.command("list")
def list_templates(locale: Locale = "id") -> None:
    """List our templates, one a line: name, language, category, status at WhatsApp, what differs or why refused."""
    from bot.template_commands import list_all

    _known(locale)
    _run(list_all(_with_account(), locale))


@templates.command("submit")
def submit_templates(locale: Locale = "id") -> None:
    """Hand in for approval what WhatsApp lacks or has with other words; the names of what was handed in are printed."""
    from bot.template_commands import submit_all

    _known(locale)
    _run(submit_all(_with_account(), locale))


# --- for those who keep it running ---------------------------------------------------------------------------------


@cli.command()
def doctor() -> None:
    """Look the installation over: one line a finding and what to do; 1 if something is wrong."""
    from bot.doctor import GRAVE, examine

    logs.set_up(quiet=True)
    found = _run(examine(_settings()))
    _print_lines(map(str, found) if found else ["nothing found"])
    raise typer.Exit(any(finding.grade == GRAVE for finding in found))


# --- keys ------------------------------------------------------------------------------------------------------------


@keys.command("new")
def new_key(key_id: Annotated[str, typer.Argument(help="The id of the key: letters, figures, _ and -.")]) -> None:
    """Print a new master key; put it first in JAMIN_KEYS, before those there are."""
    from storage.sealing import KeyRing

    typer.echo(KeyRing.make(key_id))


@keys.command("rotate")
def rotate_keys() -> None:
    """Turn what is stored to the first key of JAMIN_KEYS, while the program runs; may be cut short and begun again."""
    from bot.rotating import rotate_until_done

    logs.set_up()
    _run(rotate_until_done(_settings()))


@erasures.command("list")
def list_erased() -> None:
    """Print a line for each chat that was erased. Keep it apart from the database, hourly."""
    from bot.erasing import list_erasures

    logs.set_up()
    _run(list_erasures(_settings()))


@erasures.command("replay")
def replay_erased(file: Path) -> None:
    """Erase again what a kept list names: after restoring an older backup, before anybody is served."""
    from bot.erasing import ListError, replay_erasures

    logs.set_up()
    try:
        _run(replay_erasures(_settings(), file.read_text().splitlines()))
    except (ListError, UnicodeDecodeError) as error:
        refuse(str(error))
    except FileNotFoundError:
        refuse(f"{file} is not there; name a list that `python -m bot erasures list` wrote")


# --- for the office --------------------------------------------------------------------------------------------------


@sponsors.command("add")
def add_sponsor(
    name: Annotated[str, typer.Argument(help="Who pays, as workers are told.")],
    niks: Annotated[Path, typer.Argument(metavar="FILE_OF_NIKS", help="One NIK a line; only their index is kept.")],
    payer: Annotated[str, typer.Option(help="state (APBN, APBD) or other (village, company, donor).")],
    first: Annotated[str, typer.Option("--from", help="The first contribution month, YYYY-MM.")],
    last: Annotated[str, typer.Option("--to", help="The last one, at most twelve months.")],
    quota: Annotated[int, typer.Option(min=1, help="How many workers at most.")],
    programmes: Annotated[str, typer.Option(help="jkk,jkm.")] = "jkk,jkm",
    share: Annotated[int, typer.Option(help="Per cent of JKK and JKM that is paid.")] = 100,
) -> None:
    """Keep a cohort; prints its reference."""
    from bot.sponsoring import SponsorError, niks_in, sponsor_from

    try:
        sponsor, listed = sponsor_from(name, payer, programmes, first, last, share), niks_in(niks)
    except (SponsorError, OSError) as error:
        refuse(str(error))
    _run(_with_sponsors(lambda cohorts: _lines_of(cohorts.add(sponsor, quota, listed))))


@sponsors.command("list")
def list_sponsors() -> None:
    """List the cohorts, one JSON object a line."""
    from bot.sponsoring import as_json

    async def lines(cohorts: Sponsors) -> list[str]:
        return [as_json(cohort) for cohort in await cohorts.all()]

    _run(_with_sponsors(lines))


@sponsors.command("report")
def report_sponsor(reference: str) -> None:
    """Print a cohort in numbers."""
    from bot.sponsoring import as_json

    async def lines(cohorts: Sponsors) -> list[str]:
        found = await cohorts.report(reference)
        return [as_json(found)] if found else refuse(f"no cohort {reference!r}; `sponsors list` names them")

    _run(_with_sponsors(lines))


async def _with_sponsors(lines: Callable[[Sponsors], Awaitable[list[str]]]) -> None:
    from bot.beside import opened
    from bot.sponsoring import Sponsors

    logs.set_up()
    async with opened(_settings()) as (database, keys):
        _print_lines(await lines(Sponsors(database, keys, Clock())))


async def _lines_of(line: Awaitable[str]) -> list[str]:
    return [await line]


@broadcasts.command("add")
def add_broadcast(
    text: Annotated[Path, typer.Argument(metavar="FILE", help="A file with the words, as workers will read them.")],
    standing: Annotated[str, typer.Option(help="member, paid or unpaid (this month); all who agreed by default.")] = "",
    area: Annotated[str, typer.Option(help="Two digits of a province or four of a regency.")] = "",
    occupation: Annotated[str, typer.Option(help="A code such as ojek_online.")] = "",
    language: Annotated[str, typer.Option(help="A language such as id.")] = "",
) -> None:
    """Keep a draft; prints its reference."""
    from bot.announcing import written

    try:
        words, audience = written(text), Audience(standing, area, occupation, language)
    except (ValueError, OSError) as error:
        refuse(str(error))
    _run(_with_broadcasts(lambda desk: desk.add(words, audience)))


@broadcasts.command("list")
def list_broadcasts() -> None:
    """List the broadcasts, one JSON object a line."""
    _run(_with_broadcasts(lambda desk: desk.all()))


@broadcasts.command("preview")
def preview_broadcast(reference: str) -> None:
    """Show the words as they will be read, and how many chats they go to now."""
    _run(_with_broadcasts(lambda desk: desk.preview(reference)))


@broadcasts.command("test")
def test_broadcast(reference: str, chat: Annotated[str, typer.Argument(help="A chat, as the desk names it.")]) -> None:
    """Send it to one chat within a minute."""
    _run(_with_broadcasts(lambda desk: desk.test(reference, chat)))


@broadcasts.command("schedule")
def schedule_broadcast(reference: str, at: At = "") -> None:
    """Send it from that moment on, now by default, between eight and eight."""
    _run(_with_broadcasts(lambda desk: desk.schedule(reference, _moment(at))))


@broadcasts.command("stop")
def stop_broadcast(reference: str) -> None:
    """Send no more of it; `schedule` goes on where it stopped."""
    _run(_with_broadcasts(lambda desk: desk.stop(reference)))


@broadcasts.command("report")
def report_broadcast(reference: str) -> None:
    """Print how far it is and what came of it."""
    _run(_with_broadcasts(lambda desk: desk.report(reference)))


async def _with_broadcasts(lines: Callable[[Announcing], Awaitable[list[str]]]) -> None:
    from bot.announcing import Announcing, UnknownBroadcastError
    from bot.beside import opened

    logs.set_up()
    settings = _settings()
    async with opened(settings) as (database, _):
        try:
            _print_lines(await lines(Announcing(database, Clock(), settings.on_behalf_of)))
        except UnknownBroadcastError as error:
            refuse(str(error))


# --- what they share -------------------------------------------------------------------------------------------------


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        refuse(str(error))


def _with_account() -> Settings:
    settings = _settings()
    if not (settings.whatsapp_token and settings.whatsapp_account_id):
        refuse("set JAMIN_WHATSAPP_TOKEN and JAMIN_WHATSAPP_ACCOUNT_ID; docs/channels.md says where Meta shows them")
    return settings


def _run(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    try:
        return run(work)
    except (KeysError, DatabaseUrlError, TracesError, WordingError) as error:
        refuse(str(error))
    except BrokenPipeError:
        raise  # Whoever read our lines has left, which is no fault: the command ends without a word.
    except OSError as error:
        refuse(f"cannot start: {error.strerror or error}; --port names another port, JAMIN_HOME another folder")


def _known(locale: str) -> None:
    if locale not in LOCALES:
        refuse(f"--locale is one of {', '.join(LOCALES)}")


def _moment(at: str) -> dt.datetime | None:
    try:
        return read_moment(at) if at else None
    except ValueError:
        refuse(f"--at must be written like 2026-12-31T09:00, not {at!r}")


def _day(at: str) -> dt.date:
    return jakarta(_moment(at) or dt.datetime.now(dt.UTC))


def _stdin() -> Iterable[str]:
    """The lines of stdin as they come; bytes that are no UTF-8 become marks rather than a fault."""
    stream = open(sys.stdin.fileno(), encoding="utf-8", errors="replace", newline="\n", closefd=False)  # noqa: SIM115
    return (line.removesuffix("\n") for line in stream)


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201
