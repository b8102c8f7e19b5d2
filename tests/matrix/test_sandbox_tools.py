"""Package managers as programs: pinned, alone in their folder, and usable inside a container too."""

import subprocess
from pathlib import Path

import pytest

from matrix.sandbox import tools
from matrix.sandbox.namespace import Container, enter

PROGRAMS = {"poetry": "poetry", "pipenv": "pipenv", "pip-tools": "pip-compile", "uv": "uv"}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.long
def test_tool_has_the_pinned_version_and_works_in_a_container(tmp_path: Path, name: str) -> None:
    folder = tools.tool(name)
    assert [path.stem for path in folder.iterdir()] == [PROGRAMS[name]]
    container = Container(app=tmp_path, mounts=(tools.mount(folder),))
    command = enter(container, [PROGRAMS[name], "--version"], {"PATH": f"{folder}:/usr/bin:/bin"})
    said = subprocess.run(command.argv, env=command.env, cwd=command.cwd, capture_output=True, check=True)
    assert tools.VERSIONS[name] in said.stdout.decode()


def test_unknown_tool_is_rejected_and_a_failed_installation_gives_the_reason() -> None:
    with pytest.raises(KeyError, match="npm"):
        tools.tool("npm")
    with pytest.raises(RuntimeError, match=r"pipenv==0\.0\.0"):
        tools.tool("pipenv", "0.0.0")
