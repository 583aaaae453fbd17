"""What the garbage collector need not walk while calls run, and how rarely it walks the rest."""

import gc

_NEW, _YOUNG, _OLD = 5_000, 10, 200
"""Objects made before the newest are walked, such walks before those that outlived one, walks of those before all.
With 150 calls up all is walked every half hour and not every ten seconds: it takes 50 to 150 ms, in which no frame of
any call is handled. A call leaves nothing behind that only the collector could free (tests/unit/telephony/
test_call_is_freed.py)."""


def settle() -> None:
    """Called when all that lives as long as the process is loaded: to collect it takes a tenth of a second and more, in
    which no frame of any call is handled."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW, _YOUNG, _OLD)
