"""The options of `sanad eval` that say which set is measured."""

import argparse
from functools import partial
from typing import TYPE_CHECKING

from ui.cli.options import filled, path

if TYPE_CHECKING:
    from eval.datasets import Dataset


def add_sets(parser: argparse.ArgumentParser) -> None:
    """DIR…, --topics, --qrels, --language, and what restricts the set."""
    parser.add_argument(
        "places",
        nargs="*",
        type=path,
        metavar="DIR",
        help="a BEIR folder, or a JSON file in SQuAD's format; with --topics the corpus alone",
    )
    parser.add_argument(
        "--topics",
        type=path,
        metavar="FILE",
        help="queries: TREC topics, lines of query-id, tab and text, or a queries.jsonl; the "
        "documents are DIR's, or without it those of --index",
    )
    parser.add_argument(
        "--qrels", type=path, metavar="FILE", help="qrels of --topics, TREC's or BEIR's"
    )
    parser.add_argument(
        "--language",
        type=filled,
        metavar="L",
        help="of queries and documents that name none (default: the one they look like)",
    )
    parser.add_argument("--query-language", metavar="L", help="only questions in it")
    parser.add_argument("--corpus-language", metavar="L", help="only documents in it")
    parser.add_argument("--split", metavar="S", help="only questions whose split is S")
    parser.set_defaults(wrong=parser.error)


def read(args: argparse.Namespace) -> "Dataset":
    """The set that `args` name, whole; exits when they name none, or parts of one."""
    from eval import sources  # noqa: PLC0415 - wrong use is told at once

    if (args.topics is None) != (args.qrels is None):
        args.wrong("--topics and --qrels belong together; give both, or a BEIR folder")
    if args.topics is None:
        if not args.places:
            args.wrong("no data set is named; give a BEIR folder, a SQuAD file, or --topics")
        return sources.read_sets(args.places, args.language)
    if len(args.places) > 1 or not (args.places or args.index):
        args.wrong("--topics need one corpus: a corpus.jsonl, its folder, or --index")
    corpus = args.places[0] if args.places else partial(sources.held, args.index)
    return sources.read_topics(args.topics, args.qrels, corpus, args.language)


def names(args: argparse.Namespace) -> tuple[str, ...]:
    """What the set is read from, as it was given."""
    given = [*args.places, *(file for file in (args.topics, args.qrels) if file)]
    return tuple(map(str, given))
