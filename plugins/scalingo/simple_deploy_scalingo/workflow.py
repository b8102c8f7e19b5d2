"""How a CI service deploys to Scalingo."""

from __future__ import annotations

from simple_deploy.contract import Site, Workflow

from .survey import of, region_of


def workflow(site: Site) -> Workflow:
    """An archive of the commit: a push would also need an SSH key (docs, "Deploy from Archive")."""
    region = region_of(of(site.remote).git) or site.options.region
    scalingo = f'scalingo {f"--region {region} " if region else ""}--app "$SCALINGO_APP"'
    return Workflow(
        secret="SCALINGO_API_TOKEN",
        token="an API token from your profile on https://dashboard.scalingo.com",
        app_variable="SCALINGO_APP",
        app=site.app,
        # CLI source: dists/install.sh.
        install=(
            "curl --fail --silent --show-error --location https://cli-dl.scalingo.com/install | bash -s -- --yes",
        ),
        deploy=(
            "archive=$(mktemp -d)/site.tar.gz",
            'git archive --format=tar.gz --prefix=site/ --output "$archive" HEAD',
            "# It waits until the deployment has ended, and fails if that has failed.",
            f'{scalingo} deploy "$archive" "$(git rev-parse HEAD)"',
        ),
    )
