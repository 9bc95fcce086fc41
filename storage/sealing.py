"""Sealing what is personal (law 10).

Every chat and every person has a data key of its own. It is stored wrapped by a master key, so that destroying the
wrapped key erases all that was sealed with it, in backups too. What is sealed is bound to its table, column and row:
ciphertext moved elsewhere does not open. What must be found again has an index, an HMAC under a key derived from the
master key.

    SealingError
     ├─ KeysError       the setting JAMIN_KEYS is missing, unreadable, or lacks a key that rows were sealed with
     └─ BrokenSealError ciphertext that was altered, moved, or sealed with another key
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import re
from collections import OrderedDict
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_INDEX = 16
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_REMEMBERED = 20_000
_LEAST_VARIED = 12
"""Different bytes in a key. Of 32 drawn at random there are fewer less than once in 10^18 times; an example has one."""


class SealingError(Exception):
    """Something could not be sealed or opened."""


class KeysError(SealingError):
    """The master keys in the setting JAMIN_KEYS are not usable."""


class BrokenSealError(SealingError):
    """Ciphertext that was altered, moved to another row, or sealed with another key."""


class DataKey:
    """The key of one chat or one person; seals and opens the columns of its rows."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt for one place, written "table.column.row"."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what was sealed for this place.

        Raises:
            BrokenSealError: it was altered, moved, or sealed with another key.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise BrokenSealError(f"what is stored at {place} does not open with its key") from error


class Wrapped(NamedTuple):
    """A data key as it is stored: wrapped by the master key of that id."""

    key_id: str
    data_key: bytes


class _MasterKey:
    """One master key: wraps data keys and derives the key of the indexes."""

    def __init__(self, key_id: str, key: bytes) -> None:
        self.id = key_id
        self.wrapping = DataKey(_derived(key, b"jamin wrap"))
        self.index_key = _derived(key, b"jamin index")


class KeyRing:
    """The master keys; the first one seals, all of them open."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        """Take 32-byte keys by their id; the first in order seals."""
        self._keys = {key_id: _MasterKey(key_id, key) for key_id, key in keys.items()}
        self._first = next(iter(self._keys.values()))
        self._opened: OrderedDict[bytes, DataKey] = OrderedDict()

    @classmethod
    def from_text(cls, text: str) -> KeyRing:
        """Read the setting JAMIN_KEYS, "id:base64[,id:base64…]"; each key is 32 bytes.

        Raises:
            KeysError: the text is empty or written in any other way. The message never holds a key.
        """
        keys: dict[str, bytes] = {}
        for number, part in enumerate(text.split(","), start=1):
            key_id, _, encoded = part.strip().partition(":")
            if not _KEY_ID.fullmatch(key_id) or key_id in keys:
                raise KeysError(f"JAMIN_KEYS: entry {number} needs an id of its own, as in id:base64")
            keys[key_id] = _decoded(encoded, key_id)
        return cls(keys)

    @staticmethod
    def make(key_id: str = "k1") -> str:
        """Return a new random master key, written as JAMIN_KEYS wants it."""
        return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"

    def new_key(self, owner: str) -> tuple[Wrapped, DataKey]:
        """Make the data key of a chat or a person; `owner` is "chats.<ref>" or "people.<id>"."""
        key = os.urandom(32)
        return Wrapped(self._first.id, self._first.wrapping.seal(key, owner)), DataKey(key)

    def unwrap(self, wrapped: Wrapped, owner: str) -> DataKey:
        """Return the data key of that owner; those used lately are remembered.

        Raises:
            KeysError: its master key is not in JAMIN_KEYS.
            BrokenSealError: it was wrapped by another key of that id or belongs to another owner.
        """
        known = self._opened.get(wrapped.data_key)
        if known is not None:
            self._opened.move_to_end(wrapped.data_key)
            return known
        opened = DataKey(self._master(wrapped.key_id).wrapping.open(wrapped.data_key, owner))
        self._opened[wrapped.data_key] = opened
        if len(self._opened) > _REMEMBERED:
            self._opened.popitem(last=False)
        return opened

    @property
    def first(self) -> str:
        """The id of the key that seals."""
        return self._first.id

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys."""
        return tuple(self._keys)

    def rewrapped(self, wrapped: Wrapped, owner: str) -> Wrapped:
        """Return a data key wrapped by the first master key.

        Raises:
            KeysError: its master key is not in JAMIN_KEYS.
            BrokenSealError: it was wrapped by another key of that id or belongs to another owner.
        """
        key = self._master(wrapped.key_id).wrapping.open(wrapped.data_key, owner)
        return Wrapped(self._first.id, self._first.wrapping.seal(key, owner))

    def index(self, kind: str, value: str) -> bytes:
        """Return the 16-byte index of a value under the first master key; `kind` keeps indexes of one value apart."""
        return _index(self._first, kind, value)

    def indexes(self, kind: str, value: str) -> tuple[bytes, ...]:
        """Return the indexes of a value under every master key, the first one first: older keys wrote some rows."""
        return tuple(_index(key, kind, value) for key in self._keys.values())

    def _master(self, key_id: str) -> _MasterKey:
        try:
            return self._keys[key_id]
        except KeyError:
            raise KeysError(f"JAMIN_KEYS: the key {key_id!r}, which stored rows need, is missing") from None


def _index(key: _MasterKey, kind: str, value: str) -> bytes:
    return hmac.digest(key.index_key, f"{kind}|{value}".encode(), "sha256")[:_INDEX]


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)


def _decoded(encoded: str, key_id: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise KeysError(f"JAMIN_KEYS: the key {key_id!r} is not 32 bytes in base64")
    if len(set(key)) < _LEAST_VARIED:
        raise KeysError(f"JAMIN_KEYS: the key {key_id!r} is one that anybody could guess; `python -m bot keys new`")
    return key
