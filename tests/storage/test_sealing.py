"""Sealing: bound to its place, erased with its key, found again by index."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing import BrokenSealError, KeyRing, KeysError, Wrapped

GOOD = f"a:{base64.b64encode(bytes(32)).decode()}"
RING = KeyRing.from_text(KeyRing.make())
_, KEY = RING.new_key("chats.x")


@given(st.binary(max_size=5000), st.text(max_size=40))
def test_what_is_sealed_opens_at_its_place(plain: bytes, place: str) -> None:
    """Opening gives back what was sealed for the same place."""
    assert KEY.open(KEY.seal(plain, place), place) == plain


def test_what_is_moved_does_not_open() -> None:
    """Ciphertext copied to another row, or altered, does not open."""
    sealed = KEY.seal(b"3174", "people.data.1")
    with pytest.raises(BrokenSealError, match=r"people\.data\.2"):
        KEY.open(sealed, "people.data.2")
    with pytest.raises(BrokenSealError):
        KEY.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "people.data.1")
    with pytest.raises(BrokenSealError):
        KEY.open(b"", "people.data.1")


def test_a_wrapped_key_belongs_to_its_owner() -> None:
    """A data key unwraps for its owner only, and opens what was sealed before."""
    wrapped, key = RING.new_key("chats.a")
    assert KeyRing.from_text(KeyRing.make()).index("nik", "1") != RING.index("nik", "1")
    assert RING.unwrap(wrapped, "chats.a").open(key.seal(b"x", "p"), "p") == b"x"
    other, _ = RING.new_key("chats.b")
    with pytest.raises(BrokenSealError):
        RING.unwrap(other, "chats.a")


def test_an_older_key_still_opens_and_finds() -> None:
    """After a new key was put in front, the older one opens what it sealed and its indexes are still looked up."""
    old, new = KeyRing.make("old"), KeyRing.make("new")
    before, after = KeyRing.from_text(old), KeyRing.from_text(f"{new},{old}")
    wrapped, key = before.new_key("chats.a")
    assert after.unwrap(wrapped, "chats.a").open(key.seal(b"x", "p"), "p") == b"x"
    assert after.new_key("chats.a")[0].key_id == "new"
    assert before.index("nik", "3174") in after.indexes("nik", "3174")
    assert after.indexes("nik", "3174")[0] == after.index("nik", "3174") != before.index("nik", "3174")


def test_indexes_of_different_kinds_differ() -> None:
    """The same digits as NIK and as phone have different indexes."""
    assert RING.index("nik", "081234567890") != RING.index("phone", "081234567890")


def test_a_missing_key_names_the_setting_and_the_key() -> None:
    """A row sealed with a key that is not in the setting says which setting lacks which key."""
    with pytest.raises(KeysError, match=r"JAMIN_KEYS.*'gone'"):
        RING.unwrap(Wrapped("gone", b"x" * 60), "chats.a")


SHORT = base64.b64encode(b"short").decode()


@pytest.mark.parametrize("text", ["", "k1", "k1:", f"k1:{SHORT}", "k1:$$$", "bad id:AAAA", f"{GOOD},a:x"])
def test_unreadable_keys_are_refused_without_showing_them(text: str) -> None:
    """Keys written wrongly are refused by the setting's name, and the message holds no key."""
    with pytest.raises(KeysError, match="JAMIN_KEYS") as refused:
        KeyRing.from_text(text)
    assert SHORT not in str(refused.value)
