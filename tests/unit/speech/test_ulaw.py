import warnings

import numpy as np
import pytest

from agent.speech.ulaw import decode, encode

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop  # the standard library's G.711, an independent reference


def test_every_code_decodes_as_the_reference() -> None:
    codes = bytes(range(256))
    assert decode(codes).tolist() == np.frombuffer(audioop.ulaw2lin(codes, 2), np.int16).tolist()


def test_every_sample_encodes_as_the_reference_or_its_equal() -> None:
    samples = np.arange(-32_768, 32_768).astype(np.int16)
    ours, reference = decode(encode(samples)), decode(audioop.lin2ulaw(samples.tobytes(), 2))
    # The reference drops two bits before it codes, so it may choose the neighbouring step; never a worse one by us.
    worse = np.abs(ours.astype(int) - samples) > np.abs(reference.astype(int) - samples) + 4
    assert not worse.any()


@pytest.mark.parametrize("sample", [0, 1, -1, 32_767, -32_768])
def test_edges_survive(sample: int) -> None:
    back = int(decode(encode(np.array([sample], np.int16)))[0])
    assert abs(back - sample) <= (8 if abs(sample) < 100 else 1_024)


def test_decoding_then_encoding_changes_nothing_but_negative_zero() -> None:
    codes = bytes(range(256))
    assert encode(decode(codes)) == codes.replace(b"\x7f", b"\xff")
