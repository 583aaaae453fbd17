// A practice call: microphone and loudspeaker on one WebSocket, and what was understood on the page.
const room = document.getElementById("practice");
const byId = (id) => document.getElementById(id);
const RATE = 8000;
let call = null;

function say(text, fault = false) {
  byId("state").textContent = text;
  byId("state").classList.toggle("fault", fault);
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function nodeSelect() {
  return [...room.querySelectorAll("select.node")].find((one) => one.dataset.pathway === byId("pathway").value);
}

function showNodes() {
  room.querySelectorAll("select.node").forEach((one) => { one.hidden = one !== nodeSelect(); });
}

class Call {
  constructor(audio, stream) {
    this.audio = audio;
    this.stream = stream;
    this.played = 0;
    this.ended = false;
    this.microphone = new AudioWorkletNode(audio, "microphone", { numberOfOutputs: 0 });
    this.speaker = new AudioWorkletNode(audio, "speaker", { numberOfInputs: 0, outputChannelCount: [1] });
    audio.createMediaStreamSource(stream).connect(this.microphone);
    this.speaker.connect(audio.destination);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(`${scheme}//${location.host}${room.dataset.socket}`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.open();
    this.socket.onmessage = ({ data }) => this.take(data);
    this.socket.onclose = () => this.end("通话已结束");
    this.microphone.port.onmessage = ({ data }) => this.heard(data);
    this.speaker.port.onmessage = ({ data }) => this.reached(data);
  }

  open() {
    this.tell({ event: "start", token: room.dataset.token, pathway: byId("pathway").value, node: Number(nodeSelect().value) });
    say("正在接通……");
  }

  tell(event) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(event));
  }

  heard({ frame, peak }) {
    byId("level").style.transform = `scaleX(${Math.min(1, peak * 2).toFixed(2)})`;
    if (this.socket.readyState === WebSocket.OPEN && this.connected) this.socket.send(frame);
  }

  reached(message) {
    if (message.mark) {
      this.tell({ event: "mark", name: message.mark });
      if (!this.ended) say("请说话");
    } else {
      this.played = message.played;
      room.dataset.played = String(message.played);
    }
  }

  take(data) {
    if (data instanceof ArrayBuffer) {
      this.speaker.port.postMessage({ frame: data }, [data]);
      return;
    }
    const event = JSON.parse(data);
    if (event.event === "connected") this.connected = true;
    else if (event.event === "mark") this.speaker.port.postMessage({ mark: event.name });
    else if (event.event === "clear") this.speaker.port.postMessage({ clear: true });
    else if (event.event === "turn") this.turn(event);
    else if (event.event === "refused") this.end(event.why, true);
    else if (event.event === "ended") this.end("通话已结束");
  }

  turn(event) {
    showTurn(event);
    say(event.ends ? "机器人在道别" : "机器人正在说");
  }

  end(text, fault = false) {
    if (this.ended) return;
    this.ended = true;
    this.stream.getTracks().forEach((track) => track.stop());
    this.socket.close();
    this.audio.close();
    byId("level").style.transform = "scaleX(0)";
    call = null;
    controls(false);
    say(text, fault);
  }
}

function controls(busy) {
  byId("start").hidden = busy;
  byId("stop").hidden = !busy;
  byId("pad").hidden = !busy;
  room.querySelectorAll("select").forEach((one) => { one.disabled = busy; });
}

function showTurn(event) {
  byId("empty").hidden = true;
  const talk = byId("talk");
  if (event.kind !== "start") talk.append(patientLine(event));
  if (event.reply.length) talk.append(element("li", "robot", event.reply.join("")));
  talk.lastElementChild?.scrollIntoView({ block: "end" });
  showAlarms(event.alarms);
  showAnswers(event.answers);
}

function patientLine(event) {
  const line = element("li", `patient ${event.level}`);
  line.append(element("p", event.heard ? "heard" : "heard none", event.said));
  const read = element("p", "read");
  read.append(element("span", "mark", event.move));
  if (event.level !== "none") read.append(element("span", `mark ${event.level}`, event.level_word));
  for (const one of event.findings) {
    const mark = element("span", one.status === "有" ? "mark present" : "mark", `${one.label}：${one.status}`);
    mark.title = `${one.words} — ${one.why}`;
    read.append(mark);
  }
  for (const value of event.values) read.append(element("span", "mark", value));
  if (event.confidence !== null) read.append(element("span", "", `听清程度 ${Math.round(event.confidence * 100)}%`));
  line.append(read);
  return line;
}

function showAlarms(alarms) {
  const list = byId("alarms");
  if (!alarms.length) return;
  list.replaceChildren(...alarms.map((one) => {
    const row = element("li", "");
    row.append(element("span", `mark ${one.level}`, one.level_word), ` ${one.reason}`);
    return row;
  }));
}

function showAnswers(answers) {
  const list = byId("answers");
  const before = new Map([...list.querySelectorAll("dt")].map((one) => [one.textContent, one.nextElementSibling.textContent]));
  if (!answers.length) return;
  list.replaceChildren(...answers.map((one) => {
    const row = element("div", before.get(one.label) === one.value ? "" : "new");
    row.append(element("dt", "", one.label), element("dd", "", one.value));
    row.title = one.words;
    return row;
  }));
}

function clean() {
  byId("talk").replaceChildren();
  byId("empty").hidden = false;
  byId("alarms").replaceChildren(element("li", "dim", "还没有"));
  byId("answers").replaceChildren(element("div", "dim", "还没有"));
  room.dataset.played = "0";
}

const MICROPHONE = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const FAULTS = {
  NotAllowedError: "没有麦克风权限。请在地址栏左侧允许使用麦克风，再点开始。",
  NotFoundError: "没有找到麦克风。请接好后再试。",
  NotReadableError: "麦克风正被其他程序占用。",
};

async function start() {
  if (!navigator.mediaDevices?.getUserMedia) {
    say("浏览器只在 https 或本机地址上允许使用麦克风，请换用安全的地址打开本页。", true);
    return;
  }
  clean();
  controls(true);
  say("正在打开麦克风……");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE });
    const audio = new AudioContext({ sampleRate: RATE });
    await audio.audioWorklet.addModule(room.dataset.worklet);
    call = new Call(audio, stream);
  } catch (error) {
    controls(false);
    say(FAULTS[error.name] ?? "这个浏览器打不开通话，请换用新版 Chrome 或 Edge。", true);
  }
}

byId("pathway").addEventListener("change", showNodes);
byId("start").addEventListener("click", start);
byId("stop").addEventListener("click", () => { call?.tell({ event: "stop" }); call?.end("已挂断"); });
byId("pad").addEventListener("click", ({ target }) => { if (target.dataset.key) call?.tell({ event: "digit", digit: target.dataset.key }); });
showNodes();
