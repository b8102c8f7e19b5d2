"""--ci: a workflow that deploys every push to the branch, as a file of the plan."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from .contract import Platform, Site, Workflow
from .model import FileEdit, Options
from .text.template import filled_text

SERVICES = ("github",)
_SECRETS = "Settings > Secrets and variables > Actions"
_WORKFLOW = """\
# Deploys every push to this branch to @name. It needs, in the repository on GitHub under
# @place:
#   the secret @secret: @token
#   the variable @app_variable: the app's name or ID
name: @title
on:
  push:
    branches: [@branch]
  workflow_dispatch:
permissions:
  contents: read
# A deployment is never interrupted by the next one.
concurrency:
  group: @group
  cancel-in-progress: false
jobs:
  deploy:
    name: Deploy
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@@checkout # v5.0.0
        with:
          fetch-depth: 0
          persist-credentials: false
      - name: Install the CLI
        run: |
          @install
      - name: Deploy
        env:
          @app_variable: ${{ vars.@app_variable }}
          @secret: ${{ secrets.@secret }}
        run: |
          @deploy
"""
_CHECKOUT = "08c6903cd8c0fde910a37f88322edcfb5dd907a8"


def path(platform: Platform) -> str:
    """The path of the workflow."""
    return f".github/workflows/deploy-{platform.id.replace('_', '-')}.yml"


def reads(options: Options, platform: Platform) -> tuple[str, ...]:
    """The files that planning reads."""
    return (path(platform),) if options.workflow else ()


def file_edits(site: Site, platform: Platform) -> tuple[FileEdit, ...]:
    """The workflow, if it is requested and the platform supports it."""
    if not (site.options.workflow and platform.workflow):
        return ()
    text = _workflow(platform.workflow(site), site, platform)
    why = f"GitHub deploys every push to {_branch(site)} to {platform.name}"
    return (FileEdit(path=path(platform), edit=lambda before: text, why=why, whole=True),)


def notes(site: Site, platform: Platform) -> Iterator[str]:
    """What the user has to do on GitHub."""
    if site.options.workflow and platform.workflow:
        own = platform.workflow(site)
        token = own.token.format(app=own.app or "ID")
        app = own.app or "the ID that simple_deploy status shows after the first deployment"
        yield (
            f"before GitHub can deploy, set the secret {own.secret} ({token}) and the variable "
            f"{own.app_variable} ({app}) in the repository, under {_SECRETS}. With GitHub's CLI: gh secret set "
            f"{own.secret}, and "
            f"gh variable set {own.app_variable} --body {own.app or 'ID'}"
        )


def _branch(site: Site) -> str:
    return site.project.git.branch or "main"


def _workflow(own: Workflow, site: Site, platform: Platform) -> str:
    # Pattern characters (GitHub docs, "Workflow syntax", filter pattern cheat sheet).
    branch = json.dumps(re.sub(r"[*?+\[\]!]", lambda match: f"\\{match[0]}", _branch(site)))
    return filled_text(
        _WORKFLOW,
        {
            "name": platform.name,
            "place": _SECRETS,
            "title": json.dumps(f"Deploy to {platform.name}"),
            "branch": branch,
            "group": f"deploy-{platform.id}",
            "checkout": _CHECKOUT,
            "secret": own.secret,
            "token": own.token.format(app="APP"),
            "app_variable": own.app_variable,
            "install": own.install,
            "deploy": own.deploy,
        },
    )
