"""A model hub on the loopback that speaks the protocol of `huggingface_hub`, well or badly."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

COMMIT = "a" * 40


class _Handler(BaseHTTPRequestHandler):
    """Serves `someone/tiny`, or answers everything with `status`."""

    folder: ClassVar[Path]
    status: ClassVar[int]
    asked: ClassVar[list[str]]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        path = self.path.split("?")[0]
        if self.status != 200:
            self._answer(b"<html>no</html>", self.status)
        elif path.startswith("/api/models/someone/tiny/tree/"):
            self._json([self._entry(name) for name in self._names()])
        elif path.startswith("/api/models/someone/tiny"):
            siblings = [{"rfilename": name} for name in self._names()]
            self._json({"id": "someone/tiny", "sha": COMMIT, "siblings": siblings})
        elif path.startswith(f"/someone/tiny/resolve/{COMMIT}/"):
            self._file(self.folder / path.split("/", 5)[5])
        else:
            self._answer(b"", 404, {"X-Error-Code": "RepoNotFound"})

    do_HEAD = do_GET

    def _names(self) -> list[str]:
        return [f.relative_to(self.folder).as_posix() for f in self.folder.rglob("*.*")]

    def _entry(self, name: str) -> dict[str, object]:
        content = (self.folder / name).read_bytes()
        oid = hashlib.sha1(content).hexdigest()
        return {"type": "file", "path": name, "size": len(content), "oid": oid}

    def _json(self, value: object) -> None:
        self._answer(json.dumps(value).encode(), 200, {"Content-Type": "application/json"})

    def _file(self, file: Path) -> None:
        content = file.read_bytes()
        tag = hashlib.sha1(content).hexdigest()
        self._answer(content, 200, {"ETag": f'"{tag}"', "X-Repo-Commit": COMMIT})

    def _answer(self, body: bytes, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def hub(folder: Path, status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """The hub's address, and the paths it is asked for."""
    asked: list[str] = []
    handler = type("Handler", (_Handler,), {"folder": folder, "status": status, "asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
