"""Owns a sandbox with a grandchild in another session, a site and a database; prints all pids and waits."""

import json
import sys
from pathlib import Path

import psutil

from matrix.sandbox import processes
from matrix.sandbox.machine import Sandbox
from tests.matrix.sandbox_sites import start_echo

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'], start_new_session=True)
print(child.pid, flush=True)
child.wait()
"""

with Sandbox.create(Path(sys.argv[1])) as box:
    child = box.popen([sys.executable, "-c", PARENT])
    assert child.stdout
    child.stdout.readline()
    start_echo(box)
    url = box.postgres.create_database("app")
    port = int(url.split(":")[-1].split("/")[0])
    connections = psutil.net_connections("tcp4")
    servers = {c.pid for c in connections if c.laddr.port == port and c.status == psutil.CONN_LISTEN}
    pids = {member.pid for member in psutil.Process().children(recursive=True)} | servers
    sys.stdout.write(json.dumps(sorted(filter(None, pids))) + "\n")
    sys.stdout.flush()
    processes.wait_until(lambda: False, 300)
