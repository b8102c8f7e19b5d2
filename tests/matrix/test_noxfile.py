"""`python3 noxfile.py` passes Ctrl-C on, waits, and exits with the status of its child."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from matrix.sandbox import processes

ROOT = Path(__file__).resolve().parents[2]
PYTHON_WITH_NOX = """\
#!{python}
import sys, time
try:
    print("started", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(1)  # longer than the standard library waits for a child after Ctrl-C
    print("cleaned up", flush=True)
    sys.exit(130)
"""


@pytest.mark.skipif(os.name == "nt", reason="the Python that has nox is a script")
def test_after_ctrl_c_it_waits_for_nox_and_returns_its_exit_status(tmp_path):
    noxfile = Path(shutil.copy(ROOT / "noxfile.py", tmp_path))
    double = tmp_path / ".nox" / "bootstrap" / "bin" / "python"
    double.parent.mkdir(parents=True)
    double.write_text(PYTHON_WITH_NOX.format(python=sys.executable), encoding="utf-8")
    double.chmod(0o755)
    (wanted,) = re.findall(r'^NOX = \("(.*)",\)$', noxfile.read_text(encoding="utf-8"), re.MULTILINE)
    complete = double.parent.parent / "complete.txt"
    complete.write_text(f"{sys.version} {wanted}", encoding="utf-8")
    pipes = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    child = processes.start([sys.executable, noxfile, "-s", "rehearse"], cwd=tmp_path, env=os.environ, **pipes)
    try:
        assert child.stdout.readline() == "started\n"
        processes.interrupt(child)
        rest, errors = child.communicate(timeout=300)
    finally:
        processes.kill(child)
    assert (child.returncode, rest, errors) == (130, "cleaned up\n", "")
