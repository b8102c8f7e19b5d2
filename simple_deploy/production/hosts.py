"""The hosts of a site: which of them are on the Internet."""

from __future__ import annotations

import re

# Hosts for development in the forms that ALLOWED_HOSTS accepts; they are never a user's own domain.
LOCAL = r"[\d.]+|(.*\.)?localhost|.*\.(local|test|example)"
_BETWEEN = re.compile(r"[\s,;]+")
_HOST = re.compile(r"[\w.:-]+")


def has_domains(listed: str) -> bool:
    """Whether some of the hosts are on the Internet, and none is a pattern for all hosts, or JSON."""
    hosts = [host for host in _BETWEEN.split(listed) if host]
    return all(map(_HOST.fullmatch, hosts)) and any("." in host and not re.fullmatch(LOCAL, host) for host in hosts)
