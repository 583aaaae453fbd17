// A recording: wave form of patient and robot, the seconds that matter, click a sentence to hear it.

const COLOURS = getComputedStyle(document.documentElement);
const colour = (name) => COLOURS.getPropertyValue(name).trim();
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export class Player {
  constructor(root) {
    this.root = root;
    this.audio = root.querySelector("audio");
    this.canvas = root.querySelector("canvas");
    this.clip = root.dataset.from ? { from: +root.dataset.from, to: +root.dataset.to } : null;
    this.stopAt = null;
    this.seconds = 0;
    this.channels = [];
    this.position = this.heardFrom = this.clip?.from ?? 0;
    this.ready = this.load();
    root.querySelector(".play-clip")?.addEventListener("click", () => this.toggleClip());
    root.querySelector(".play-all").addEventListener("click", () => this.toggle());
    this.canvas.addEventListener("click", (event) => {
      const box = this.canvas.getBoundingClientRect();
      this.play(((event.clientX - box.left) / box.width) * this.seconds);
    });
    for (const name of ["play", "pause", "timeupdate", "ended"]) this.audio.addEventListener(name, () => this.show());
    this.audio.addEventListener("error", () => this.fail("录音暂时无法播放，请稍后再试"));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  async load() {
    try {
      const answer = await fetch(this.root.dataset.peaks, { headers: { "X-Fragment": "1" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      this.seconds = found.seconds;
      this.channels = found.channels;
      const source = `${this.root.dataset.src}?bytes=${found.bytes}`;
      if (this.audio.getAttribute("src") !== source) this.audio.src = source;
      this.root.querySelector(".total").textContent = clock(found.seconds);
      this.draw();
    } catch (error) {
      this.fail(error.message === "404" ? "录音文件不在，无法播放" : "录音暂时读不到，请稍后再试");
    }
  }

  fail(words) {
    const place = this.root.querySelector(".audio-error");
    place.textContent = words;
    place.hidden = false;
  }

  async play(from, to = null) {
    await this.ready;
    if ((to ?? from ?? 0) > this.seconds) await this.load(); // the call may still be going on
    if (!this.audio.src) return;
    if (from !== undefined && from >= this.seconds) return this.fail("这一段录音还在保存，请稍后再听");
    this.root.querySelector(".audio-error").hidden = true;
    this.stopAt = to;
    if (from !== undefined) this.audio.currentTime = this.position = this.heardFrom = from;
    try {
      await this.audio.play();
    } catch (error) {
      if (error.name !== "AbortError") this.fail("浏览器没有播放录音，请再按一次");
    }
  }

  toggleClip() {
    if (!this.audio.paused && this.stopAt !== null) this.audio.pause();
    else if (this.clip) this.play(this.clip.from, this.clip.to);
  }

  toggle() {
    if (!this.audio.paused) this.audio.pause();
    else this.play(this.audio.ended || !this.audio.currentTime ? 0 : undefined);
  }

  show() {
    const time = this.audio.currentTime;
    if (this.stopAt !== null && time >= this.stopAt) {
      this.stopAt = null;
      this.audio.pause();
    }
    this.position = time;
    this.root.querySelector(".now").textContent = clock(time);
    const word = this.audio.paused ? (time > 0 && !this.audio.ended ? "继续听" : "从头听") : "暂停";
    this.root.querySelector(".play-all .word").textContent = word;
    this.root.querySelector(".play-all [aria-hidden]").textContent = this.audio.paused ? "▶" : "❚❚";
    this.markLine(this.audio.paused ? null : time);
    this.draw();
  }

  markLine(time) {
    let current = null;
    for (const button of document.querySelectorAll(`.talk[data-recording="${this.root.dataset.recording}"] .hear`)) {
      button.closest(".line").classList.remove("speaking");
      if (time !== null && +button.dataset.start <= time + 0.05) current = button;
    }
    current?.closest(".line").classList.add("speaking");
  }

  draw() {
    const { canvas } = this, scale = devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (!width || !this.channels.length) return;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    const x = (seconds) => (seconds / this.seconds) * width;
    if (this.clip) {
      pen.fillStyle = colour(this.root.closest(".yellow") ? "--amber-mark" : "--red-mark");
      pen.fillRect(x(this.clip.from), 0, Math.max(2, x(this.clip.to) - x(this.clip.from)), height);
    }
    const lane = height / 2, loudest = Math.max(25, ...this.channels.flat());
    this.channels.slice(0, 2).forEach((peaks, row) => {
      const middle = lane * row + lane / 2;
      for (let at = 0; at < width; at += 3) {
        const first = Math.floor((at / width) * peaks.length);
        const last = Math.max(first + 1, Math.floor(((at + 3) / width) * peaks.length));
        const loud = Math.max(0, ...peaks.slice(first, last));
        const tall = Math.max(1, (loud / loudest) * (lane - 8));
        const heard = at >= x(this.heardFrom) && at < x(this.position);
        pen.fillStyle = heard ? colour("--accent") : colour(row ? "--line-2" : "--ink-3");
        pen.fillRect(at, middle - tall / 2, 2, tall);
      }
    });
    pen.fillStyle = colour("--accent");
    pen.fillRect(Math.min(width - 1, x(this.position)), 0, 1, height);
  }
}

const players = new WeakMap();

export function playerOf(element) {
  return element ? players.get(element) : undefined;
}

export function startPlayers(root) {
  for (const element of root.querySelectorAll(".player")) {
    if (!players.has(element)) players.set(element, new Player(element));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".hear");
  if (!button) return;
  const recording = button.closest(".talk").dataset.recording;
  const player = playerOf(document.querySelector(`.player[data-recording="${recording}"]`));
  const end = button.dataset.end ? +button.dataset.end + 0.3 : nextStart(button);
  player?.play(Math.max(0, +button.dataset.start - 0.2), end);
});

function nextStart(button) {
  const all = [...button.closest(".lines").querySelectorAll(".hear")];
  const next = all[all.indexOf(button) + 1];
  return next ? +next.dataset.start : null;
}
