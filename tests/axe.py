"""axe-core, which looks for what keeps people out of a page; `.ci/run` installs it."""

from pathlib import Path
from typing import Any

import pytest

INSTALL = "npm install --no-save --prefix .axe axe-core@4.14.1"
_FILE = Path(__file__).parent.parent / ".axe" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = "axe.run(document, {resultTypes: ['violations']})"


def serious(page: Any) -> list[str]:
    """The serious and critical violations on a page: rule, and the first elements that break it."""
    if not _FILE.exists():
        pytest.skip(f"axe-core is not installed: {INSTALL}")
    page.evaluate(_FILE.read_text("utf-8"))
    found = page.evaluate(_RUN)["violations"]
    return [
        f"{each['id']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]
