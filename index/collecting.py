"""How often Python looks for cycles while an index is built."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# New lists and tuples before Python looks for cycles among them: a build makes millions and no
# cycle, and looking after every 700 took an eighth of its time.
_BEFORE_COLLECTING = 50_000


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Let Python look rarely, until this ends."""
    before = gc.get_threshold()
    gc.set_threshold(_BEFORE_COLLECTING, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
