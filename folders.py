"""Where the content that the product comes with lies."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent
PATHWAYS, NLU_DATA = ROOT / "dialogs" / "pathways", ROOT / "nlu_data"
SAMPLE_LIST = ROOT / "samples" / "discharges.csv"  # invented patients
