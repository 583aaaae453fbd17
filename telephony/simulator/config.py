"""How one simulated carrier is set up."""

from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
PATIENTS = _HERE / "patients"
VOICES = _HERE / "voices"


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    """One account. `from_numbers` are the numbers it owns; empty: any. `seed` drives every random choice."""

    account_sid: str
    auth_token: str
    patients: Path = PATIENTS
    voices: Path = VOICES
    from_numbers: tuple[str, ...] = ()
    seed: int = 1
    ring_delay_seconds: float = 0.2  # from dialling to the first ring
    webhook_timeout_seconds: float = 15.0  # as the carrier's own
