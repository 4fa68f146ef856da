"""Index, serve and ask with no network but the loopback: run by `test_offline` in a namespace.

unshare --net python -m tests.offline WORK_FOLDER
"""

import fcntl
import socket
import struct
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browsing import CHROMIUM, FLAGS

QUESTION = "متى تأسست منظمة التعاون الإسلامي؟"
_SET_FLAGS, _UP = 0x8914, 0x1  # SIOCSIFFLAGS and IFF_UP of linux/sockios.h and linux/if.h


def raise_loopback() -> None:
    """A new network namespace has a loopback, but it is down."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh", b"lo", _UP))


def assert_cut_off() -> None:
    """Whatever is not on this machine is unreachable (192.0.2.1 is no one's: RFC 5737)."""
    with socket.socket() as outside:
        try:
            outside.connect(("192.0.2.1", 80))
        except OSError:
            return
    raise AssertionError("there is a network here")


def sanad(*args: object) -> list[str]:
    return [sys.executable, "-m", "ui.cli.main", *map(str, args)]


def ask(page: Page, address: str) -> str:
    """Ask on the page; gives the text of the answer's turn."""
    page.goto(address)
    page.fill(".composer textarea", QUESTION)
    page.press(".composer textarea", "Enter")
    page.locator("#t1 .turn-body").wait_for()
    return page.locator("#t1").inner_text()


def main() -> None:
    raise_loopback()
    assert_cut_off()
    index = Path(sys.argv[1]) / "index"
    subprocess.run(sanad("index", "seeds/documents", "--index", index), check=True)
    command = sanad("chat", "--port", 0, "--index", index)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as chat:
        assert chat.stdout is not None
        line = next(line for line in chat.stdout if "http://" in line)
        address = next(word for word in line.split() if word.startswith("http://"))
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                print(ask(browser.new_page(), address))
                browser.close()
        finally:
            chat.terminate()


if __name__ == "__main__":
    main()
