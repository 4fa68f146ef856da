"""The address that answers the chat page: a question goes in, and its answer comes out as it grows,
each time as one line of JSON. A reader who stops it, or goes away, closes the connection.

It is no event of Gradio: its queue, its messages and a page that is drawn anew for each of them
took longer than finding the answer (`eval/LOG.md`).
"""

import json
from collections.abc import AsyncIterator, Generator
from contextlib import closing
from typing import Any

from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from ui.turns import Answering, Asked, answer_turn

# A proxy is to pass each line on as it comes.
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def route(assistant: Answering) -> Route:
    """`POST /answer` takes what `Asked.of` reads, and gives what `answer_turn` does."""

    async def answer(request: Request) -> Response:
        asked = Asked.of(_parsed(await request.body()))
        if asked is None:
            return PlainTextResponse("This is no question of the page.", 400)
        lines = _lines(answer_turn(assistant, asked))
        return StreamingResponse(lines, media_type="application/x-ndjson", headers=_HEADERS)

    return Route("/answer", answer, methods=["POST"])


async def _lines(turn: Generator[dict[str, Any], None, None]) -> AsyncIterator[bytes]:
    with closing(turn):  # of a reader who goes, at once
        async for shown in iterate_in_threadpool(turn):
            yield json.dumps(shown, ensure_ascii=False).encode() + b"\n"


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
