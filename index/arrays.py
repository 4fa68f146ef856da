"""Arrays in files of numpy's own format, read by any number of threads."""

from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

# numpy reads a header with `ast.literal_eval`, and two threads of Python 3.11 that are in it at
# once fail with "AST constructor recursion depth mismatch" (CPython issue 106905).
_HEADERS = Lock()


def mapped(file: Path) -> NDArray[Any]:
    """The array of a file, which stays on disk until it is touched; nothing is unpickled."""
    with _HEADERS:
        array = np.load(file, mmap_mode="r", allow_pickle=False)
    # Not a `memmap`, each slice of which takes microseconds.
    return np.asarray(array)


def write(file: Path, array: NDArray[Any]) -> None:
    """Write what `mapped` reads, in place of a file that may be mapped at this moment."""
    new = file.with_name(f"new-{file.name}")
    np.save(new, array, allow_pickle=False)
    new.replace(file)
