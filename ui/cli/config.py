"""`sanad config`: the settings in force and where each came from."""

import argparse
import re
from dataclasses import replace
from typing import Any

from ui.cli.options import add_index, add_json, examples
from ui.cli.text import clean, print_json
from ui.settings import Origin, origins

_CREDENTIALS = re.compile(r"^(https?://)[^/@]*@")

_EXAMPLES = """examples:
  sanad config
  SANAD_PORT=8000 sanad config --json
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "config",
        help="print the settings in force",
        description="Print every setting in force and where it came from: a flag, a SANAD_* "
        "variable, sanad.toml or the default, in this order.",
        **examples(_EXAMPLES),
    )
    add_json(parser)
    add_index(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print one setting a line."""
    found = [_masked(origin) for origin in origins(index=args.index)]
    if args.json:
        print_json({o.name: {"value": str(o.value), "source": o.source} for o in found})
        return 0
    width = max(len(o.name) for o in found)
    values = max(len(clean(o.value)) for o in found)
    for origin in found:
        print(f"{origin.name:<{width}}  {clean(origin.value):<{values}}  {origin.source}")
    return 0


def _masked(origin: Origin) -> Origin:
    """An address without the name and password that may stand in it."""
    value = _CREDENTIALS.sub(r"\1…@", str(origin.value))
    return origin if value == str(origin.value) else replace(origin, value=value)
