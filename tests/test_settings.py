import os
from pathlib import Path

import pytest

from index.errors import InputError
from tests.conftest import sanad
from ui.settings import load_settings, origins


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("SANAD_")]:
        monkeypatch.delenv(name)


def test_a_flag_beats_a_variable_beats_the_file_beats_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load_settings().port == 7860
    Path("sanad.toml").write_text("port = 1\nhits = 3\n")
    monkeypatch.setenv("SANAD_PORT", "2")
    assert (load_settings().port, load_settings(port=3).port, load_settings().hits) == (2, 3, 3)


def test_every_setting_says_where_it_is_from(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("sanad.toml").write_text("hits = 3\n")
    monkeypatch.setenv("SANAD_PORT", "2")
    sources = {origin.name: origin.source for origin in origins(index=Path("x"))}
    assert sources["index"] == "--index"
    assert (sources["port"], sources["hits"], sources["host"]) == (
        "SANAD_PORT",
        "sanad.toml",
        "default",
    )


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("port = 'many'", r"setting 'port' \(sanad.toml\)"),
        ("colour = 1", r"'colour' \(sanad.toml\) is no setting; known are index"),
        ("port =", "not valid TOML"),
        ("max_risk = 7", "less than or equal to 1"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(toml: str, said: str) -> None:
    Path("sanad.toml").write_text(toml)
    with pytest.raises(InputError, match=said) as caught:
        load_settings()
    assert "\n" not in str(caught.value)


def test_a_settings_file_that_is_no_utf8_is_one_clear_line() -> None:
    Path("sanad.toml").write_bytes('index = "مجلد"\n'.encode("windows-1256"))
    with pytest.raises(InputError, match=r"'sanad\.toml' is not UTF-8 text") as caught:
        load_settings()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["index", "host", "encoder"])
def test_an_empty_setting_is_one_clear_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"SANAD_{name.upper()}", "")
    with pytest.raises(InputError, match=rf"setting '{name}' \(SANAD_{name.upper()}\): is empty"):
        load_settings()


def test_a_key_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_LLM_API_KEY", "sk-secret")
    assert "sk-secret" not in " ".join(str(origin) for origin in origins())
    key = load_settings().llm_api_key
    assert key is not None
    assert key.get_secret_value() == "sk-secret"


def test_a_password_in_an_address_is_not_printed() -> None:
    printed = sanad("config", env={**os.environ, "SANAD_LLM_URL": "http://bob:s3cret@h/v1"}).stdout
    assert "http://…@h/v1" in printed
    assert "s3cret" not in printed
