"""Addresses of the developer's computer in code outside the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from simple_deploy.trial.code_addresses import local_addresses


@pytest.mark.parametrize(
    ("code", "address", "variable"),
    [
        ("requests.post('http://localhost:11434/api/generate', json={})", "http://localhost:11434/api/generate", ""),
        ("MODEL = 'http://127.0.0.1:8080'", "http://127.0.0.1:8080", ""),
        ("URL = f'http://localhost:{port}/x'", "http://localhost:", ""),
        ("MongoClient('mongodb://me:secret@localhost:27017/')", "mongodb://localhost:27017/", ""),
        ("Client({'nodes': [{'host': 'localhost', 'port': '8108'}]})", "localhost", ""),
        ("redis.Redis(host='localhost', port=6379)", "localhost", ""),
        ("import os\nURL = os.environ.get('MODEL_URL', 'http://localhost:1')", "http://localhost:1", "MODEL_URL"),
        ("URL = 'https://localhost.example.com'", "", ""),
        ("'''Try http://localhost:8000 first.'''", "", ""),
        ("'http://localhost:8000'", "", ""),
        ("print('http://localhost:8000')", "", ""),
        ("logger.info('http://localhost:8000')", "", ""),
        ("self.stdout.write('http://localhost:8000')", "", ""),
        ("if url == 'http://localhost:8000': pass", "", ""),
        ("url.startswith('http://localhost')", "", ""),
        ("if settings.DEBUG:\n    URL = 'http://localhost:8000'", "", ""),
        ("URL = 'http://localhost:8000' if settings.DEBUG else 'https://example.com'", "", ""),
        ("if __name__ == '__main__':\n    run('http://localhost:8000')", "", ""),
        ("hosts = ['localhost']", "", ""),
        ("URL = 'http://localhost:8000", "", ""),
    ],
)
def test_only_what_the_site_calls_is_an_address(tmp_path: Path, code: str, address: str, variable: str) -> None:
    (tmp_path / "views.py").write_text(f"{code}\n", encoding="utf-8")
    line = 2 if code.startswith("import os") else 1
    told = {"address": address, "place": f"views.py:{line}", "variable": variable}
    assert local_addresses(tmp_path, ["views.py", "gone.py"]) == ([told] if address else [])


def test_an_address_is_told_once_for_each_file(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("get('http://localhost:1')\nput('http://localhost:1')\n", encoding="utf-8")
    assert [one["place"] for one in local_addresses(tmp_path, ["a.py", "b.py"])] == ["a.py:1", "b.py:1"]
