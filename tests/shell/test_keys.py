"""Where the master keys come from, and that nothing serves with keys that are wrong, missing or known to everybody."""

from __future__ import annotations

import base64
import shlex
import sys
from pathlib import Path

import pytest

from bot.keys import keys_told
from bot.opening import load_keys
from bot.settings import Settings, SettingsError, load_settings
from storage.sealing import KeyRing, KeysError

KEYS = KeyRing.make("k7")


def printing(text: str) -> str:
    """A command that prints something."""
    return shlex.join([sys.executable, "-c", f"print({text!r})"])


def test_keys_come_from_a_setting_a_file_or_a_command(tmp_path: Path) -> None:
    """Each way gives the same keys, and no file is made beside the database."""
    (tmp_path / "keys").write_text(KEYS + "\n")
    for way in ({"keys": KEYS}, {"keys_file": tmp_path / "keys"}, {"keys_command": printing(KEYS)}):
        settings = Settings(home=tmp_path / "home", **way)
        assert load_keys(settings).first == "k7"
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "way",
    [
        {"keys_file": Path("/nowhere/keys")},
        {"keys_file": Path("/dev/null")},
        {"keys_command": "/nowhere/vault read"},
        {"keys_command": f"{sys.executable} -c 'raise SystemExit(1)'"},
        {"keys_command": printing("")},
        {"keys_command": "unclosed '"},
    ],
)
def test_keys_that_cannot_be_had_stop_the_start(way: dict[str, object], tmp_path: Path) -> None:
    """What gives no key is named by its setting; nothing goes on with another key."""
    settings = Settings(home=tmp_path, **way)  # type: ignore[arg-type]
    with pytest.raises(KeysError, match=r"JAMIN_KEYS_(FILE|COMMAND)"):
        load_keys(settings)
    assert not (tmp_path / "master.key").exists()


@pytest.mark.parametrize("key", [bytes(32), b"\xff" * 32, b"0123456789" * 3 + b"01"])
def test_a_key_that_anybody_could_guess_is_none(key: bytes) -> None:
    """A key of an example, or of few different bytes, is refused."""
    with pytest.raises(KeysError, match="guess"):
        KeyRing.from_text(f"k1:{base64.b64encode(key).decode()}")


def test_there_is_no_default_key(tmp_path: Path) -> None:
    """Where none is set each installation draws its own, which only its owner may read."""
    homes = [tmp_path / name for name in ("a", "b")]
    for home in homes:
        home.mkdir()
        load_keys(Settings(home=home))
    drawn = [(home / "master.key").read_text() for home in homes]
    assert drawn[0] != drawn[1]
    assert [(home / "master.key").stat().st_mode & 0o077 for home in homes] == [0, 0]


def test_keys_come_one_way_only() -> None:
    """Two ways at once are refused, for one of them would be the wrong one."""
    with pytest.raises(SettingsError, match="JAMIN_KEYS_FILE"):
        load_settings(keys=KEYS, keys_command="x")


def test_settings_show_no_secret() -> None:
    """Printing the settings shows no key, token, secret or password of the database."""
    secret = "rahasia-sekali"
    names = ("telegram_secret", "whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token", "backend_secret")
    told = dict.fromkeys((*names, "keys"), secret)
    settings = Settings(
        mode="demo",
        telegram_token=f"1:{secret}",
        database_url=f"postgresql://jamin:{secret}@db/jamin",
        whatsapp_phone_id="1",
        **told,  # type: ignore[arg-type]
    )
    assert secret not in repr(settings)
    assert secret not in str(settings)
    assert keys_told(settings) == secret
