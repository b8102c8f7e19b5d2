import subprocess
import sys

import pytest
from results_samples import result

from matrix.bench import imports, processor_seconds, shares

BUSY = "import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: pass"


def test_the_shares_of_the_stages_follow_their_seconds():
    found = shares(result())
    assert found == [pytest.approx(1 / 9)] * 9


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not count the time of child processes")
def test_processor_time_counts_started_programs():
    busy = processor_seconds(lambda: subprocess.run([sys.executable, "-c", BUSY], check=True))
    assert busy >= 0.3 > processor_seconds(lambda: None)


def test_pythons_import_report_is_parsed():
    report = "import time: self [us] | cumulative | imported package\nimport time:       120 |        300 |   json\n"
    assert imports(report) == {"json": 120}
