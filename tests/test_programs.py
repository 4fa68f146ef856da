"""Programs ask a real server: by Gradio's client, over MCP, with plain HTTP."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from assistant.assistant import Assistant
from index.search import Searcher
from tests.browsing import served
from tests.conftest import ROOT, sanad
from ui import chat
from ui.serving import Options

QUESTION = "متى تأسست منظمة التعاون الإسلامي؟"


@pytest.fixture(scope="module")
def address(searcher: Searcher) -> Iterator[str]:
    with served(chat.build_app(Assistant(searcher), options=Options(mcp=True))) as url:
        yield url


@pytest.fixture(scope="module")
def client(address: str) -> Client:
    return Client(address, verbose=False)


def untimed(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"timings_ms": None}


def test_programs_see_three_functions_each_parameter_described_and_nothing_else(
    address: str,
) -> None:
    info = httpx.get(f"{address}gradio_api/info").json()
    assert info["unnamed_endpoints"] == {}
    assert set(info["named_endpoints"]) == {"/search", "/ask", "/passage"}
    taken = [p["parameter_name"] for p in info["named_endpoints"]["/ask"]["parameters"]]
    assert taken == ["question", "language", "since", "until", "outlet", "path"]


def test_what_programs_are_given_is_what_the_commands_print(
    client: Client, seeds_index: Path
) -> None:
    printed = sanad("ask", QUESTION, "--json", "--language", "ar", "--index", seeds_index).stdout
    asked = client.predict(question=QUESTION, language=["ar"], api_name="/ask")
    assert untimed(asked) == untimed(json.loads(printed))
    printed = sanad("search", "Kazan", "-k", "3", "--json", "--index", seeds_index).stdout
    assert client.predict(query="Kazan", k=3, api_name="/search") == json.loads(printed)


def test_a_passage_holds_what_a_citation_quotes(client: Client) -> None:
    (citation, *_) = client.predict(question=QUESTION, api_name="/ask")["citations"]
    passage = client.predict(passage_id=citation["passage_id"], api_name="/passage")
    start, end = (citation[name] - passage["start"] for name in ("start", "end"))
    assert passage["text"][start:end] == citation["quote"]
    assert passage["doc_id"] == citation["doc_id"]


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("/search", {"query": " "}, "the query is empty"),
        ("/search", {"query": "x", "k": 0}, "ask for 1 to 100"),
        ("/ask", {"question": "?" * 2001}, "2,001 characters"),
        ("/ask", {"question": "x", "since": "May"}, "no day, month or year"),
        ("/ask", {"question": "x", "since": "2024", "until": "2023"}, "swap them"),
        ("/ask", {"question": "x", "language": ["tlh"]}, "holds nothing in 'tlh'"),
        ("/passage", {"passage_id": "gone#0-1"}, "there is no passage 'gone#0-1'"),
    ],
)
def test_a_program_is_told_in_a_line_what_it_did_wrong(
    client: Client, name: str, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(AppError, match=said):
        client.predict(api_name=name, **given)


def test_over_mcp_the_same_three_are_tools_that_give_json(address: str, client: Client) -> None:
    async def use() -> tuple[Any, Any, Any]:
        async with (
            streamable_http_client(f"{address}gradio_api/mcp/") as (reads, writes, _),
            ClientSession(reads, writes) as session,
        ):
            await session.initialize()
            asked = await session.call_tool("ask", {"question": QUESTION})
            wrong = await session.call_tool("passage", {"passage_id": "gone"})
            return await session.list_tools(), asked, wrong

    listed, asked, wrong = asyncio.run(use())
    assert {tool.name for tool in listed.tools} == {"search", "ask", "passage"}
    for tool in listed.tools:
        assert all(p["description"] for p in tool.inputSchema["properties"].values())
    by_http = client.predict(question=QUESTION, api_name="/ask")
    assert untimed(json.loads(asked.content[0].text)) == untimed(by_http)
    assert wrong.isError
    assert "there is no passage 'gone'" in wrong.content[0].text


def test_many_at_once_are_each_given_the_answer_to_their_own_question(address: str) -> None:
    def ask(n: int) -> tuple[int, bool, str]:
        question = f"{QUESTION} ({n})"
        given = {"data": [question, None, None, None, None, None]}
        told = httpx.post(f"{address}gradio_api/run/ask", json=given, timeout=60)
        return told.status_code, told.json()["data"][0]["question"] == question, str(n)

    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(ask, range(36)))
    assert told == [(200, True, str(n)) for n in range(36)]


def test_the_clients_of_the_readme_run(address: str) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    lines = readme.split("### Programs")[1].split("\n#")[0].splitlines()
    source = "\n".join(line[4:] for line in lines if line.startswith("    "))
    assert source.count("http://127.0.0.1:7860/") == 2
    source = source.replace("http://127.0.0.1:7860/", address)
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("1969") >= 2
