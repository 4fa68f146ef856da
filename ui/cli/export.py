"""`sanad export`: answers and cited passages as a document with footnotes and references."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import InputError
from ui.cli.cite import add_style
from ui.cli.options import add_index, examples, path
from ui.cli.text import clean, counted, one_line, why
from ui.settings import load_settings

if TYPE_CHECKING:
    from assistant.writeup import WriteUp

_SUFFIXES = (".docx", ".md", ".html")

_EXAMPLES = """examples:
  sanad export "متى تأسست منظمة التعاون الإسلامي؟" "وكم دولة تضم؟" --out answers.docx
  sanad ask "متى تأسست منظمة التعاون الإسلامي؟" --json | sanad export --input - --out a.md
  sanad export --input conversation.json --style gost --language ru --out conversation.html
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "export",
        help="write answers into a document with footnotes and references",
        description="Write the answers to questions, asked one after the other, or a conversation "
        "that was kept, into a document: every sentence with a footnote, and the list of "
        "references. The form is that of the file's name: .docx, .md or .html.",
        **examples(_EXAMPLES),
    )
    parser.add_argument("questions", nargs="*", metavar="QUESTION")
    parser.add_argument(
        "--input",
        type=path,
        metavar="FILE",
        help="what `sanad ask --json` printed, or a conversation as JSON, "
        '{"title": "…", "turns": […]} of such answers; - is standard input',
    )
    parser.add_argument(
        "--out", type=path, required=True, metavar="FILE", help="its name ends in .docx, .md, .html"
    )
    parser.add_argument("--title", default="", help="(default: the first question)")
    add_style(parser)
    add_index(parser)
    parser.set_defaults(run=run, parser=parser)


def run(args: argparse.Namespace) -> int:
    """Gather the answers and write the file."""
    if bool(args.questions) == (args.input is not None):
        args.parser.error("give QUESTIONs, or --input FILE")
    if args.out.suffix.lower() not in _SUFFIXES:
        args.parser.error(f"'{args.out.name}' should end in one of {', '.join(_SUFFIXES)}")
    from eval.jsonl import write_bytes  # noqa: PLC0415 - wrong use is told at once

    made = _write_up(args)
    for notice in made.notices:
        print(f"sanad: {clean(notice)}", file=sys.stderr)
    write_bytes(args.out, _content(made, args))
    n = len(made.sections)
    notes = counted(len(made.sources), "footnote")
    print(f"{counted(n, 'answer')}, {notes} → '{one_line(str(args.out))}'")
    return 0


def _write_up(args: argparse.Namespace) -> "WriteUp":
    from assistant.writeup import read_answers, write_up  # noqa: PLC0415
    from index.archive import open_documents  # noqa: PLC0415

    index = load_settings(index=args.index).index
    title, answers = read_answers(_read(args.input) if args.input else _asked(args))
    with open_documents(index) as documents:
        return write_up(answers, documents, args.accessed, args.title or title)


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"'{file}' cannot be read: {why(error)}") from None


def _asked(args: argparse.Namespace) -> str:
    """The answers to the questions, each understood by those before it, as JSON Lines."""
    from assistant.assistant import Assistant  # noqa: PLC0415
    from assistant.conversation import Conversation  # noqa: PLC0415
    from index.search import Searcher  # noqa: PLC0415
    from ui.cli.output import answer_json  # noqa: PLC0415
    from ui.cli.text import to_json  # noqa: PLC0415

    talk = Conversation()
    lines = []
    settings = load_settings(index=args.index)
    with Searcher.open(settings.index) as searcher:
        assistant = Assistant(searcher, settings.answers)
        for question in args.questions:
            answer = assistant.ask(question, talk)
            talk = talk.after(answer)
            lines.append(to_json(answer_json(answer)))
    return "\n".join(lines)


def _content(made: "WriteUp", args: argparse.Namespace) -> bytes:
    from ui.exporting import exported  # noqa: PLC0415

    return exported(made, args.out.suffix.lower().removeprefix("."), args.style, args.language)
