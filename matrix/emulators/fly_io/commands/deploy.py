"""`deploy` and `config validate`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from random import randrange

from ..._kit.cobra import CliError
from ..._kit.console import note, say
from ..._kit.faults import under_faults
from .. import api, app_config, deploying, validation
from ..app_config import AppConfig
from ..image import BuildFailed, Image
from ..image.base_images import machine_obstacle
from ..session import FlySession
from ..state import State, ulid

_CARRIED_OUT = frozenset(
    {
        "app", "access-token", "build-arg", "buildkit", "config", "depot", "dns-checks", "dockerfile", "env", "ha",
        "image", "image-label", "local-only", "now", "release-command-timeout", "remote-only", "skip-release-command",
        "smoke-checks", "wait-timeout", "yes",
    }
)  # fmt: skip
_NO_IMAGE = "failed to fetch an image or build from source"


def validate(session: FlySession) -> int:
    """[flyctl source] Unknown keys count as errors here even without --strict."""
    path = Path(session.value("config") or "fly.toml").absolute()
    note(f"Validating {path}")
    found = validation.problems(app_config.read(path))
    for problem in found:
        note(f"✘ {problem}")
    if not found:
        note("✓ Configuration is valid")
    return 1 if found else 0


def deploy(session: FlySession) -> None:
    """[flyctl source] Texts after `==>` and `-->` and of failures; the lines of the build are OWN WORDING."""
    if ignored := sorted(set(session.call.options) - _CARRIED_OUT):
        raise CliError(f"--{ignored[0]} exists, but this emulation ignores it")
    folder = Path(session.argument(0) or ".").absolute()
    config = _verified(session, folder)
    app = _app(session, config)
    tag = _image_tag(session, folder, config, app)
    say(f"\nWatch your deployment at https://fly.io/apps/{app}/monitoring\n")
    _provision_addresses(session.state, app)
    release_command = [] if session.has("skip-release-command") else config.release_command
    wanted = app_config.machine_settings(config, _pairs(session.call.options.get("env", [])))
    spare = session.value("ha", "true") == "true"
    deploying.bring_out(session.state, app, tag, wanted, release_command, spare_machine=spare)
    deploying.visit(app)


def _verified(session: FlySession, folder: Path) -> AppConfig:
    path = Path(session.value("config")).absolute() if session.given("config") else folder / "fly.toml"
    session.platform()
    note("==> Verifying app config")
    config = app_config.read(path)
    note(f"Validating {path}")
    if found := validation.problems(config):
        raise CliError("\n".join([f"App configuration is not valid: {path}", *(f"✘ {problem}" for problem in found)]))
    for line in ("✓ Configuration is valid", *validation.warnings(config), "--> Verified app config"):
        note(line)
    return config


def _app(session: FlySession, config: AppConfig) -> str:
    name = session.value("app") or config.app or session.app_name()
    try:
        return session.app(name)["name"]
    except CliError:
        # [flyctl source: deploy]
        text = "could not be found, did you create the app or misspell it in the fly.toml file or via -a?"
        raise CliError(f"the app name {name} {text}") from None


def _image_tag(session: FlySession, folder: Path, config: AppConfig, app: str) -> str:
    """The tag of a new image, or of the one that --image names."""
    images = session.state.app_folder(app) / "images"
    if given := session.value("image"):
        tag = given.removeprefix(f"registry.fly.io/{app}:")
        if not (images / f"{tag}.json").is_file():
            raise CliError(f"{_NO_IMAGE}: image {given} not found")
        return tag
    tag = session.value("image-label") or f"deployment-{ulid()}"
    note("==> Building image")

    def work() -> int:
        _build(session, folder, config).save(images / f"{tag}.json")
        return 0

    if under_faults(session.state, "build", work, note) != 0:
        raise CliError(f"{_NO_IMAGE}: the build was stopped")
    note("--> Building image done")
    note(f"image: registry.fly.io/{app}:{tag}")
    return tag


def _build(session: FlySession, folder: Path, config: AppConfig) -> Image:
    from ..image import building, real_builders

    dockerfile = folder / (session.value("dockerfile") or config.dockerfile)
    build_args = {**config.build_args, **_pairs(session.call.options.get("build-arg", []))}
    builder = session.state.read()["builder"]
    kept = session.state.folder / "layers"
    try:
        text = dockerfile.read_text(encoding="utf-8")
        if reason := machine_obstacle():
            raise BuildFailed(reason)
        if builder == "sandbox":
            return building.build(folder, text, build_args, kept, note)
        return real_builders.build(builder, folder, dockerfile, build_args, kept, note)
    except FileNotFoundError:
        raise CliError(f"{_NO_IMAGE}: dockerfile '{dockerfile}' not found") from None
    except BuildFailed as failure:
        raise CliError(f"{_NO_IMAGE}: error building: {failure}") from failure


def _provision_addresses(state: State, app: str) -> None:
    if state.read()["apps"][app]["addresses"]:
        return
    v6, v4 = f"2a09:8280:1::{randrange(1, 1 << 8):x}:{randrange(1, 1 << 16):x}:0", "66.241.124.101"
    say(api.TEXTS("addresses", app=app, v6=v6, v4=v4) + "\n")
    with state.change() as platform:
        platform["apps"][app]["addresses"] = [v6, v4]


def _pairs(words: Iterable[str]) -> dict[str, str]:
    return {name: value for name, _, value in (word.partition("=") for word in words)}
