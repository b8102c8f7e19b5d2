"""The commands of the CLI with their arguments and options [CLI source: `configure` of each command].

An option ends with `=` where it takes a value. A real command that is not here counts as unknown: a plan or a
page that names it must first be taught to this emulator.
"""

from __future__ import annotations

from typing import NamedTuple


class Definition(NamedTuple):
    """Positional arguments (`*` after the last: any number), how many are required, and options by their groups."""

    arguments: str = ""
    required: int = 0
    options: str = ""


_GLOBAL = "help,h version,V verbose,v quiet,q yes,y no-interaction ansi no-ansi no,n"
_PROJECT = "project,p= host="
_ENVIRONMENT = f"{_PROJECT} environment,e="
_APP = f"{_ENVIRONMENT} app,A= worker= instance,I="
_WAIT = "no-wait,W wait"
_TABLE = "format= columns,c= no-header"
_VALUES = f"date-fmt= {_TABLE}"
_CHOOSE_ACTIVITY = f"type,t= exclude-type,x= state= result= incomplete,i all,a date-fmt= {_ENVIRONMENT}"
_CHANGED_VARIABLE = "level,l= value= json= sensitive= app-scope= enabled= inheritable= visible-build= visible-runtime="
_NEW_VARIABLE = f"name= prefix= update,u {_CHANGED_VARIABLE}"

COMMANDS = {
    "activity:get": Definition("id", options=f"property,P= {_CHOOSE_ACTIVITY} {_TABLE}"),
    "activity:list": Definition(options=f"limit= start= {_CHOOSE_ACTIVITY} {_TABLE}"),
    "activity:log": Definition("id", options=f"refresh= timestamps {_CHOOSE_ACTIVITY}"),
    "auth:info": Definition("property", options=f"no-auto-login property,P= refresh {_VALUES}"),
    "backup:create": Definition("environment", options=f"live {_ENVIRONMENT} {_WAIT}"),
    "backup:list": Definition(options=f"limit= {_ENVIRONMENT} {_VALUES}"),
    "db:dump": Definition(
        options=f"schema= file,f= directory,d= gzip,z timestamp,t stdout,o table= exclude-table= schema-only charset= "
        f"relationship,r= {_APP}"
    ),
    "db:sql": Definition("query", options=f"raw schema= relationship,r= {_APP}"),
    "domain:add": Definition("name", 1, f"cert= key= chain= attach= {_ENVIRONMENT} {_WAIT}"),
    "domain:list": Definition(options=f"{_ENVIRONMENT} {_VALUES}"),
    "environment:info": Definition("property value", options=f"refresh {_ENVIRONMENT} {_WAIT} {_VALUES}"),
    "environment:list": Definition(
        options=f"no-inactive,I status= pipe refresh= sort= reverse type= {_PROJECT} {_VALUES}"
    ),
    "environment:logs": Definition("type", options=f"lines= tail {_APP}"),
    "environment:push": Definition(
        "source",
        options="target= force,f force-with-lease set-upstream,u activate branch parent= type= no-clone-parent "
        f"deploy-strategy,s= resources-init= identity-file,i= {_ENVIRONMENT} {_WAIT}",
    ),
    "environment:redeploy": Definition(options=f"deploy-strategy,s= {_ENVIRONMENT} {_WAIT}"),
    "environment:relationships": Definition("environment", options=f"property,P= refresh {_APP}"),
    "environment:scp": Definition("files*", options=f"recursive,r identity-file,i= {_APP}"),
    "environment:ssh": Definition("cmd*", options=f"pipe all option,o= identity-file,i= {_APP}"),
    "environment:url": Definition(options=f"primary,1 browser= pipe {_ENVIRONMENT}"),
    "mount:list": Definition(options=f"paths refresh {_APP} {_TABLE}"),
    "mount:upload": Definition(
        options=f"all source= mount,m= delete exclude= include= refresh identity-file,i= {_APP}"
    ),
    "organization:create": Definition(options="label= name= country="),
    "organization:info": Definition("property value", options=f"org,o= {_PROJECT} refresh {_VALUES}"),
    "organization:list": Definition(options=f"my sort= reverse type= {_TABLE}"),
    "project:create": Definition(
        options="org,o= title= region= plan= environments= storage= default-branch= init-repo= set-remote "
        "no-set-remote check-timeout= timeout="
    ),
    "project:delete": Definition("project", options=_PROJECT),
    "project:info": Definition("property value", options=f"refresh {_PROJECT} {_WAIT} {_VALUES}"),
    "project:list": Definition(
        options=f"pipe region= host= title= my refresh= sort= reverse page= count= org,o= org-type= {_VALUES}"
    ),
    "project:set-remote": Definition("project"),
    "resources:get": Definition(options=f"app= service,s= worker= type= cpu-type= date-fmt= {_ENVIRONMENT} {_TABLE}"),
    "resources:set": Definition(options=f"size,S= count,C= disk,D= force,f dry-run {_ENVIRONMENT} {_WAIT}"),
    "tunnel:open": Definition(options=f"gateway-ports,g {_APP}"),
    "tunnel:single": Definition(options=f"port= gateway-ports,g relationship,r= {_APP}"),
    "variable:create": Definition("name", options=f"{_NEW_VARIABLE} {_ENVIRONMENT} {_WAIT}"),
    "variable:delete": Definition("name", 1, options=f"level,l= {_ENVIRONMENT} {_WAIT}"),
    "variable:list": Definition(options=f"level,l= {_ENVIRONMENT} {_TABLE}"),
    "variable:update": Definition("name", 1, options=f"allow-no-change {_CHANGED_VARIABLE} {_ENVIRONMENT} {_WAIT}"),
}
ALIASES = {
    "act": "activity:list",
    "activities": "activity:list",
    "backup": "backup:create",
    "backups": "backup:list",
    "create": "project:create",
    "domains": "domain:list",
    "environments": "environment:list",
    "log": "environment:logs",
    "logs": "environment:logs",
    "mounts": "mount:list",
    "organizations": "organization:list",
    "orgs": "organization:list",
    "pro": "project:list",
    "projects": "project:list",
    "push": "environment:push",
    "redeploy": "environment:redeploy",
    "relationships": "environment:relationships",
    "resources": "resources:get",
    "scp": "environment:scp",
    "set-remote": "project:set-remote",
    "sql": "db:sql",
    "ssh": "environment:ssh",
    "url": "environment:url",
    "var": "variable:list",
    "variables": "variable:list",
}
# They change nothing; `environment:info` and `project:info` do with a value, which the emulated ones refuse.
READING = frozenset({
    *("activity:get", "activity:list", "activity:log", "auth:info", "backup:list", "domain:list", "environment:info"),
    *("environment:list", "environment:logs", "environment:relationships", "environment:url", "mount:list"),
    *("organization:info", "organization:list", "project:info", "project:list", "resources:get", "variable:list"),
    "version",
})  # fmt: skip


class Option(NamedTuple):
    """An option by its long name."""

    name: str
    takes_value: bool


def options_of(command: str) -> dict[str, Option]:
    """Every option of a command, by its long name with `--` and by its letter with `-`."""
    found: dict[str, Option] = {}
    for word in f"{_GLOBAL} {COMMANDS[command].options}".split():
        name, _, letter = word.removesuffix("=").partition(",")
        option = Option(name, word.endswith("="))
        found[f"--{name}"] = option
        if letter:
            found[f"-{letter}"] = option
    return found
