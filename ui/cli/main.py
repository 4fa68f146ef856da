"""`sanad`: read the command line, run one command, turn errors into one line.

Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

from index.errors import SanadError
from ui.cli import ask, chat, config, eval, index, search

_COMMANDS = (index, ask, search, chat, eval, config)

_EXAMPLES = """examples:
  sanad index seeds/documents
  sanad ask "متى تأسست منظمة التعاون الإسلامي؟"
  sanad search "Kazan forum 2024"
  sanad chat
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = _Parser(
        prog="sanad",
        description="Questions to a multilingual archive, answered with passages you can check.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"sanad {_version()}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for command in _COMMANDS:
        command.add_parser(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    _stay_offline_and_quiet()
    args = build_parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except SanadError as error:
        print(f"sanad: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("sanad: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone, e.g. `sanad search … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _stay_offline_and_quiet() -> None:
    """No telemetry, no version checks, no progress bars of other libraries."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")


def _version() -> str:
    try:
        return version("sanad")
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
