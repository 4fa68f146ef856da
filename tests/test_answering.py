"""The address that answers the page: what it takes, gives, and stops."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.browsing import served
from tests.chatting import ENGLISH, Stub
from ui import chat

STUB = Stub()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(chat.build_app(STUB)) as url:
        yield f"{url}answer"


@pytest.mark.parametrize("body", ["", "[]", "{", '{"turn": "x y", "question": "Who?"}'])
def test_what_is_no_question_of_the_page_is_refused(address: str, body: str) -> None:
    assert httpx.post(address, content=body).status_code == 400


def test_a_page_of_another_host_gets_no_answer(address: str) -> None:
    asked = {"turn": "t1", "question": ENGLISH}
    sent = httpx.post(address, json=asked, headers={"Origin": "http://evil.example"})
    assert sent.status_code == 403


def test_an_answer_comes_as_lines_the_last_of_which_is_whole(address: str) -> None:
    sent = httpx.post(address, json={"turn": "t1", "question": "write it", "language": "en"})
    begun, whole = map(json.loads, sent.text.splitlines())
    assert not begun["done"]
    assert begun.keys() == {"html", "done"}
    assert whole["done"]
    assert whole["said"]["query"] == whole["kept"]["question"] == "write it"


def test_who_goes_away_is_answered_no_further(address: str) -> None:
    asked = {"turn": "t1", "question": "endless"}
    with httpx.stream("POST", address, json=asked) as response:
        next(response.iter_lines())
        assert not STUB.ended.is_set()
    assert STUB.ended.wait(5)
