"""A model's name on the Hugging Face hub → its folder on this machine.

A model is downloaded once and whole, and then never asked for again, so that the vectors of an
index stay those of one state of it; the folder's name is the commit.
"""

from collections.abc import Iterable
from pathlib import Path

from index.config import BUNDLED
from index.errors import ModelError

# How long the hub may take to say that it is there. Its own library retries for over a minute.
PATIENCE_S = 2.5
# Other runtimes' copies of the weights, and pictures.
_UNUSED = ["onnx/*", "openvino/*", "*.onnx", "*.onnx_data", "*.h5", "*.msgpack", "*.ot", "imgs/*"]
# Where names without an owner are: the habit of sentence-transformers.
_DEFAULT_OWNER = "sentence-transformers"


def cached(name: str) -> Path | None:
    """The folder of a model that was downloaded whole, or None. Asks nobody."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - a third of a second
    from huggingface_hub.errors import HFValidationError  # noqa: PLC0415

    unused = [*_UNUSED, "*.bin"]
    try:
        folder = snapshot_download(_full(name), local_files_only=True, ignore_patterns=unused)
    except HFValidationError:
        raise ModelError(_no_name(name)) from None
    except OSError:
        return None
    return Path(folder) if _weights(path.name for path in Path(folder).iterdir()) else None


def fetch(name: str) -> Path:
    """Download a model, showing progress on stderr. Raises ModelError in one line, at once when
    the hub cannot be reached."""
    from huggingface_hub import HfApi, snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import (  # noqa: PLC0415
        GatedRepoError,
        HFValidationError,
        RepositoryNotFoundError,
    )

    try:
        found = HfApi().model_info(_full(name), timeout=PATIENCE_S)
        kinds = _weights(file.rfilename for file in found.siblings or ())
        unused = _UNUSED + (["*.bin"] if ".safetensors" in kinds else [])
        return Path(snapshot_download(_full(name), ignore_patterns=unused))
    except HFValidationError:
        raise ModelError(_no_name(name)) from None
    except GatedRepoError:
        raise ModelError(
            f"encoder '{name}' is given only to people who accepted its terms: accept them on the "
            "hub, then: hf auth login"
        ) from None
    except RepositoryNotFoundError:
        raise ModelError(f"the hub has no model '{name}'; {_way_out()}") from None
    except Exception as error:  # as many as there are states of a network
        raise ModelError(
            f"encoder '{name}' is not on this machine and the hub cannot be reached; {_way_out()}"
        ) from error


def _full(name: str) -> str:
    return name if "/" in name else f"{_DEFAULT_OWNER}/{name}"


def _weights(names: Iterable[str]) -> set[str]:
    """The kinds of weights among the names of files."""
    return {Path(name).suffix for name in names} & {".safetensors", ".bin"}


def _no_name(name: str) -> str:
    return (
        f"encoder '{name}' is neither a folder nor what a model of the hub can be called; "
        f"{_way_out()}"
    )


def _way_out() -> str:
    return f"the bundled encoder needs no network: --encoder {BUNDLED}"
