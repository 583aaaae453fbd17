"""Files on the command line are those of the folder the command was called from."""

import subprocess
from pathlib import Path

from folders import ROOT, SAMPLE_LIST


def test_a_list_beside_the_caller(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(SAMPLE_LIST.read_bytes())
    done = subprocess.run(
        [ROOT / "suifang", "import", "list.csv", "--check"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "可导入 12 行" in done.stdout, done.stderr
