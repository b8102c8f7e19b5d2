"""The tags of a page that load from the visitor's own machine, as those of a front end's development server do."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from .page import Page


def tags(page: Page) -> dict[str, str]:
    """The tag of each script and stylesheet whose host is the visitor's own machine, by its URL."""
    scripts = {url: f'<script src="{url}">' for url in page.scripts}
    stylesheets = {url: f'<link rel="stylesheet" href="{url}">' for url in page.stylesheets}
    return {url: tag for url, tag in {**scripts, **stylesheets}.items() if _is_loopback(urlsplit(url).hostname or "")}


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        # A name: where it leads is not known here.
        return False
