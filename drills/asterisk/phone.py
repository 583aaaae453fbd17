"""The test telephone: registers nothing, rings for every number, and does what the plan says. Runs in its own
environment (pjsua2, no import of ours): phone.py PLAN.json. One JSON object a line on stdout."""

import json
import sys
import time
from typing import Any

import pjsua2 as pj

SOUND_LEVEL = 8  # of 255, at the ear; silence is below 4
TICK_MS = 10


def say(event: str, **fields: Any) -> None:
    print(json.dumps({"event": event, "at": time.time(), **fields}), flush=True)


class PhoneCall(pj.Call):
    """One call: answers, then one step after the other, each when the robot speaks or has stopped speaking."""

    def __init__(self, account: pj.Account, call_id: int, folder: str, serial: int) -> None:
        super().__init__(account, call_id)
        uri = self.getInfo().localUri
        self.number = uri.split("sip:", 1)[1].split("@", 1)[0]
        self.plan = PLAN["numbers"].get(self.number, {"code": 404})
        self.steps = list(self.plan.get("steps", ()))
        self.file = f"{folder}/{serial}-{self.number}.wav"
        self.came, self.over, self.answered = time.time(), False, False
        self.up_at = self.media_at = 0.0
        self.media: pj.AudioMedia | None = None
        self.recorder: pj.AudioMediaRecorder | None = None
        self.player: pj.AudioMediaPlayer | None = None
        self.first_sound = self.last_sound = 0.0

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.up_at = time.time()
            say("up", number=self.number)
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.over = True
            say("over", number=self.number, status=info.lastStatusCode, recording=self.file)

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        if self.media is None:
            self.media, self.media_at = self.getAudioMedia(-1), time.time()
            self.recorder = pj.AudioMediaRecorder()
            self.recorder.createRecorder(self.file)
            self.media.startTransmit(self.recorder)
            say("recording", number=self.number, file=self.file)

    def begin(self) -> None:
        say("rings", number=self.number)
        self._answer(self.plan.get("code") or 180)

    def _answer(self, code: int) -> None:
        parameters = pj.CallOpParam()
        parameters.statusCode = code
        self.answer(parameters)

    def tick(self) -> None:
        now = time.time()
        due = self.plan.get("answer_after")
        if due is not None and not self.answered and now - self.came >= due:
            self.answered = True
            say("answers", number=self.number)
            self._answer(200)
        if self.media is None or self.over:
            return
        if self.media.getTxLevel() > SOUND_LEVEL:
            self.first_sound = self.first_sound or now
            self.last_sound = now
        if self.steps and self._due(self.steps[0], now):
            self._do(self.steps.pop(0))
            self.first_sound = 0.0

    def _due(self, step: dict[str, Any], now: float) -> bool:
        if step["after"] == "up":
            return bool(self.up_at and now - self.up_at >= step["seconds"])
        if step["after"] == "media":
            return now - self.media_at >= step["seconds"]
        if not self.first_sound:
            return False
        since = self.first_sound if step["after"] == "sound" else self.last_sound
        return bool(now - since >= step["seconds"])

    def _do(self, step: dict[str, Any]) -> None:
        say("does", number=self.number, **step)
        if "play" in step:
            self.player = pj.AudioMediaPlayer()
            self.player.createPlayer(step["play"], pj.PJMEDIA_FILE_NO_LOOP)
            self.player.startTransmit(self.media)
        if "keys" in step:
            self.dialDtmf(step["keys"])
        if "hang_up" in step:
            self.hangup(pj.CallOpParam())


class Account(pj.Account):
    def __init__(self) -> None:
        super().__init__()
        self.calls: list[PhoneCall] = []

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        call = PhoneCall(self, prm.callId, PLAN["folder"], len(self.calls))
        self.calls.append(call)
        call.begin()


def main() -> None:
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    config = pj.EpConfig()
    config.logConfig.level = config.logConfig.consoleLevel = 0
    config.uaConfig.threadCnt, config.uaConfig.mainThreadOnly = 0, True
    config.medConfig.clockRate = config.medConfig.sndClockRate = 8000
    config.medConfig.noVad = not PLAN.get("comfort_noise", False)
    endpoint.libInit(config)
    transport = pj.TransportConfig()
    transport.port, transport.boundAddress = PLAN["port"], "127.0.0.1"
    endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
    endpoint.audDevManager().setNullDev()
    endpoint.libStart()
    account = Account()
    settings = pj.AccountConfig()
    settings.idUri = "sip:patients@127.0.0.1"
    account.create(settings)
    say("ready")
    end = time.time() + PLAN["seconds"]
    while time.time() < end:
        endpoint.libHandleEvents(TICK_MS)
        for call in account.calls:
            if not call.over:
                call.tick()
            elif call.recorder is not None:
                call.recorder = call.player = None  # closes the files


with open(sys.argv[1], encoding="utf-8") as source:  # noqa: PTH123  one file, no other import
    PLAN = json.load(source)
main()
