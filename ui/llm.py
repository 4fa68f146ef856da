"""The language model of the settings, where one is set."""

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.generative import Generator
from assistant.llm import LlmConfig, connect
from ui.settings import Settings


@contextmanager
def open_generator(settings: Settings) -> Iterator[Generator | None]:
    """What writes the answers, or None: then they are quotations. Closed at the end.

    Raises InputError when the setting cannot be used; the server is not asked yet.
    """
    if settings.llm is None:
        yield None
        return
    key = settings.llm_api_key
    config = LlmConfig(
        name=settings.llm,
        url=settings.llm_url,
        api_key=None if key is None else key.get_secret_value().strip(),
        timeout_s=settings.llm_timeout,
    )
    with connect(config) as llm:
        yield Generator(llm, settings.unsupported == "drop", settings.llm_timeout)
