"""`python applied.py FOLDER apply|recover`: the part of test_apply.py that runs in a process to be killed."""

import sys
from datetime import datetime
from pathlib import Path

from simple_deploy.apply import apply, recover
from simple_deploy.model import FileChange
from simple_deploy.receipt import Writer, begun

NOW = datetime(2006, 1, 2, 3, 4, 5)
OLD, NEW = b"caf\xe9 = 'old'\r\n", b"caf\xe9 = 'new'\r\nmore\r\n"
CHANGES = (
    FileChange(path="link", before=OLD, after=NEW, why="a link to a file that is not UTF-8"),
    FileChange(path="folder/fresh", before=None, after=b"fresh", why="a new file"),
    FileChange(path="last", before=b"last\n", after=b"", why="a file that becomes empty"),
)


def writer(root: Path) -> Writer:
    return Writer(root, begun("deploy", NOW, "heroku", "my-blog", "main"))


if __name__ == "__main__":
    root = Path(sys.argv[1])
    if sys.argv[2] == "apply":
        apply(writer(root), CHANGES)
    else:
        recover(root)
