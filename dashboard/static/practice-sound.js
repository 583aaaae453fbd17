// In the audio thread, at 8 kHz: the microphone becomes 20 ms frames of mu-law, the robot's frames become sound.
const FRAME = 160;

function encode(sample) {
  let value = Math.max(-1, Math.min(1, sample)) * 32635;
  const sign = value < 0 ? 0x80 : 0;
  value = Math.min(32635, Math.abs(value)) + 132;
  let exponent = 7;
  for (let mask = 0x4000; exponent > 0 && !(value & mask); mask >>= 1) exponent -= 1;
  const mantissa = (value >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

const DECODED = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return (bits & 0x80 ? -magnitude : magnitude) / 32768;
});

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.peak = 0;
  }

  process(inputs) {
    const heard = inputs[0][0];
    const length = heard ? heard.length : 128; // a microphone that gives nothing is silence: the clock goes on
    for (let at = 0; at < length; at += 1) {
      const sample = heard ? heard[at] : 0;
      this.peak = Math.max(this.peak, Math.abs(sample));
      this.frame[this.filled] = encode(sample);
      this.filled += 1;
      if (this.filled === FRAME) {
        const full = this.frame.buffer;
        this.port.postMessage({ frame: full, peak: this.peak }, [full]);
        this.frame = new Uint8Array(FRAME);
        this.filled = 0;
        this.peak = 0;
      }
    }
    return true;
  }
}

// Sound and marks in the order they came; a mark is told when everything before it was played or cleared.
class Speaker extends AudioWorkletProcessor {
  constructor() {
    super();
    this.queue = [];
    this.at = 0;
    this.played = 0;
    this.port.onmessage = ({ data }) => this.take(data);
  }

  take(message) {
    if (message.clear) {
      const marks = this.queue.filter((entry) => entry.mark);
      this.queue = [];
      this.at = 0;
      marks.forEach((entry) => this.port.postMessage(entry));
    } else {
      this.queue.push(message.frame ? { sound: new Uint8Array(message.frame) } : message);
    }
  }

  process(_inputs, outputs) {
    const out = outputs[0][0];
    let filled = 0;
    while (this.queue.length) {
      const head = this.queue[0];
      if (head.mark) {
        this.queue.shift();
        this.port.postMessage(head);
        continue;
      }
      if (filled === out.length) break;
      const many = Math.min(out.length - filled, head.sound.length - this.at);
      for (let index = 0; index < many; index += 1) out[filled + index] = DECODED[head.sound[this.at + index]];
      filled += many;
      this.at += many;
      if (this.at === head.sound.length) {
        this.queue.shift();
        this.at = 0;
        this.played += 1;
        if (this.played % 25 === 1) this.port.postMessage({ played: this.played });
      }
    }
    return true;
  }
}

registerProcessor("microphone", Microphone);
registerProcessor("speaker", Speaker);
