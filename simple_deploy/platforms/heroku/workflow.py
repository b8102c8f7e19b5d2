"""How a CI service deploys to Heroku."""

from __future__ import annotations

from simple_deploy.contract import Site, Workflow

_STATUS = "python3 -c 'import json, sys; print(json.load(sys.stdin)[0][\"status\"])'"


def workflow(site: Site) -> Workflow:
    """A push; its exit status does not show the result of the release after it."""
    return Workflow(
        secret="HEROKU_API_KEY",
        token="the token that this prints: heroku authorizations:create --description 'GitHub Actions'",
        app_variable="HEROKU_APP",
        app=site.app,
        # Dev Center, "The Heroku CLI", standalone installation.
        install=("curl --fail --silent --show-error --location https://cli-assets.heroku.com/install.sh | sh",),
        deploy=(
            # The CLI's own helper for Git (Dev Center, "Deploying with Git").
            "git config --global credential.https://git.heroku.com.helper '!heroku git:credentials'",
            'git push "https://git.heroku.com/$HEROKU_APP.git" HEAD:refs/heads/main',
            "# A push succeeds even if the release after it fails.",
            "for attempt in $(seq 90); do",
            f'  status=$(heroku releases --app "$HEROKU_APP" --json --num 1 | {_STATUS})',
            '  if [ "$status" != pending ]; then break; fi',
            "  sleep 10",
            "done",
            'echo "The release has the status $status."',
            'if [ "$status" != succeeded ]; then heroku releases:output --app "$HEROKU_APP"; exit 1; fi',
        ),
    )
