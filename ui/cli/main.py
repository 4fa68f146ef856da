"""`sanad`: read the command line, run one command, turn errors into one line.

Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from index.errors import SanadError
from index.threads import one_for_linear_algebra
from index.version import version
from ui.cli import ask, chat, cite, config, eval, export, index, opening, search, verify
from ui.cli.text import clean

_COMMANDS = (index, ask, search, opening, cite, export, verify, chat, eval, config)

_EXAMPLES = """examples:
  sanad index seeds/documents
  sanad ask "متى تأسست منظمة التعاون الإسلامي؟"
  sanad search "Kazan forum 2024"
  sanad chat
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {clean(message)} (see {self.prog} --help)\n")


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = _Parser(
        prog="sanad",
        description="Questions to a multilingual archive, answered with passages you can check.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"sanad {version()}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for command in _COMMANDS:
        command.add_parser(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    _stay_offline_and_quiet()
    one_for_linear_algebra()
    _print_anything()
    args = build_parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except SanadError as error:
        return _failed(str(error))
    except KeyboardInterrupt:
        print("sanad: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone, e.g. `sanad search … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = "" if error.filename is None else f": '{os.fsdecode(error.filename)}'"
        return _failed(f"{error.strerror or error}{where}")
    return code


def _failed(why: str) -> int:
    print(f"sanad: {clean(why)}", file=sys.stderr)
    return 1


def _print_anything() -> None:
    """What the terminal's encoding lacks is printed as its number, not a failure."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _stay_offline_and_quiet() -> None:
    """No telemetry, no version checks, no progress bars of other libraries."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")


if __name__ == "__main__":
    sys.exit(main())
