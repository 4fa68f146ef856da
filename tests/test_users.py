from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bcrypt
import pytest

from index.errors import InputError
from ui.users import MOST_FAILURES, SESSION_S, TooManyTries, Users


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "users"
    file.write_text(text, "utf-8")
    file.chmod(mode)
    return file


def test_names_stand_with_passwords_or_with_the_hashes_of_htpasswd(tmp_path: Path) -> None:
    hashed = bcrypt.hashpw(b"one:two", bcrypt.gensalt(4)).decode().replace("$2b$", "$2y$")
    users = Users.read(written(tmp_path, f"# who\n\nليلى:سر\nomar:{hashed}\n"))
    assert users.check("ليلى", "سر")
    assert users.check("omar", "one:two")
    for name, password in (("omar", hashed), ("omar", "one"), ("nobody", ""), ("", "")):
        assert not users.check(name, password)


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("leila:secret", 0o644, "others can read it; chmod 600"),
        ("secret", 0o600, "line 1 of '.*' is not NAME:PASSWORD"),
        ("# nobody", 0o600, "names nobody"),
        ("leila:$2y$05$secret", 0o600, "line 1 of '.*' holds a damaged hash"),
        ("leila:$2y$99$" + "a" * 53, 0o600, "damaged hash"),
        ("leila:$2y$05$" + "ä" * 53, 0o600, "damaged hash"),
    ],
)
def test_a_file_that_will_not_do_is_told_without_a_password(
    tmp_path: Path, text: str, mode: int, said: str
) -> None:
    with pytest.raises(InputError, match=said) as told:
        Users.read(written(tmp_path, text, mode))
    assert "secret" not in str(told.value)
    with pytest.raises(InputError, match="cannot be read"):
        Users.read(tmp_path / "none")


def test_a_name_is_closed_for_a_minute_after_many_wrong_passwords() -> None:
    now = 0.0
    users = Users({"leila": "right", "omar": "right"}, lambda: now)
    assert [users.check("leila", "wrong") for _ in range(MOST_FAILURES)] == [False] * MOST_FAILURES
    with pytest.raises(TooManyTries):
        users.check("leila", "right")
    assert users.check("omar", "right")
    now = 61.0
    assert users.check("leila", "right")


def test_made_up_names_do_not_open_a_closed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.users._MOST_KEPT", 5)
    users = Users({"leila": "right"}, lambda: 0.0)
    for name in ["leila"] * MOST_FAILURES + [f"nobody {i}" for i in range(9)]:
        assert not users.check(name, "wrong")
    with pytest.raises(TooManyTries):
        users.check("leila", "right")


def test_tries_at_the_same_time_are_counted_like_others() -> None:
    users = Users({"omar": bcrypt.hashpw(b"right", bcrypt.gensalt(4)).decode()})

    def tried(password: str) -> str:
        try:
            return str(users.check("omar", password))
        except TooManyTries:
            return "closed"

    with ThreadPoolExecutor(30) as pool:
        assert set(pool.map(tried, ["right"] * 30)) == {"True"}
        told = Counter(pool.map(tried, (f"wrong {i}" for i in range(30))))
    assert told == {"False": MOST_FAILURES, "closed": 30 - MOST_FAILURES}


@pytest.mark.parametrize("name", ["omar", "leila", "nobody"])
def test_no_name_is_refused_without_the_work_of_a_hash(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = Users({"leila": "x", "omar": bcrypt.hashpw(b"right", bcrypt.gensalt(4)).decode()})
    worked: list[bytes] = []
    monkeypatch.setattr(bcrypt, "checkpw", lambda password, _: bool(worked.append(password)))
    assert not users.check(name, "wrong")
    assert worked == [b"wrong"]


def test_a_session_is_its_users_until_it_ends_or_is_ended() -> None:
    now = 0.0
    users = Users({"leila": "right"}, lambda: now)
    mine, other = users.sign_in("leila"), users.sign_in("leila")
    users.sign_out(other)
    assert (users.user_of(mine), users.user_of(other), users.user_of("")) == ("leila", None, None)
    now = SESSION_S + 1.0
    assert users.user_of(mine) is None
