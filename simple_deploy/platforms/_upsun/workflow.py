"""How a CI service deploys to Upsun."""

from __future__ import annotations

from simple_deploy.contract import Site, Workflow

from .deploy_hook import BEGINS, FINISHED
from .flavour import Flavour
from .own_file import hook_is_ours
from .survey import LAST_DEPLOYMENT
from .variables import of

# Upsun docs, "Command line interface": the installer puts one product's CLI into a system folder.
_INSTALLER = "https://raw.githubusercontent.com/platformsh/cli/main/installer.sh"


def workflow(flavour: Flavour, site: Site) -> Workflow:
    """A push; its exit status does not show the result of the deploy hook."""
    cli, variable, found = flavour.executable, f"{flavour.executable.upper()}_PROJECT", of(site.remote)
    of_project = f'--project "${variable}"'
    read_log = f"{cli} {' '.join(LAST_DEPLOYMENT)} {of_project} --environment ."
    return Workflow(
        secret=flavour.token,
        token="an API token from My profile > API tokens in the platform's Console",
        app_variable=variable,
        app=found.id,
        install=(f"curl --fail --silent --show-error --location {_INSTALLER} | VENDOR={flavour.vendor} bash",),
        deploy=(
            f"{cli} push {of_project} --target {found.branch} --wait --yes",
            *(_hook(read_log) if hook_is_ours(flavour, site) else ()),
        ),
    )


def _hook(read_log: str) -> tuple[str, ...]:
    return (
        "# A push succeeds even if the deploy hook, which migrates the database, fails.",
        f"log=$({read_log})",
        'case "$log" in',
        f'  *"{BEGINS}"*"{FINISHED}"*) ;;',
        f'  *"{BEGINS}"*) echo "$log"; exit 1 ;;',
        "esac",
    )
