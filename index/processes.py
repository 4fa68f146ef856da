"""Other processes of ours: how one is begun, and what it says in the end."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def command(module: str, *arguments: str) -> list[str]:
    """That runs a module of ours."""
    # -P: a folder named "index" where the user stands is not ours.
    return [sys.executable, "-P", "-m", module, *arguments]


def begun(module: str, *arguments: str) -> "subprocess.Popen[str]":
    """A process that only says what goes wrong."""
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    return subprocess.Popen(command(module, *arguments), stdout=nowhere, stderr=pipe, text=True)


@contextmanager
def beside(module: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """The same while something else is done; it is killed when that fails."""
    with begun(module, *arguments) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def fault(process: "subprocess.Popen[str]", otherwise: str) -> str:
    """What went wrong with a process that was `begun`, when it has ended, or the empty string;
    `otherwise`, with its exit code for `{}`, if it says nothing, as one that was killed does."""
    _, said = process.communicate()
    code = process.returncode
    return last_line(said, otherwise.format(code)) if code else ""


def last_line(said: str, otherwise: str) -> str:
    """The last line of what a process said, which tells the fault; `otherwise` if there is none."""
    return (said.strip().splitlines() or [otherwise])[-1]
