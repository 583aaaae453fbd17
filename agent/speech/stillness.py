"""Is there only the line's own noise? Told from its energy alone, so that nothing dearer is asked. Pure."""

_ALWAYS_STILL = 64.0  # mean square of 16-bit samples: a line that sends nothing
_NEVER_STILL = 100_000.0  # 40 dB under full scale: as loud as a voice, whatever the line's noise is
_ABOVE_FLOOR = 2.0  # 3 dB: steady noise stays under it, a voice as loud as the noise does not
_SOFT = 3.0  # 5 dB: what is left of a voice's last sound stays over it
_FLOOR_RISE = 1.003  # a chunk of 32 ms: 0.4 dB a second
_QUIET = 0.15  # probability of speech below which a chunk is taken for none
_QUIET_CHUNKS = 8  # a quarter of a second of them in a row before energy is trusted


class Stillness:
    """Follows the line's noise floor; asked about each chunk, and told how likely speech was in those it did not hold
    for still. A chunk (32 ms) is still when the last quarter of a second was judged to be no speech and it is as
    soft as the line's noise."""

    def __init__(self) -> None:
        self._floor = _NEVER_STILL
        self._quiet = 0  # chunks in a row without speech
        self.soft_chunks = 0  # in a row up to the latest: by energy alone, known a sixth of a second before speech is

    def holds(self, energy: float) -> bool:
        """No voice can be in the chunk of that energy, the mean square of 16-bit samples."""
        self._floor = max(_ALWAYS_STILL, min(energy, self._floor * _FLOOR_RISE))
        self.soft_chunks = self.soft_chunks + 1 if energy <= self._floor * _SOFT else 0
        if energy <= _ALWAYS_STILL:
            self._quiet += 1
        return self.would_hold(energy)

    def would_hold(self, energy: float) -> bool:
        """The same of sound that is not to be followed yet."""
        if energy <= _ALWAYS_STILL:
            return True
        return self._quiet >= _QUIET_CHUNKS and energy <= min(self._floor * _ABOVE_FLOOR, _NEVER_STILL)

    def judged(self, probability: float) -> None:
        """Of the chunk that was not still."""
        self._quiet = self._quiet + 1 if probability < _QUIET else 0
