"""A language model behind llama-index: the one place that imports it for answers.

`ollama/NAME` is a model of an Ollama server, `openai-like/NAME` one of any server that speaks the
OpenAI chat-completions protocol (llama.cpp, vLLM, LM Studio, OpenAI itself). Any other LLM of
llama-index can be wrapped: `Llm(model, "its name")`.

A model runs in a thread of its own, so that a server that hangs, or sends a word a minute, holds
nobody longer than the time limit.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import GeneratorError
from assistant.prompts import Prompt
from index.errors import InputError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

PROVIDERS = ("ollama", "openai-like")
OLLAMA_URL = "http://localhost:11434"
TIMEOUT_S = 60.0
# How long a stream says nothing at most.
SILENCE_S = 0.25
# An answer of four sentences, also in a script that takes a token a letter; and no more of it is
# read than that, whatever a server sends.
MAX_TOKENS, MAX_CHARS = 1_000, 20_000
CONTEXT_TOKENS = 8_192
# Names of exceptions that mean a wait was too long, in any HTTP library.
_TIMEOUTS = ("Timeout",)
_UNREACHABLE = ("Connect", "Protocol", "ReadError", "OSError")


@dataclass(frozen=True, slots=True)
class LlmConfig:
    """`name` is PROVIDER/MODEL; `url` that of its server (needed for `openai-like`)."""

    name: str
    url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    timeout_s: float = TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Piece:
    """The next words of a stream, or (`error` set) why there are no more."""

    text: str = ""
    error: Exception | None = None
    last: bool = False


class Llm:
    """A model to ask; `where` names its server in messages. Close it after use.

    With `says_when_done` a stream that ends without the server's word that it is complete counts
    as cut off.
    """

    def __init__(
        self,
        model: "LLM",
        name: str,
        where: str = "",
        says_when_done: bool = False,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        self.close = close
        self._model = model
        self._where = f" at {where}" if where else ""
        self._says_when_done = says_when_done

    def __enter__(self) -> "Llm":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def stream(self, prompt: Prompt, timeout_s: float) -> Iterator[str]:
        """The answer in the pieces in which it comes, an empty one now and then while the model is
        silent, so that whoever asked can stop. Raises GeneratorError, also when it is not complete
        after `timeout_s`."""
        pieces: SimpleQueue[Piece] = SimpleQueue()
        abandoned = Event()
        Thread(target=self._pump, args=(prompt, pieces, abandoned), daemon=True).start()
        try:
            yield from self._until(time.monotonic() + timeout_s, pieces, timeout_s)
        finally:
            abandoned.set()

    def _until(
        self, deadline: float, pieces: "SimpleQueue[Piece]", timeout_s: float
    ) -> Iterator[str]:
        n_chars = 0
        while True:
            left_s = deadline - time.monotonic()
            try:
                piece = pieces.get(timeout=max(0.0, min(SILENCE_S, left_s)))
            except Empty:
                if left_s <= SILENCE_S:
                    raise GeneratorError(self._late(timeout_s)) from None
                yield ""
                continue
            if piece.error is not None:
                raise GeneratorError(self._why(piece.error, timeout_s)) from piece.error
            if piece.last:
                return
            n_chars += len(piece.text)
            if n_chars > MAX_CHARS:
                raise GeneratorError(f"{self.name} wrote more than {MAX_CHARS:,} characters")
            yield piece.text

    def _pump(self, prompt: Prompt, pieces: "SimpleQueue[Piece]", abandoned: Event) -> None:
        reason = None
        try:
            with closing(self._responses(prompt)) as responses:
                for response in responses:
                    reason = _reason(response.raw) or reason
                    if response.delta:
                        pieces.put(Piece(response.delta))
                    if abandoned.is_set():
                        return
            self._check_complete(reason)
        except Exception as error:  # every HTTP library and every model raises its own
            pieces.put(Piece(error=error))
        else:
            pieces.put(Piece(last=True))

    def _responses(self, prompt: Prompt) -> Any:
        from llama_index.core.llms import ChatMessage, MessageRole  # noqa: PLC0415 - two seconds

        return self._model.stream_chat(
            [
                ChatMessage(role=MessageRole.SYSTEM, content=prompt.system),
                ChatMessage(role=MessageRole.USER, content=prompt.user),
            ]
        )

    def _check_complete(self, reason: str | None) -> None:
        if reason == "length" or (reason is None and self._says_when_done):
            raise GeneratorError(f"the answer of {self.name} was cut off")

    def _why(self, error: Exception, timeout_s: float) -> str:
        """One line without a word of the server's, which may repeat a key or hold anything."""
        if isinstance(error, GeneratorError):
            return str(error)
        status = getattr(error, "status_code", None)
        if isinstance(status, int) and status > 0:
            return f"the server of {self.name}{self._where} {_status(status)}"
        kinds = " ".join(_kinds(error))
        if any(name in kinds for name in _TIMEOUTS):
            return self._late(timeout_s)
        if any(name in kinds for name in _UNREACHABLE):
            return f"no connection to the server of {self.name}{self._where}, or it broke off"
        return f"{self.name} failed ({type(error).__name__})"

    def _late(self, timeout_s: float) -> str:
        return f"{self.name} had no complete answer within {timeout_s:.3g} s"


def _status(status: int) -> str:
    if status in {401, 403}:
        return f"does not accept the key (HTTP {status}); set SANAD_LLM_API_KEY"
    if status == 404:
        return "does not have that model, or the address is wrong (HTTP 404)"
    if status == 429:
        return "takes no more questions for now (HTTP 429)"
    return f"failed (HTTP {status})"


def _kinds(error: BaseException) -> Iterator[str]:
    """The names of the classes of `error` and of what caused it."""
    for kind in type(error).__mro__:
        yield kind.__name__
    cause = error.__cause__ or error.__context__
    if cause is not None:
        yield from _kinds(cause)


def _reason(raw: Any) -> str | None:
    """Why the server stopped, as it says in its last message: `stop`, `length`, or None."""
    if isinstance(raw, dict):
        return str(raw.get("done_reason") or "stop") if raw.get("done") else None
    choices = getattr(raw, "choices", None)
    reason = getattr(choices[0], "finish_reason", None) if choices else None
    return None if reason is None else str(reason)


def connect(config: LlmConfig) -> Llm:
    """The model of `config`; its server is not asked yet.

    Raises InputError when the name, the URL or the key cannot be used or the extra is missing.
    """
    provider, _, model = config.name.partition("/")
    if provider not in PROVIDERS or not model.strip():
        raise InputError(
            f"no language model '{config.name}': write ollama/NAME, or openai-like/NAME with "
            "--llm-url URL"
        )
    url = _url(config, provider)
    key = config.api_key or ""
    if not (key.isascii() and key.isprintable()):
        raise InputError("the model's key (llm_api_key) holds characters that none is made of")
    try:
        return _ollama(config, model, url) if provider == "ollama" else _openai(config, model, url)
    except ImportError as error:
        raise InputError(
            f"'{config.name}' needs a package that is missing: "
            f"pip install -c constraints.txt '.[{provider}]'"
        ) from error


def _url(config: LlmConfig, provider: str) -> str:
    url = config.url or (OLLAMA_URL if provider == "ollama" else "")
    if not url:
        raise InputError(f"'{config.name}' needs the address of its server: --llm-url URL")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise InputError("the model's address (--llm-url) must begin with http:// or https://")
    return url


def _shown(url: str) -> str:
    """The address without a name and password in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _ollama(config: LlmConfig, model: str, url: str) -> Llm:
    from llama_index.llms.ollama import Ollama  # noqa: PLC0415
    from ollama import Client  # noqa: PLC0415

    key = {"Authorization": f"Bearer {config.api_key}"} if config.api_key else {}
    # A redirect would take the question and its passages to another server.
    client = Client(host=url, timeout=config.timeout_s, headers=key, follow_redirects=False)
    llm = Ollama(
        model=model,
        base_url=url,
        client=client,
        temperature=0.0,
        context_window=CONTEXT_TOKENS,
        request_timeout=config.timeout_s,
        additional_kwargs={"num_predict": MAX_TOKENS},
    )
    return Llm(llm, config.name, _shown(url), says_when_done=True, close=client.close)


def _openai(config: LlmConfig, model: str, url: str) -> Llm:
    import httpx  # noqa: PLC0415
    from llama_index.llms.openai_like import OpenAILike  # noqa: PLC0415 - five seconds

    client = httpx.Client(timeout=config.timeout_s)
    options: dict[str, Any] = {
        "model": model,
        "api_base": url,
        "api_key": config.api_key or "none",
        "is_chat_model": True,
        "temperature": 0.0,
        "max_tokens": MAX_TOKENS,
        "context_window": CONTEXT_TOKENS,
        "max_retries": 0,
        "timeout": config.timeout_s,
        "http_client": client,
    }
    return Llm(
        OpenAILike(**options), config.name, _shown(url), says_when_done=True, close=client.close
    )
