"""Whether an index is still what would be built now."""

import shlex
from pathlib import Path

from index.config import BUNDLED, IndexConfig
from index.encoder import encoder_fingerprint, locate
from index.errors import IndexStale
from index.generations import Manifest


def check_fresh(manifest: Manifest) -> None:
    """Raise IndexStale, in one line, when the index would now be built otherwise; ModelError when
    its encoder is not on this machine."""
    config = IndexConfig(manifest.encoder, manifest.min_words, manifest.max_words)
    if manifest.fingerprint != config.fingerprint:
        raise IndexStale(
            f"the index was built by another version of Sanad ({manifest.version}). "
            f"{_rebuild(manifest)}"
        )
    if Path(manifest.encoder).is_absolute() and not Path(manifest.encoder).is_dir():
        raise IndexStale(
            f"the folder of the index's encoder, '{manifest.encoder}', is not there. Put it back, "
            "or rebuild: sanad index PATH…"
        )
    locate(manifest.encoder)
    found = encoder_fingerprint(manifest.encoder)
    if found != manifest.encoder_fingerprint:
        raise IndexStale(
            f"the index was built with another state of encoder '{manifest.encoder}' "
            f"({manifest.encoder_fingerprint}, now {found}). {_rebuild(manifest)}"
        )


def _rebuild(manifest: Manifest) -> str:
    """The command; without its encoder it would go back to the bundled one."""
    encoder = "" if manifest.encoder == BUNDLED else f" --encoder {shlex.quote(manifest.encoder)}"
    return f"Rebuild: sanad index PATH…{encoder}"
