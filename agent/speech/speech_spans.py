"""Where somebody speaks in a whole recording."""

from agent.model.turn import AudioSpan
from agent.speech.segmenter import Segmenter, SpeechEnded
from agent.speech.vad import Vad


def speech_spans(pcm: bytes, vad: Vad, segmenter: Segmenter) -> list[AudioSpan]:
    """Stretches of speech in 16 kHz PCM, in seconds, cut at the segmenter's pauses. Blocks: the vad's work."""
    events = [event for frame in vad.feed(pcm) for event in segmenter.feed(frame.at, frame.probability)]
    ended = (event for event in (*events, *segmenter.close()) if isinstance(event, SpeechEnded))
    return [AudioSpan(event.start, event.end) for event in ended]
