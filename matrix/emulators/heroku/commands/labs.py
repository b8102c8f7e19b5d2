"""`labs`, `labs:enable`."""

from __future__ import annotations

from matrix.emulators.heroku.console import action, api_error, say, say_header, say_json
from matrix.emulators.heroku.model import App, Platform
from matrix.emulators.heroku.session import Session

# The names are real; Heroku has more of them. Descriptions and documents are [Dev Center] or own wording.
APP_FEATURES = {
    "log-runtime-metrics": "Emit dyno resource usage information into app logs",
    "runtime-dyno-metadata": "Dyno Metadata",
}
_DOCUMENTS = "https://devcenter.heroku.com/articles/"
_EPOCH = "2026-01-01T00:00:00Z"


def listing(session: Session) -> None:
    """[recorded session; shape of a feature: Platform API]

    Account features are left out: the emulated account has none.
    """
    name = session.optional_app_name()
    platform = session.platform()
    found = features(platform, session.app(name)) if name else None
    if session.has("json"):
        say_json({"app": found, "user": []})
        return
    say_header(f"User Features {platform['account']['email']}")
    if name and found:
        say()
        say_header(f"App Features {name}")
        width = max(map(len, APP_FEATURES))
        for feature in found:
            mark = "[+]" if feature["enabled"] else "[ ]"
            say(f"{mark} {str(feature['name']).ljust(width)}  {feature['description']}")


def enable(session: Session) -> None:
    """[recorded session] It takes effect with the next release [Dev Center: Dyno Metadata]."""
    feature = session.words[0]
    name = session.optional_app_name()
    if name is None or feature not in offered(session.platform()):
        raise api_error("Couldn't find that feature.", "not_found")
    session.app(name)
    with action(f"Enabling {feature} for {name}"), session.state.change() as platform:
        enabled = platform["apps"][name]["features"]
        if feature not in enabled:
            enabled.append(feature)


def offered(platform: Platform) -> list[str]:
    """The features that apps can have."""
    return [name for name in sorted(APP_FEATURES) if name not in platform["withdrawn"]]


def features(platform: Platform, app: App) -> list[dict[str, object]]:
    """Those of an app, as the API shows them."""
    return [
        {
            "id": f"{app['id']}-{name}",
            "name": name,
            "description": APP_FEATURES[name],
            "doc_url": f"{_DOCUMENTS}heroku-labs-{name}",
            "state": "beta",
            "enabled": name in app["features"],
            "created_at": _EPOCH,
            "updated_at": _EPOCH,
            "display_name": name.replace("-", " ").title(),
            "feedback_email": "labs@example.com",
        }
        for name in offered(platform)
    ]
