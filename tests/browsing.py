"""For the tests of the pages: a page on a free port, and Chromium, started so that it asks nothing
of the outside itself."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def served(app: Any, port: int = 0) -> Iterator[str]:
    """A page of ours, served as its command serves it, on a free port unless one is asked for;
    gives its address."""
    from ui import serving  # noqa: PLC0415 - gradio takes seconds, and few tests need it

    with serving.claim("127.0.0.1", port) as listening:
        server = serving.build_server(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        server.should_exit = True
        thread.join(10)
