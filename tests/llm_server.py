"""A server that speaks the OpenAI chat-completions protocol (SSE) and Ollama's (NDJSON), and
misbehaves when told to: the other side of the wire for the tests of language models."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ModelServer:
    """Answers every question with `pieces`; `asked` are the bodies of the requests so far.

    `status` other than 200 fails at once, with the header Location where `location` is given; `cut`
    breaks the connection off after the last piece; `finish` is the reason it gives for stopping,
    None gives none; `hang` waits after the first piece until the server is stopped.
    """

    pieces: tuple[str, ...] = ()
    status: int = 200
    location: str = ""
    cut: bool = False
    finish: str | None = "stop"
    hang: bool = False
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def prompt(self) -> str:
        """The text of the last request, instructions and all."""
        return "\n".join(message["content"] for message in self.asked[-1]["messages"])


@contextmanager
def serving_model(*pieces: str, **behaviour: Any) -> Iterator[ModelServer]:
    """A server on a free port of this machine."""
    model = ModelServer(pieces, **behaviour)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            model.asked.append(json.loads(body))
            model.keys.append(self.headers.get("Authorization"))
            if model.status != 200:
                self._fail()
                return
            self.send_response(200)
            ollama = self.path == "/api/chat"
            kind = "application/x-ndjson" if ollama else "text/event-stream"
            self.send_header("Content-Type", kind)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for line in _ollama(model) if ollama else _openai(model):
                self._chunk(line)
                if model.hang:
                    model.stopped.wait(30)
            if not model.cut:
                self._chunk("")
            self.close_connection = True

        def _fail(self) -> None:
            text = json.dumps({"error": {"message": "bad key sk-secret"}}).encode()
            self.send_response(model.status)
            self.send_header("Content-Length", str(len(text)))
            if model.location:
                self.send_header("Location", model.location + self.path)
            self.end_headers()
            self.wfile.write(text)

        def _chunk(self, text: str) -> None:
            data = text.encode()
            try:
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            except OSError:  # the other side has given up
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    model.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield model
    finally:
        model.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _openai(model: ModelServer) -> Iterator[str]:
    for piece in model.pieces:
        yield _event({"role": "assistant", "content": piece}, None)
    if model.finish and not model.cut:
        yield _event({}, model.finish)
        yield "data: [DONE]\n\n"


def _event(delta: dict[str, str], finish: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [choice],
    }
    return f"data: {json.dumps(chunk)}\n\n"


def _ollama(model: ModelServer) -> Iterator[str]:
    for piece in model.pieces:
        message = {"role": "assistant", "content": piece}
        yield json.dumps({"model": "m", "message": message, "done": False}) + "\n"
    if model.finish and not model.cut:
        last = {"message": {"role": "assistant", "content": ""}, "done": True}
        yield json.dumps({"model": "m", **last, "done_reason": model.finish}) + "\n"
