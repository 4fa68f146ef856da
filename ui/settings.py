"""Settings: flags over `SANAD_*` variables over `sanad.toml` over defaults.

The environment is read here and nowhere below.
"""

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.config import AnswerConfig
from index.config import AUTO
from index.errors import InputError
from index.reranker import NONE

TOML = Path("sanad.toml")
PREFIX = "SANAD_"


class Settings(BaseSettings):
    """Every setting with its default. `encoder` is used by `sanad index` alone; afterwards the
    index says what it was built with."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file=TOML, extra="forbid", frozen=True
    )

    index: Path = Field(Path("data/index"), description="the index directory")
    encoder: str = Field(AUTO, description="what new passages are embedded with")
    hits: int = Field(8, ge=1, le=1000, description="passages an answer is drawn from")
    max_risk: float | None = Field(
        None, ge=0, le=1, description="at most this share of the answers may be wrong"
    )
    reranker: str = Field(NONE, description="what orders the first passages anew")
    llm: str | None = Field(None, description="the model that writes answers, ollama/NAME or so")
    llm_url: str | None = Field(None, description="the address of its server")
    llm_api_key: SecretStr | None = Field(None, description="what its server asks for, if it does")
    llm_timeout: float = Field(60.0, gt=0, le=3600, description="seconds an answer may take")
    unsupported: Literal["mark", "drop"] = Field(
        "mark", description="what becomes of its sentences that no passage supports"
    )
    host: str = Field("127.0.0.1", description="the address the chat window is served on")
    port: int = Field(7860, ge=0, le=65535, description="its port; 0 takes a free one")
    root_path: str = Field("", description="where a proxy shows it: /sanad, or https://…/sanad")
    auth: Path | None = Field(None, description="the file of those who may use it, NAME:PASSWORD")

    @field_validator("root_path")
    @classmethod
    def _path_or_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"(https?://[^/?#\s]+)?(/[^/?#\s]+)*/?", value):
            raise ValueError(f"'{value}' is neither a path such as /sanad nor an address")
        return value.rstrip("/")

    @field_validator(
        "index", "encoder", "reranker", "host", "llm", "llm_url", "auth", mode="before"
    )
    @classmethod
    def _not_empty(cls, value: Any) -> Any:
        if isinstance(value, str) and not value.strip():
            raise ValueError("is empty; give it a value, or leave it out")
        return value

    @property
    def answers(self) -> AnswerConfig:
        """What the assistant is configured with."""
        return AnswerConfig(n_hits=self.hits, max_risk=self.max_risk)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no .env files
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - nor secrets
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order of precedence, first wins."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


@dataclass(frozen=True, slots=True)
class Origin:
    """A setting in force and where it came from."""

    name: str
    value: Any
    source: str


def load_settings(**flags: Any) -> Settings:
    """Settings in force, given the flags that were set. Raises InputError in one line."""
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        source = _source(name, flags)
        if first["type"] == "extra_forbidden":
            known = ", ".join(Settings.model_fields)
            raise InputError(f"'{name}' ({source}) is no setting; known are {known}") from None
        said = first["msg"].removeprefix("Value error, ").lower()
        raise InputError(f"setting '{name}' ({source}): {said}") from None
    except UnicodeDecodeError:
        raise InputError(f"'{TOML}' is not UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"'{TOML}' is not valid TOML: {error}") from None


def origins(**flags: Any) -> list[Origin]:
    """Every setting with its value and source, in the order of the class."""
    settings = load_settings(**flags)
    return [
        Origin(name, getattr(settings, name), _source(name, flags))
        for name in Settings.model_fields
    ]


def _source(name: str, flags: dict[str, Any]) -> str:
    if flags.get(name) is not None:
        return f"--{name.replace('_', '-')}"
    variable = PREFIX + name.upper()
    if any(key.upper() == variable for key in os.environ):
        return variable
    return TOML.name if name in _toml_names() else "default"


def _toml_names() -> set[str]:
    try:
        return set(tomllib.loads(TOML.read_text("utf-8")))
    except (OSError, ValueError):
        return set()
