"""The templates: their files, WhatsApp's limits, and the commands that list them and hand them in."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.channels.whatsapp import templates
from bot.channels.whatsapp.templates import Template, faults, load_templates
from bot.cli import cli
from bot.settings import Settings
from bot.template_commands import list_all, submit_all
from bot.wording import WordingError
from conversations.letters import PLACEHOLDERS
from tests.fakes import graph_api
from tests.fakes.graph_api import FakeGraphApi
from tests.fakes.graph_templates import ACCOUNT

DUE = Template(
    "payment_due",
    "id",
    "utility",
    "Iuran bulan {month} dibayar sampai {due}, Kak.",
    "Baca",
    True,
    "status",
    {"month": "Desember 2026", "due": "15 Desember 2026"},
)


# --- the files -------------------------------------------------------------------------------------------------------


def test_every_template_of_the_core_has_a_file() -> None:
    """What the core names is there, and nothing else is."""
    assert load_templates().keys() == PLACEHOLDERS.keys()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "Payment-Due"}, "small letters"),
        ({"body": "Iuran {month} sampai besok, Kak."}, "placeholders are"),
        ({"examples": {"month": "Desember 2026", "due": ""}}, "examples"),
        ({"button": "x" * 21}, "button has 21"),
        ({"button": ""}, "button has 0"),
        ({"word": "bayar"}, "bayar is no word"),
        ({"body": "x" * 1010 + " {month} {due} Kak."}, "characters, 1 to 1024"),
        ({"body": "{month} iuran sampai {due} ya, Kak."}, "neither at the start"),
        ({"body": "Iuran Kakak bulan {month} sampai {due}"}, "neither at the start"),
        ({"body": "Iuran Kakak sampai {month} {due} ya."}, "nor beside another"),
        ({"body": "Iuran {month}, {due} ya"}, "too few words"),
        ({"body": "Iuran\tbulan {month} sampai {due} ya."}, "no tabs"),
        ({"body": "Iuran bulan {month} sampai {due} atau {due}, Kak ya."}, "each once"),
    ],
)
def test_what_whatsapp_would_refuse_is_a_fault(change: dict[str, object], says: str) -> None:
    """Each limit is told before WhatsApp does."""
    assert list(faults(DUE)) == []
    assert any(says in fault for fault in faults(DUE._replace(**change)))  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["category = 'gratis'", "not toml", "category = 'utility'\nbody = 'Halo'\nx = 1"])
def test_a_faulty_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, written: str) -> None:
    """A file that can't be read, and templates that are missing, are all named at once."""
    (tmp_path / "id" / "templates").mkdir(parents=True)
    (tmp_path / "id" / "templates" / "news.toml").write_text(written)
    monkeypatch.setattr(templates, "LOCALES", tmp_path)
    with pytest.raises(WordingError) as wrong:
        load_templates.__wrapped__("id")
    assert "locales/id/templates/news.toml" in str(wrong.value)
    assert "payment_due.toml is missing" in str(wrong.value)


def test_values_are_made_fit() -> None:
    """Lines and spaces in a value become one space: WhatsApp takes no others."""
    [body, _] = DUE.shape({"month": "Desember\n\n 2026", "due": "15"})["template"]["components"]
    assert body["parameters"][0]["text"] == "Desember 2026"


# --- the commands ----------------------------------------------------------------------------------------------------


@pytest.fixture
def account() -> FakeGraphApi:
    """An account without templates."""
    return FakeGraphApi()


def at(graph: FakeGraphApi, token: str = graph_api.TOKEN, account: str = ACCOUNT) -> Settings:
    """The settings for it."""
    return Settings(
        mode="demo",
        whatsapp_api_url=graph.url,
        whatsapp_token=token,
        whatsapp_account_id=account,
        whatsapp_phone_id="1",
        whatsapp_app_secret="s",
        whatsapp_verify_token="v",
    )


async def test_what_is_missing_is_handed_in_once(account: FakeGraphApi, capsys: pytest.CaptureFixture[str]) -> None:
    """Listed as missing, handed in, looked at, approved: after that there is nothing to do."""
    async with account.running():
        await list_all(at(account), "id")
        assert capsys.readouterr().out.count("\tmissing\n") == len(PLACEHOLDERS)
        await submit_all(at(account), "id")
        assert sorted(capsys.readouterr().out.split()) == sorted(f"jamin_{name}" for name in PLACEHOLDERS)
        await submit_all(at(account), "id")
        await list_all(at(account), "id")
        assert capsys.readouterr().out.count("\tpending\n") == len(PLACEHOLDERS)
        account.templates.decide()
        await submit_all(at(account), "id")
        await list_all(at(account), "id")
        assert "jamin_news\tid\tutility\tapproved\n" in capsys.readouterr().out


async def test_what_differs_is_named_and_handed_in_again(
    account: FakeGraphApi, capsys: pytest.CaptureFixture[str]
) -> None:
    """A text changed there or here, a category changed by Meta, a refusal with its reason: all are told."""
    async with account.running():
        await submit_all(at(account), "id")
        account.templates.decide()
        account.templates.decide("REJECTED", "jamin_news", "INVALID_FORMAT")
        held = account.templates.held["jamin_payment_due", "id"]
        held["components"][0]["text"] = "Bayar {{month}} sampai {{due}} ya."
        held["category"] = "MARKETING"
        capsys.readouterr()
        await list_all(at(account), "id")
        told = capsys.readouterr().out
        assert "jamin_news\tid\tutility\trejected\tinvalid_format\n" in told
        assert "jamin_payment_due\tid\tutility\tapproved\tdiffers: category, body\n" in told
        await submit_all(at(account), "id")
        assert capsys.readouterr().out == "jamin_payment_due\n"
        assert held["status"] == "PENDING"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"token": "wrong"}, "whatsapp_business_management"),
        ({"account": "1"}, "JAMIN_WHATSAPP_ACCOUNT_ID"),
    ],
)
async def test_a_refusal_names_what_to_put_right(
    account: FakeGraphApi, capsys: pytest.CaptureFixture[str], given: dict[str, str], says: str
) -> None:
    """A token without the permission and a wrong account end with 1 and the setting's name."""
    async with account.running():
        with pytest.raises(typer.Exit):
            await list_all(at(account, **given), "id")
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("command", ["list", "submit"])
def test_what_is_not_set_is_named(command: str) -> None:
    """Without a token and an account the commands end with 2 and say what to set."""
    told = CliRunner().invoke(cli, ["templates", command], env={"JAMIN_WHATSAPP_TOKEN": "", "JAMIN_MODE": "demo"})
    assert told.exit_code == 2
    assert "JAMIN_WHATSAPP_TOKEN and JAMIN_WHATSAPP_ACCOUNT_ID" in told.output


def test_nobody_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the API is not reached, the setting to look at is named."""
    nowhere = FakeGraphApi()
    nowhere.url = "http://127.0.0.1:1"
    with pytest.raises(typer.Exit):
        asyncio.run(list_all(at(nowhere), "id"))
    assert "JAMIN_WHATSAPP_API_URL" in capsys.readouterr().err
