"""For who runs the desk: who works at it, and the trail of what they do."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.shared import print_lines, refuse, run, the_settings

if TYPE_CHECKING:
    from bot.desk.accounts import Accounts

operators = typer.Typer(no_args_is_help=True, help="Who works at the desk. Passwords are printed once.")
audit = typer.Typer(no_args_is_help=True, help="The trail of what staff do.")

Role = Annotated[str, typer.Option(help="operator, supervisor, editor, auditor or administrator.")]


@operators.command("add")
def add_operator(name: str, role: Role) -> None:
    """Add an operator and print their one-time password."""
    typer.echo(_changed(lambda accounts: accounts.add(name, _role(role))))


@operators.command("list")
def list_operators() -> None:
    """Print everybody, one JSON object a line."""
    from bot.desk.commands import listed

    print_lines(run(listed(the_settings())))


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
    checked, line = run(verified(the_settings(), row))
    typer.echo(line)
    raise typer.Exit(checked.broken is not None)


def _changed(change: Callable[[Accounts], Coroutine[Any, Any, str | None]]) -> str | None:
    from bot.desk.accounts import AccountError
    from bot.desk.commands import changed

    try:
        return run(changed(the_settings(), change))
    except AccountError as error:
        refuse(type(error).__doc__ or "")


def _role(role: str) -> str:
    from bot.desk.roles import ROLES

    if role not in ROLES:
        refuse(f"a role is one of {', '.join(ROLES)}")
    return role
