"""`deploy` and `config validate`."""

from __future__ import annotations

from pathlib import Path
from random import randrange

from matrix.emulators._kit.faults import under_faults
from matrix.emulators.fly_io import app_config, deploying, validation
from matrix.emulators.fly_io.app_config import AppConfig
from matrix.emulators.fly_io.commands.apps import refuse_missing
from matrix.emulators.fly_io.console import CliError, note, say
from matrix.emulators.fly_io.environment import obstacle
from matrix.emulators.fly_io.image import BuildFailed, Image, load
from matrix.emulators.fly_io.session import Session
from matrix.emulators.fly_io.state import State, ulid

_HEEDED = frozenset(
    {
        "app", "access-token", "build-arg", "buildkit", "config", "depot", "dns-checks", "dockerfile", "env", "ha",
        "image", "image-label", "local-only", "now", "release-command-timeout", "remote-only", "skip-release-command",
        "smoke-checks", "wait-timeout", "yes",
    }
)  # fmt: skip


def validate(session: Session) -> int:
    """[flyctl source] Unknown keys count here without --strict too."""
    path = Path(session.options.get("config") or "fly.toml").absolute()
    note(f"Validating {path}")
    found = validation.problems(app_config.read(path))
    for problem in found:
        note(f"✘ {problem}")
    if not found:
        note("✓ Configuration is valid")
    return 1 if found else 0


def deploy(session: Session) -> None:
    """[flyctl source] Guide after `==>` and `-->` and of failures; the lines of the build are OWN WORDING."""
    if ignored := sorted(set(session.options) - _HEEDED):
        raise CliError(f"--{ignored[0]} exists, but this emulation does not heed it")
    folder = Path(session.words[0] if session.words else ".").absolute()
    config = _verified(session, folder)
    app = _app(session, config)
    tag = _image_tag(session, folder, config, app)
    say(f"\nWatch your deployment at https://fly.io/apps/{app}/monitoring\n")
    _provision_addresses(session.state, app)
    extra = dict(pair.split("=", 1) for pair in session.options.get("env", "").splitlines())
    release_command = [] if session.has("skip-release-command") else config.release_command
    spare = session.options.get("ha", "true") == "true"
    wanted = deploying.settings(config, extra)
    deploying.bring_out(session.state, app, tag, wanted, release_command, spare_machine=spare)
    deploying.visit(app)


def _verified(session: Session, folder: Path) -> AppConfig:
    path = Path(session.options["config"]).absolute() if "config" in session.options else folder / "fly.toml"
    session.platform()
    note("==> Verifying app config")
    config = app_config.read(path)
    note(f"Validating {path}")
    if found := validation.problems(config):
        raise CliError("\n".join([f"App configuration is not valid: {path}", *(f"✘ {problem}" for problem in found)]))
    note("✓ Configuration is valid")
    for warning in validation.warnings(config):
        note(warning)
    note("--> Verified app config")
    return config


def _app(session: Session, config: AppConfig) -> str:
    name = session.options.get("app") or config.app or session.app_name()
    try:
        return session.app(name)["name"]
    except CliError:
        raise refuse_missing(name) from None


def _image_tag(session: Session, folder: Path, config: AppConfig, app: str) -> str:
    """The tag of a new image, or of the one that --image names."""
    images = session.state.app_folder(app) / "images"
    if given := session.options.get("image"):
        tag = given.removeprefix(f"registry.fly.io/{app}:")
        if not (images / f"{tag}.json").is_file():
            raise CliError(f"failed to fetch an image or build from source: image {given} not found")
        return tag
    tag = session.options.get("image-label") or f"deployment-{ulid()}"
    note("==> Building image")

    def work() -> int:
        _build(session, folder, config, app).save(images / f"{tag}.json")
        return 0

    if under_faults(session.state, "build", work, note) != 0:
        raise CliError("failed to fetch an image or build from source: the build was stopped")
    note("--> Building image done")
    note(f"image: registry.fly.io/{app}:{tag}")
    return tag


def _build(session: Session, folder: Path, config: AppConfig, app: str) -> Image:
    from matrix.emulators.fly_io.image import building, real_builders

    section = config.content.get("build", {})
    named = session.options.get("dockerfile") or section.get("dockerfile")
    dockerfile = folder / (named or "Dockerfile")
    pairs = (pair.partition("=") for pair in session.options.get("build-arg", "").splitlines())
    build_args = {**section.get("args", {}), **{name: value for name, _, value in pairs}}
    builder = session.state.read()["builder"]
    kept = session.state.folder / "layers"
    try:
        text = dockerfile.read_text(encoding="utf-8")
        if reason := obstacle():
            raise BuildFailed(reason)
        if builder == "sandbox":
            return building.build(folder, text, build_args, kept, note)
        return real_builders.build(builder, folder, dockerfile, build_args, kept, note)
    except FileNotFoundError:
        raise CliError(f"failed to fetch an image or build from source: dockerfile '{dockerfile}' not found") from None
    except BuildFailed as failure:
        raise CliError(f"failed to fetch an image or build from source: error building: {failure}") from failure


def _provision_addresses(state: State, app: str) -> None:
    if state.read()["apps"][app]["addresses"]:
        return
    addresses = [f"2a09:8280:1::{randrange(1, 1 << 8):x}:{randrange(1, 1 << 16):x}:0", "66.241.124.101"]
    say(f"Provisioning ips for {app}")
    say(f"  Dedicated ipv6: {addresses[0]}")
    say(f"  Shared ipv4: {addresses[1]}")
    say("  Add a dedicated ipv4 with: fly ips allocate-v4\n")
    with state.change() as platform:
        platform["apps"][app]["addresses"] = addresses


def last_image(state: State) -> Image | None:
    """The image that was built last, of whatever app."""
    found = sorted(state.folder.glob("apps/*/images/*.json"), key=lambda path: path.stat().st_mtime_ns)
    return load(found[-1]) if found else None
