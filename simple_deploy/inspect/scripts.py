"""The scripts that other files start, such as the ENTRYPOINT of a Dockerfile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_SCRIPT = re.compile(r"[\w./-]+\.sh\b")


def scripts(root: Path, text: str) -> Iterator[str]:
    """Those below the root: in an image, the project may have another folder, so only the end of a path counts."""
    for name in dict.fromkeys(_SCRIPT.findall(text)):
        parts = [part for part in PurePosixPath(name).parts if part not in ("/", ".")]
        paths = ("/".join(parts[start:]) for start in range(len(parts)))
        if ".." not in parts and (found := next((path for path in paths if (root / path).is_file()), None)):
            yield found
