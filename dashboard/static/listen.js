// Plays a running call: 16-bit mono as it comes, a moment behind the call itself.

const LEAD_SECONDS = 0.3; // held ready against a late piece
const MOST_BEHIND_SECONDS = 3;

export class LiveSound {
  constructor() {
    this.on = false;
    this.problem = "";
    this.heard = 0; // seconds handed to the loudspeaker
    this.told = () => {};
  }

  shows(told) {
    this.told = told;
  }

  toggle(path) {
    if (this.on) this.stop();
    else this.play(path);
  }

  stop() {
    this.stopper?.abort();
    this.context?.close();
    this.stopper = this.context = null;
    if (!this.on) return;
    this.on = false;
    this.told();
  }

  async play(path) {
    this.on = true;
    this.problem = "";
    this.heard = 0;
    this.told();
    const stopper = this.stopper = new AbortController();
    try {
      const answer = await fetch(path, { signal: stopper.signal, headers: { "X-Fragment": "1" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const rate = +answer.headers.get("x-rate");
      this.context = new AudioContext({ sampleRate: rate });
      await this.drain(answer.body.getReader(), rate, this.context);
      this.problem = "通话已结束";
    } catch (error) {
      if (error.name === "AbortError") return;
      this.problem = error.message === "403" ? "您的账号不能旁听" : "听不到这通电话，可能刚刚结束";
    }
    if (this.stopper === stopper) this.stop();
    this.told();
  }

  async drain(reader, rate, context) {
    let next = 0, rest = new Uint8Array(0);
    for (;;) {
      const { done, value } = await reader.read();
      if (done || context.state === "closed") return;
      const bytes = new Uint8Array(rest.length + value.length);
      bytes.set(rest);
      bytes.set(value, rest.length);
      const whole = bytes.length & ~1;
      rest = bytes.slice(whole);
      if (!whole) continue;
      const samples = new Int16Array(bytes.buffer, 0, whole / 2);
      const buffer = context.createBuffer(1, samples.length, rate);
      buffer.copyToChannel(Float32Array.from(samples, (sample) => sample / 32768), 0);
      const now = context.currentTime;
      if (next < now || next > now + MOST_BEHIND_SECONDS) next = now + LEAD_SECONDS;
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(context.destination);
      source.start(next);
      next += buffer.duration;
      this.heard += buffer.duration;
    }
  }
}
