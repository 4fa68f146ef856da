"""`sanad chat`: the chat page."""

import argparse
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from index.errors import InputError
from ui.cli.options import (
    add_index,
    add_llm,
    add_max_risk,
    add_reranker,
    examples,
    filled,
    llm_flags,
    path,
    whole,
)
from ui.cli.text import why
from ui.settings import load_settings

_EXAMPLES = """examples:
  sanad chat
  sanad chat --port 8000 --index data/mine
  sanad chat --llm openai-like/NAME --llm-url http://127.0.0.1:8080/v1
"""
# Asked once before the page is shown, so that the first person does not wait for libraries.
_WARM_UP = "warm-up"
# What --allow-upload means without a folder.
_CHOOSE = Path()


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "chat",
        help="open the chat window",
        description="Serve the chat page on this machine until Ctrl+C.",
        **examples(_EXAMPLES),
    )
    parser.add_argument("--host", type=filled, help="the address to listen on (default 127.0.0.1)")
    parser.add_argument(
        "--port", type=whole(0, 65535), help="the port (default 7860; 0 takes a free one)"
    )
    parser.add_argument(
        "--examples", type=path, metavar="FILE", help="questions to offer, one a line"
    )
    parser.add_argument(
        "--auth",
        type=path,
        metavar="FILE",
        help="let only those in whom it names: lines of NAME:PASSWORD, or of htpasswd -B",
    )
    parser.add_argument(
        "--root-path",
        type=filled,
        metavar="PATH",
        help="where a proxy shows the window: /sanad, or https://archive.example.org/sanad",
    )
    parser.add_argument(
        "--allow-upload",
        nargs="?",
        type=path,
        const=_CHOOSE,
        metavar="FOLDER",
        help="let readers add files to the archive, in this folder of it (default: 'uploads' in "
        "the first folder that was indexed)",
    )
    parser.add_argument(
        "--mcp",
        action="store_true",
        help="answer the Model Context Protocol, too, at /gradio_api/mcp/",
    )
    add_max_risk(parser)
    add_reranker(parser)
    add_llm(parser)
    add_index(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Open the index, warm up, serve."""
    settings = load_settings(
        index=args.index,
        max_risk=args.max_risk,
        host=args.host,
        port=args.port,
        auth=args.auth,
        root_path=args.root_path,
        reranker=args.reranker,
        **llm_flags(args),
    )
    offered = _read(args.examples) if args.examples else []
    if args.mcp and find_spec("mcp") is None:
        raise InputError("--mcp needs the package mcp: pip install -c constraints.txt '.[mcp]'")
    from ui.users import Users  # noqa: PLC0415 - wrong use is told at once

    users = Users.read(settings.auth) if settings.auth else None
    uploads = _uploads(args.allow_upload, settings.index)
    from assistant.assistant import Assistant  # noqa: PLC0415
    from assistant.following import FollowingAssistant  # noqa: PLC0415
    from index.reranker import load_reranker  # noqa: PLC0415
    from index.search import Searcher  # noqa: PLC0415
    from ui.llm import open_generator  # noqa: PLC0415

    reranker = load_reranker(settings.reranker)
    with open_generator(settings) as generator:
        assistant = FollowingAssistant(
            settings.index,
            lambda: Searcher.open(settings.index, reranker),
            lambda searcher: Assistant(searcher, settings.answers, generator),
        )
        print("opening the chat window …", flush=True)
        from ui.chat import serve  # noqa: PLC0415 - gradio takes five seconds
        from ui.feedback import folder_of  # noqa: PLC0415
        from ui.serving import Options  # noqa: PLC0415

        Assistant(assistant.searcher, settings.answers).ask(_WARM_UP)
        options = Options(
            mcp=args.mcp,
            root=settings.root_path,
            users=users,
            judgements=folder_of(settings.index),
            index_dir=settings.index,
            uploads=uploads,
        )
        serve(assistant, settings.host, settings.port, examples=offered, options=options)
    return 0


def _uploads(wanted: Path | None, index_dir: Path) -> Path | None:
    from ui.upload import folder_for  # noqa: PLC0415

    if wanted is None:
        return None
    return folder_for(index_dir, None if wanted == _CHOOSE else wanted)


def _read(file: Path) -> list[str]:
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"'{file}' cannot be read: {why(error)}") from None
    return [line.strip() for line in lines if line.strip()]
