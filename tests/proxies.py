"""A reverse proxy as small as can be, that shows an app at a path of its own."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from tests.browsing import served

_OWN = {"host", "connection", "transfer-encoding"}


def proxy(target: str, path: str, forwarded: bool) -> Starlette:
    """Shows `target` at `path`; tells it where it is shown by X-Forwarded-Host if `forwarded`, and
    is otherwise as nginx is without a word about headers."""
    client = httpx.AsyncClient(base_url=target, timeout=60)

    async def forward(request: Request) -> Response:
        headers = {k: v for k, v in request.headers.items() if k not in _OWN}
        if forwarded:
            headers["x-forwarded-host"] = request.headers["host"]
        url = request.url.path.removeprefix(path)
        asked = client.build_request(
            request.method, url or "/", params=request.url.query, headers=headers,
            content=await request.body(),
        )  # fmt: skip
        answer = await client.send(asked, stream=True)
        return StreamingResponse(answer.aiter_raw(), answer.status_code, dict(answer.headers))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await client.aclose()

    methods = ["GET", "HEAD", "POST", "PUT", "DELETE"]
    return Starlette(
        routes=[Route(path + "{rest:path}", forward, methods=methods)], lifespan=lifespan
    )


@contextmanager
def proxied(target: str, path: str, forwarded: bool = False, port: int = 0) -> Iterator[str]:
    """The address at which the proxy shows `target`."""
    with served(proxy(target, path, forwarded), port) as url:
        yield url.rstrip("/") + path
