"""How a CI service deploys to Fly.io."""

from __future__ import annotations

from simple_deploy.contract import Site, Workflow

from .identity import COMMIT
from .steps import machines


def workflow(site: Site) -> Workflow:
    """Deploy the checkout; the label lets later runs of simple_deploy see which commit is online."""
    return Workflow(
        secret="FLY_API_TOKEN",
        token="the token that this prints: fly tokens create deploy --app {app} --expiry 8760h",
        app_variable="FLY_APP",
        app=site.app,
        # Fly docs, "Install flyctl".
        install=(
            "curl --fail --silent --show-error --location https://fly.io/install.sh | sh",
            'echo "$HOME/.fly/bin" >> "$GITHUB_PATH"',
        ),
        deploy=(
            " ".join(
                (
                    'fly deploy --app "$FLY_APP"',
                    *machines(site),
                    f'--yes --remote-only --image-label "{COMMIT}$(git rev-parse HEAD)"',
                )
            ),
        ),
    )
