"""Who may sign in: a file of names and passwords, and the sessions of those who did.

    # NAME:PASSWORD, or NAME:HASH as `htpasswd -B` writes it
    leila:$2y$05$…

A password is never printed, and kept no longer than it takes to compare.
"""

import hashlib
import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import bcrypt

from index.errors import InputError

# A browser stays signed in for so long, as long as the server runs.
SESSION_S = 14 * 24 * 3600
# So many wrong passwords for one name a minute; then nobody may try it until a minute is over.
MOST_FAILURES, PERIOD_S = 10, 60.0
_MOST_KEPT = 10_000
_N_LOCKS = 64
_HASH = re.compile(r"\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}")
_LIKE_HASH = re.compile(r"\$2[a-z]?\$[0-9]")


class TooManyTries(Exception):
    """A name was tried with too many wrong passwords."""


class Users:
    """Names with their passwords or hashes; safe to share between threads."""

    def __init__(self, secrets_by_name: Mapping[str, str], clock: Callable[[], float] = time.time):
        self._secrets = dict(secrets_by_name)
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._known: set[bytes] = set()
        self._failures: dict[str, list[float]] = {}
        # Of names that nobody has: however many are made up, no user's failures are forgotten.
        self._strangers: dict[str, list[float]] = {}
        self._counting = threading.Lock()
        self._locks = [threading.Lock() for _ in range(_N_LOCKS)]
        hashes = (secret for secret in self._secrets.values() if _HASH.fullmatch(secret))
        self._slowest = max(hashes, key=lambda secret: secret[4:6], default="")
        self._sessions: dict[bytes, tuple[str, float]] = {}

    @classmethod
    def read(cls, file: Path) -> "Users":
        """The users of a file. Raises InputError, in one line that tells no password."""
        try:
            lines = file.read_text("utf-8-sig").splitlines()
            open_to_others = file.stat().st_mode & 0o077
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is not UTF-8"
            raise InputError(f"'{file}' cannot be read: {why}") from None
        users = dict(_user(line, i, file) for i, line in enumerate(lines, 1) if _says(line))
        if not users:
            raise InputError(f"'{file}' names nobody; write a line NAME:PASSWORD for each")
        if open_to_others and not all(map(_HASH.fullmatch, users.values())):
            raise InputError(
                f"'{file}' holds passwords and others can read it; chmod 600 {file}, or keep "
                "hashes: htpasswd -B"
            )
        return cls(users)

    def check(self, name: str, password: str) -> bool:
        """Whether that is the password of that name; raises TooManyTries. Slow for a hash the first
        time."""
        proof = hmac.digest(self._key, f"{name}\0{password}".encode(), "sha256")
        if proof in self._known:
            return True
        # One try of a name at a time, so that each is counted before the next.
        with self._locks[hash(name) % _N_LOCKS]:
            if proof not in self._known:
                if len(self._recent(name)) >= MOST_FAILURES:
                    raise TooManyTries
                if not self._is_right(name, password):
                    self._count(name)
                    return False
                self._known.add(proof)
        return True

    def _is_right(self, name: str, password: str) -> bool:
        secret = self._secrets.get(name, "")
        if not _HASH.fullmatch(secret):  # the time it takes does not tell who is in the file
            _matches(password, self._slowest)
        return bool(secret) and _matches(password, secret)

    def _count(self, name: str) -> None:
        kept = self._failures if name in self._secrets else self._strangers
        with self._counting:
            kept[name] = [*self._recent(name), self._clock()]
            _cut(self._strangers)

    def sign_in(self, name: str) -> str:
        """A new session of a user whose password was checked: what the browser shows from now
        on."""
        token = secrets.token_urlsafe(32)
        self._sessions[_short(token)] = (name, self._clock() + SESSION_S)
        _cut(self._sessions)
        return token

    def sign_out(self, token: str) -> None:
        """End a session, if there is one."""
        self._sessions.pop(_short(token), None)

    def user_of(self, token: str) -> str | None:
        """Whose session that is, while it lasts."""
        name, until = self._sessions.get(_short(token), ("", 0.0))
        return name if self._clock() < until else None

    def _recent(self, name: str) -> list[float]:
        since = self._clock() - PERIOD_S
        kept = self._failures if name in self._secrets else self._strangers
        return [when for when in kept.get(name, ()) if when > since]


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _user(line: str, i: int, file: Path) -> tuple[str, str]:
    name, colon, secret = line.strip().partition(":")
    if not (name and colon and secret):
        raise InputError(f"line {i} of '{file}' is not NAME:PASSWORD")
    if _LIKE_HASH.match(secret) and not _HASH.fullmatch(secret):
        raise InputError(f"line {i} of '{file}' holds a damaged hash; write it anew: htpasswd -B")
    return name, secret


def _matches(password: str, secret: str) -> bool:
    if not _HASH.fullmatch(secret):
        return hmac.compare_digest(password.encode(), secret.encode())
    # bcrypt looks at 72 bytes, as htpasswd has it.
    return bcrypt.checkpw(password.encode()[:72], secret.replace("$2y$", "$2b$", 1).encode())


def _short(token: str) -> bytes:
    """Sessions are kept by a digest: looking one up tells nothing by the time it takes."""
    return hashlib.sha256(token.encode()).digest()


def _cut(kept: dict) -> None:  # type: ignore[type-arg]
    """Forget the oldest."""
    while len(kept) > _MOST_KEPT:
        kept.pop(next(iter(kept)))
