"""What the garbage collector need not walk while calls run."""

import gc


def settle() -> None:
    """Called when all that lives as long as the process is loaded: to collect it takes a tenth of a second and more, in
    which no frame of any call is handled."""
    gc.collect()
    gc.freeze()
