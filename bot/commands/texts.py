"""`python -m bot texts …`, for those who write and translate what is said."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import refuse
from bot.texts import catalogue, check
from bot.texts.catalogue import SOURCE
from bot.texts.signing import signature
from bot.wording import faults as unfit
from bot.wording import load_speech
from conversations.reading.language import LANGUAGES

texts = typer.Typer(no_args_is_help=True, help="For those who write and translate what is said.")

OTHERS = tuple(locale for locale in LANGUAGES if locale != SOURCE)
Locale = Annotated[str, typer.Argument(help=f"One of {', '.join(OTHERS)}.")]


@texts.command("check")
def check_texts() -> None:
    """List what is wrong, by file and line, then how much of each language is there; 1 for a fault."""
    found = [str(fault) for fault in check.unsaid_in_code()]
    for locale in OTHERS:
        found += map(str, check.faults(locale))
    for locale in LANGUAGES:
        found += unfit(load_speech(locale))
    for line in (*found, *map(_standing, OTHERS)):
        typer.echo(line)
    raise typer.Exit(bool(found))


@texts.command("missing")
def list_missing(locale: Locale) -> None:
    """List what a language lacks, by file and line, each with the Indonesian words."""
    for fault in check.undone(_known(locale)):
        source = catalogue.read(SOURCE).get(fault.key)
        typer.echo(f"{fault}\t{' '.join(source.forms[0].split()) if source else ''}")


@texts.command("update")
def update_texts() -> None:
    """Bring the other catalogues up to date with the Indonesian one: empty entries for what is new, no words lost."""
    for locale in OTHERS:
        fresh = catalogue.updated(locale)
        catalogue.file_of(locale).parent.mkdir(parents=True, exist_ok=True)
        catalogue.file_of(locale).write_text(fresh, encoding="utf-8")
        catalogue.read.cache_clear()
        typer.echo(_standing(locale))


def gallery(out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path("var/gallery")) -> None:
    """Write one page with all that is said, in every language, as each channel shows it; its path is printed."""
    from bot.texts.gallery import write_gallery

    try:
        typer.echo(write_gallery(out))
    except OSError as error:
        refuse(f"cannot write into {out}: {error.strerror}; choose another folder with --out")


def _standing(locale: str) -> str:
    """Say in one line how a language stands."""
    share, signed = check.share(locale), signature(locale)
    state = f"signed off by {signed.by} on {signed.on.isoformat()}" if signed else "draft, not offered to live workers"
    return f"{locale}\t{share.percent} %\t{share.there} of {share.wanted}\t{state}"


def _known(locale: str) -> str:
    if locale not in OTHERS:
        refuse(f"the language is one of {', '.join(OTHERS)}")
    return locale
