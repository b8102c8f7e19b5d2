"""Dockerfiles are executed as Docker does: what is sent, what is cached, who owns it, who runs it."""

import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from matrix.emulators.fly_io.image import BuildFailed, Image, building, dockerignore, real_builders
from matrix.emulators.fly_io.image.base_images import machine_obstacle as obstacle
from matrix.emulators.fly_io.image.dockerfile import expand, parse
from matrix.sandbox import layers

# Most build an image.
pytestmark = pytest.mark.long

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
START = f"FROM python:{VERSION}-slim\n"
needs_layers = pytest.mark.skipif(bool(obstacle(VERSION)), reason=obstacle(VERSION))
needs_owners = pytest.mark.skipif(not layers.has_owners(), reason="only root can give files to another user")

Built = Callable[[str], Image]


class Workshop:
    """A context and a place for layers."""

    def __init__(self, folder: Path) -> None:
        self.context = folder / "context"
        self.context.mkdir()
        self.kept = folder / "kept"
        self.said: list[str] = []
        self.runs = 0

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.context / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def build(self, dockerfile: str, **build_args: str) -> Image:
        self.said.clear()
        return building.build(self.context, dockerfile, build_args, self.kept, self.said.append)

    def refused(self, dockerfile: str) -> str:
        with pytest.raises(BuildFailed) as failure:
            self.build(dockerfile)
        return str(failure.value)

    def run(self, image: Image, command: str) -> str:
        """The output of a shell command as the image's user."""
        self.runs += 1
        user = layers.find_user(image.folders, image.user) if image.user else layers.ROOT
        upper = self.kept / f"run{self.runs}" / "fs"
        place = layers.container(image.folders, upper, user=user, workdir=image.workdir, own_system=image.own_system)
        argv = [*place.entry, "sh", "-c", command]
        done = subprocess.run(
            argv, env=dict(image.env), cwd=place.app, capture_output=True, encoding="utf-8", check=False
        )
        return done.stdout + done.stderr


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.mark.parametrize(
    ("lines", "path", "out"),
    [
        (".git", ".git/config", True),
        (".git", "sub/.git/config", False),
        ("**/.git", "sub/.git/config", True),
        ("*.pyc", "a.pyc", True),
        ("*.pyc", "sub/a.pyc", False),
        ("**/*.pyc", "a.pyc", True),
        ("**/*.pyc", "sub/deep/a.pyc", True),
        ("/build", "build/x", True),
        ("build/", "build/x", True),
        ("# *.py\n", "a.py", False),
        ("**/.env*\n!.env.example", ".env.local", True),
        ("**/.env*\n!.env.example", ".env.example", False),
        ("*\n!blog", "blog/urls.py", False),
        ("*\n!blog", "notes", True),
        ("!blog\n*", "blog/urls.py", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("docs/**", "docs/a/b", True),
        ("[ab].txt", "b.txt", True),
        ("db.sqlite3", "db.sqlite3-journal", False),
    ],
)
def test_dockerignore(lines: str, path: str, out: bool) -> None:
    assert dockerignore.ignored(path, dockerignore.parse(lines)) is out


def test_dockerignore_alone_decides_what_is_sent(tmp_path: Path) -> None:
    names = ["manage.py", ".git/HEAD", ".venv/pyvenv.cfg", "blog/__pycache__/a.pyc", "blog/urls.py", "secret.log"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".gitignore").write_text("blog\n", encoding="utf-8")
    patterns = dockerignore.parse(".git\n**/.venv\n**/__pycache__\n*.log\n")
    assert list(dockerignore.files(tmp_path, patterns)) == [".gitignore", "blog/urls.py", "manage.py"]


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("$A", "1"),
        ("${A}b", "1b"),
        ("$AB", ""),
        ("${B:-default}", "default"),
        ("${A:-default}", "1"),
        ("${A:+other}", "other"),
        ("\\$A", "$A"),
        ("/x:$PATH", "/x:"),
    ],
)
def test_variables(text: str, expanded: str) -> None:
    assert expand(text, {"A": "1"}) == expanded


def test_stages_lines_and_arguments_are_parsed() -> None:
    first, second = parse(
        "# syntax=docker/dockerfile:1\nARG V=3.12\nFROM python:${V}-slim AS Build\nRUN a && \\\n  # why\n    b\n"
        "FROM python:${V}-slim\ncopy --from=build --chown=a:b x y\n",
        {"V": "3.13"},
    )
    assert (first.name, first.origin) == ("build", "python:3.13-slim")
    assert [(each.line, each.name, each.rest) for each in first.instructions] == [(4, "RUN", "a && b")]
    (copy,) = second.instructions
    assert (copy.name, copy.flag("from"), copy.flag("chown"), copy.rest) == ("COPY", "build", "a:b", "x y")


@needs_layers
@pytest.mark.parametrize(
    ("dockerfile", "why"),
    [
        ("FROM alpine:3\n", "this emulation has no registry"),
        (f"FROM python:{VERSION}\n", "this emulation has no registry"),
        ("FROM python:3.2-slim-bookworm@sha256:1\nRUN x\n", "there is no Python 3.2 on this machine"),
        (f"{START}ADD . /app\n", "line 2: ADD is not emulated"),
        (f"{START}SHELL [\"/bin/bash\"]\n", "line 2: SHELL is not emulated"),
        (f"{START}RUN --mount=type=secret,id=x true\n", "of mounts, cache and bind of the context are emulated"),
        (f"{START}COPY missing /\n", '"/missing": not found'),
        (f"{START}COPY --parents a /\n", "--parents is not emulated"),
        (f"{START}RUN cat <<EOF\n", "here-documents are not emulated"),
        (f"{START}RUN exit 3\n", 'process "/bin/sh -c exit 3" did not complete successfully: exit code: 3'),
        ("RUN x\n", "no build stage in current context"),
        ("# nothing\n", "no FROM"),
    ],
)  # fmt: skip
def test_unsupported_instructions_are_rejected(workshop: Workshop, dockerfile: str, why: str) -> None:
    assert why in workshop.refused(dockerfile)


@pytest.mark.parametrize(
    ("dockerfile", "image"),
    [
        ("FROM python:3.12-alpine\nRUN apk add gcc\n", "python:3.12-alpine"),
        (f"FROM alpine:3 AS build\n{START}COPY --from=build /a /b\n", "alpine:3"),
        (f"{START}COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/\n", "ghcr.io/astral-sh/uv:latest"),
        (f"FROM alpine:3 AS unused\n{START}", ""),
        (f"{START.strip()} AS build\nFROM build\nCOPY --from=0 /a /b\n", ""),
        ("FROM\n", ""),
    ],
)
def test_an_image_that_is_not_here_is_known_before_a_build(dockerfile: str, image: str) -> None:
    assert building.not_emulated(dockerfile, {}).removeprefix("the image ").partition(": ")[0] == image


@needs_layers
@needs_owners
def test_files_owners_and_users_are_real(workshop: Workshop) -> None:
    workshop.write({"a/b": "text", "c": "other", ".dockerignore": "**/left-out\n", "a/left-out": "x"})
    (workshop.context / "c").chmod(0o755)
    image = workshop.build(
        START
        + "RUN useradd --system --uid 999 --home-dir /app --create-home web\nWORKDIR /app\nCOPY --chown=web:web . .\n"
        + "COPY c /app/sub/renamed\nCOPY a c /both/\nUSER web\nRUN id -un > who\nWORKDIR deeper\n"
    )
    shown = workshop.run(
        image, "id -u; pwd; cd /app; stat -c '%n %U %a' a/b c sub/renamed deeper; ls a; ls /both; cat who"
    )
    assert shown.split("\n") == [
        *("999", "/app/deeper"),
        *("a/b web 644", "c web 755", "sub/renamed root 755", "deeper root 755"),
        *("b", "b", "c", "web", ""),
    ]
    assert "Permission denied" in workshop.run(image, "touch /app/sub/new")
    assert workshop.run(image, "touch /app/new && ls /app/new") == "/app/new\n"
    assert workshop.run(image, "ls /app/new").startswith("ls: cannot access")


@needs_layers
def test_the_final_image_matches_a_slim_one(workshop: Workshop) -> None:
    image = workshop.build(START)
    for program in ("gcc", "cc", "make", "git", "pg_config", "curl"):
        assert workshop.run(image, f"command -v {program} >/dev/null && {program} --version") != "0", program
        assert "denied" in (said := workshop.run(image, f"{program} --version")) or "not found" in said
    assert workshop.run(image, "python -c 'import ssl, sqlite3, sys; print(sys.prefix)'") == "/usr/local\n"
    headers = "import sysconfig; print(sysconfig.get_config_var('INCLUDEPY'))"
    assert workshop.run(image, f'python -c "{headers}"') == f"/usr/local/include/python{VERSION}\n"
    assert workshop.run(image, "pip --version").startswith("pip ")
    repository = Path(__file__).resolve().parents[2]
    assert "cannot access" in workshop.run(image, f"ls {repository}")
    assert "cannot access" in workshop.run(image, f"ls {workshop.context}")


@needs_layers
@needs_owners
def test_stages_can_be_copied_from_and_unneeded_ones_are_not_built(workshop: Workshop) -> None:
    workshop.write({"lock": "1"})
    image = workshop.build(
        START.replace("\n", " AS build\n")
        + "COPY lock /made/one\nRUN echo two > /made/two && chown 7:7 /made/two\n"
        + START.replace("\n", " AS unused\n")
        + "RUN exit 1\n"
        + START
        + "COPY --from=build /made /copied\nCOPY --from=build /made/two /named\n"
        + "COPY --from=build --chown=5:6 /made /owned/\n"
    )
    shown = workshop.run(image, "stat -c '%n %u:%g' /copied/one /copied/two /named /owned/two; ls /made")
    assert shown.splitlines()[:4] == ["/copied/one 0:0", "/copied/two 7:7", "/named 7:7", "/owned/two 5:6"]
    assert "cannot access" in shown


@needs_layers
def test_a_run_has_only_the_image_variables_and_its_arguments(workshop: Workshop) -> None:
    image = workshop.build(
        START
        + "ENV A=1 \\\n    B=$A\nARG GIVEN\nARG DEFAULT=two\nRUN echo $A $GIVEN $DEFAULT $HOME > /seen; env > /all\n"
        'ENV PATH="/opt/bin:$PATH"\n',
        GIVEN="one",
    )
    assert workshop.run(image, "cat /seen") == f"1 one two {layers.ROOT.home}\n"
    everything = workshop.run(image, "cat /all")
    assert "PIP_CACHE_DIR" not in everything and "CACHE" not in everything
    assert workshop.run(image, "echo $A,$B,$GIVEN,$DEFAULT,$PATH").startswith("1,,,,/opt/bin:/usr/local/bin:")


@needs_layers
def test_layers_are_cached_until_their_inputs_change(workshop: Workshop) -> None:
    stamp = secrets.token_hex(8)  # never used before, so the first build cannot find its layers
    dockerfile = (
        START
        + f"ENV STAMP={stamp}\nCOPY lock /lock\nRUN echo installing && rm /etc/mime.types; rm -rf /srv\n"
        + "COPY . /app\nRUN echo collecting && date +%N > /when\n"
    )
    workshop.write({"lock": "1", "code": "1"})

    def worked() -> tuple[str, list[str]]:
        image = workshop.build(dockerfile)
        return image.key, [line for line in workshop.said if line in ("installing", "collecting")]

    first = worked()
    assert first[1] == ["installing", "collecting"]
    assert worked() == (first[0], [])
    workshop.write({"code": "2"})
    second = worked()
    assert (second[0] != first[0], second[1]) == (True, ["collecting"])
    workshop.write({"lock": "2"})
    assert worked()[1] == ["installing", "collecting"]
    image = workshop.build(dockerfile)
    assert "cannot access" in workshop.run(image, "ls /etc/mime.types")
    # Layers with the project stay in its sandbox; installed packages are shared by all.
    own = [str(workshop.kept) in layer for layer in image.layers]
    assert own == sorted(own) and (own[0], own[-1]) == (False, True)


@needs_layers
def test_mounts_of_a_run_leave_no_files(workshop: Workshop) -> None:
    workshop.write({"lock": "locked"})
    image = workshop.build(
        START
        + "WORKDIR /app\n"
        + "RUN --mount=type=bind,source=lock,target=lock --mount=type=cache,target=/var/cache/simple \\\n"
        + "    cp lock copied && touch /var/cache/simple/kept\n"
    )
    assert workshop.run(image, "ls -a /app /var; cat copied").split() == [
        *("/app:", ".", "..", "copied", "/var:", ".", "..", "tmp", "locked"),
    ]


@needs_layers
def test_buildah_builds_the_same_image_as_the_emulation(workshop: Workshop) -> None:
    if not real_builders.works("buildah"):
        pytest.skip("buildah builds no images on this machine")
    dockerfile = (
        START
        + "RUN useradd --system --uid 999 web\nWORKDIR /app\nCOPY --chown=web:web . .\nENV A=1\nUSER web\n"
        + "RUN id -u > /tmp/who\n"
        + 'CMD ["python", "-V"]\n'
    )
    workshop.write({"Dockerfile": dockerfile, "code": "1", "ignored": "x", ".dockerignore": "ignored\n"})
    command = "id -u; cat /tmp/who; pwd; ls -a; stat -c %U code /tmp/who; echo $A; python -V"
    own = workshop.build(dockerfile)
    path = workshop.context / "Dockerfile"
    real = real_builders.build("buildah", workshop.context, path, {}, workshop.kept, workshop.said.append)
    assert real.builder.startswith("buildah 1.")
    assert (real.workdir, real.user, real.command) == (own.workdir, own.user, own.command)
    assert workshop.run(real, command) == workshop.run(own, command)
