"""The commands of flyctl: their flags, their other names, and which of them change nothing.

[flyctl source: internal/command] A real command or flag that is not here counts as unknown: a plan that uses it must
first be taught to this emulator.
"""

from __future__ import annotations

from typing import NamedTuple


class Syntax(NamedTuple):
    """Flags (`name/letter=`, with `=` if they take a value) and how many other words there may be."""

    flags: str = ""
    least: int = 0
    most: int = 0


_APP = "app/a= config/c="
_JSON = "json/j"
_YES = "yes/y"
_ANY = 99
_DEPLOY = (
    f"{_APP} {_YES} ha remote-only local-only build-only push image= image-label= strategy= wait-timeout= "
    "release-command-timeout= detach now env/e= build-arg= build-secret= dockerfile= no-cache "
    "skip-release-command smoke-checks dns-checks no-public-ips vm-size= vm-memory= vm-cpus= vm-cpu-kind= "
    "primary-region= region/r= depot= flycast buildkit"
)
COMMANDS: dict[str, Syntax] = {
    "apps create": Syntax(f"name= generate-name org/o= network= save {_JSON} {_YES}", 0, 1),
    "apps destroy": Syntax(_YES, 1, _ANY),
    "apps list": Syntax(f"{_JSON} quiet/q org/o="),
    "apps open": Syntax(_APP, 0, 1),
    "apps restart": Syntax(f"{_APP} force-stop skip-health-checks", 0, 1),
    "auth login": Syntax("interactive/i email= password= otp="),
    "auth whoami": Syntax(_JSON),
    "certs add": Syntax(f"{_APP} {_JSON}", 1, 1),
    "certs check": Syntax(f"{_APP} {_JSON}", 1, 1),
    "certs list": Syntax(f"{_APP} {_JSON}"),
    "config show": Syntax(f"{_APP} yaml toml local"),
    "config validate": Syntax(f"{_APP} strict/s"),
    "deploy": Syntax(_DEPLOY, 0, 1),
    "ips allocate-v4": Syntax(f"{_APP} region/r= shared {_YES}"),
    "ips list": Syntax(f"{_APP} {_JSON}"),
    "logs": Syntax(f"{_APP} {_JSON} no-tail/n machine/m= instance/i= region/r="),
    "machine list": Syntax(f"{_APP} {_JSON} quiet/q"),
    "machine restart": Syntax(f"{_APP} force skip-health-checks", 0, _ANY),
    "machine start": Syntax(_APP, 0, _ANY),
    "mpg attach": Syntax("app/a= database/d= username/u= variable-name=", 0, 1),
    "mpg backup list": Syntax(_JSON, 1, 1),
    "mpg connect": Syntax("database/d= username/u=", 0, 1),
    "mpg create": Syntax("name/n= region/r= org/o= plan= volume-size= pg-major-version= enable-postgis-support", 0, 0),
    "mpg destroy": Syntax(_YES, 1, 1),
    "mpg list": Syntax(f"org/o= {_JSON} deleted"),
    "mpg proxy": Syntax("local-port/p= bind-addr/b=", 0, 1),
    "mpg status": Syntax(_JSON, 0, 1),
    "orgs list": Syntax(_JSON),
    "platform regions": Syntax(_JSON),
    "platform vm-sizes": Syntax(_JSON),
    "postgres attach": Syntax(f"{_APP} database-name= database-user= variable-name= superuser {_YES}", 1, 1),
    "postgres connect": Syntax(f"{_APP} database/d= user/u= password/p="),
    "postgres create": Syntax(
        "name/n= region/r= org/o= initial-cluster-size= vm-size= vm-memory= volume-size= password/p= detach autostart "
        "flex consul-url= snapshot-id= image-ref= stolon"
    ),
    "postgres db list": Syntax(f"{_APP} {_JSON}", 0, 1),
    "postgres detach": Syntax(_APP, 1, 1),
    "postgres list": Syntax(_JSON),
    "postgres users list": Syntax(f"{_APP} {_JSON}", 0, 1),
    "proxy": Syntax(f"{_APP} org/o= bind-addr/b= quiet/q select/s watch-stdin/w", 1, 2),
    "releases": Syntax(f"{_APP} {_JSON} image"),
    "scale count": Syntax(f"{_APP} {_YES} max-per-region= region/r= process-group=", 1, _ANY),
    "scale show": Syntax(f"{_APP} {_JSON}"),
    "secrets import": Syntax(f"{_APP} stage detach dns-checks"),
    "secrets list": Syntax(f"{_APP} {_JSON}"),
    "secrets set": Syntax(f"{_APP} stage detach dns-checks", 1, _ANY),
    "secrets unset": Syntax(f"{_APP} stage detach dns-checks", 1, _ANY),
    "ssh console": Syntax(f"{_APP} command/C= user/u= machine= region/r= select/s pty quiet/q org/o=", 0, 1),
    "status": Syntax(f"{_APP} {_JSON} all watch rate="),
    "version": Syntax(_JSON),
    "volumes list": Syntax(f"{_APP} {_JSON} all"),
    "volumes snapshots create": Syntax(f"{_APP} {_JSON}", 1, 1),
    "volumes snapshots list": Syntax(_JSON, 1, 1),
}
ALIASES = {
    "m": "machine",
    "machines": "machine",
    "managed-postgres": "mpg",
    "open": "apps open",
    "org": "orgs",
    "pg": "postgres",
    "vol": "volumes",
    "volume": "volumes",
}
READING = frozenset(
    {
        "apps list", "apps open", "auth whoami", "certs check", "certs list", "config show", "config validate",
        "ips list", "logs", "machine list", "mpg backup list", "mpg list", "mpg status", "orgs list",
        "platform regions", "platform vm-sizes", "postgres db list", "postgres list", "postgres users list",
        "releases", "scale show", "secrets list", "status", "version", "volumes list", "volumes snapshots list",
    }
)  # fmt: skip
