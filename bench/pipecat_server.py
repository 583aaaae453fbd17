"""An echo call in pipecat-ai, to be compared with ours: its Twilio serializer and transport, with or without its Silero
voice activity. Runs in an environment of its own; the product never imports pipecat."""

import argparse
import json
import sys

import uvicorn
from fastapi import FastAPI, WebSocket
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import Frame, InputAudioRawFrame, OutputAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.task import PipelineParams, PipelineTask
from pipecat.processors.audio.vad_processor import VADProcessor
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport


class Echo(FrameProcessor):
    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame):
            frame = OutputAudioRawFrame(audio=frame.audio, sample_rate=frame.sample_rate, num_channels=1)
        await self.push_frame(frame, direction)


async def echo(socket: WebSocket, *, vad: bool) -> None:
    await socket.accept()
    start: dict[str, dict[str, str]] = {}
    while start.get("event") != "start":
        start = json.loads(await socket.receive_text())
    quiet = TwilioFrameSerializer.InputParams(auto_hang_up=False)
    serializer = TwilioFrameSerializer(start["start"]["streamSid"], start["start"]["callSid"], params=quiet)
    params = FastAPIWebsocketParams(
        serializer=serializer, audio_in_enabled=True, audio_out_enabled=True, add_wav_header=False
    )
    transport = FastAPIWebsocketTransport(socket, params)
    hears = [VADProcessor(vad_analyzer=SileroVADAnalyzer())] if vad else []
    rates = PipelineParams(audio_in_sample_rate=8000, audio_out_sample_rate=8000)
    task = PipelineTask(
        Pipeline([transport.input(), *hears, Echo(), transport.output()]), params=rates, cancel_on_idle_timeout=False
    )

    @transport.event_handler("on_client_disconnected")
    async def gone(*_: object) -> None:
        await task.cancel()

    await PipelineRunner(handle_sigint=False).run(task)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--vad", action="store_true")
    args = parser.parse_args()
    logger.remove()
    logger.add(sys.stderr, level="CRITICAL")
    app = FastAPI()

    @app.websocket("/twilio/media")
    async def media(socket: WebSocket) -> None:
        await echo(socket, vad=args.vad)

    uvicorn.run(app, host="127.0.0.1", port=args.port, log_level="critical", ws_per_message_deflate=False)


if __name__ == "__main__":
    main()
