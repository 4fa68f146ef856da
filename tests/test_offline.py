import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browsing import CHROMIUM
from tests.conftest import ROOT


def namespace() -> list[str]:
    """The command that starts another with no network, or a skip that says why there is none."""
    for command in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        if (
            shutil.which("unshare")
            and not subprocess.run([*command, "true"], check=False).returncode
        ):
            return command
    pytest.skip("a network namespace cannot be made here (unshare --net)")


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_everything_works_with_the_network_cut(tmp_path: Path) -> None:
    done = subprocess.run(
        [*namespace(), sys.executable, "-m", "tests.offline", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert "1969" in done.stdout
