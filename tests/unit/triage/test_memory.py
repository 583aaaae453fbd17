"""Reading fits beside everything else on a small server: what one process of it holds."""

import subprocess
import sys

MOST_MEGABYTES = 150
READS = """
from agent.triage.content import load
from agent.triage.reader import Reader
from bench.peak_memory import peak_mb
from folders import NLU_DATA

reader = Reader(load(NLU_DATA))
for concept in reader.content.concepts.values():
    for words in concept.tests.present:
        reader.read(words)
print(peak_mb())
"""


def test_a_reader_stays_small() -> None:
    """It grew to 168 MB unnoticed once, by two wide forms of the lexicon."""
    done = subprocess.run([sys.executable, "-c", READS], capture_output=True, text=True, check=True)
    assert float(done.stdout) < MOST_MEGABYTES
