// Calls in progress: the list, the words of the open call as they come, and its sound.
import { enterSheet } from "./keys.js";
import { LiveSound } from "./listen.js";

const LIST_GAP_MS = 1000, WORDS_GAP_MS = 200, HEARING_MS = 1000, WORDS_MS = 3000;
const FRAGMENT = { headers: { "X-Fragment": "1" } };
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

async function fragment(path) {
  try {
    const answer = await fetch(path, FRAGMENT);
    return answer.ok ? await answer.text() : null;
  } catch {
    return null; // the live stream notices, and asks again when it is back
  }
}

class Calls {
  constructor(root) {
    this.root = root;
    this.listing = document.getElementById("call-list");
    this.place = document.getElementById("call-open");
    this.openId = root.dataset.id;
    this.asked = 0;
    this.timers = {};
    this.sound = new LiveSound();
    this.list = { step: (by) => this.step(by), reveal: () => {} };
    this.listing.addEventListener("click", (event) => {
      const card = event.target.closest(".card");
      if (!card || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.open(card.dataset.id, true);
    });
    this.place.addEventListener("click", (event) => {
      const button = event.target.closest("#listen");
      if (button) this.sound.toggle(button.dataset.sound);
    });
    this.place.addEventListener("submit", (event) => {
      const form = event.target.closest("form[data-panes]");
      if (!form) return;
      event.preventDefault();
      this.submit(form);
    });
    this.place.addEventListener("toggle", (event) => {
      if (event.target.matches?.("details.up[open]")) enterSheet(event.target);
    }, true);
    this.sound.shows(() => this.showSound());
    addEventListener("popstate", () => {
      const id = location.pathname.match(/^\/calls\/([^/]+)/)?.[1];
      if (id) this.open(id, false);
    });
    setInterval(() => this.tick(), 1000);
    setInterval(() => this.hear(), HEARING_MS);
    setInterval(() => document.getElementById("hearing") && this.words(), WORDS_MS); // a call of another process
    this.toEnd();
  }

  step(by) {
    const cards = [...this.listing.querySelectorAll(".card")];
    const at = cards.indexOf(document.activeElement);
    const from = at >= 0 ? at : cards.findIndex((card) => card.dataset.id === this.openId);
    cards[Math.min(cards.length - 1, Math.max(0, from + by))]?.focus();
  }

  async open(id, push) {
    const turn = ++this.asked;
    const html = await fragment(`/calls/${id}`);
    if (turn !== this.asked || html === null) return;
    if (push) history.pushState(null, "", `/calls/${id}`);
    if (id !== this.openId) this.sound.stop();
    this.openId = id;
    document.body.classList.add("picked");
    for (const card of this.listing.querySelectorAll(".card")) {
      if (card.dataset.id === id) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
    }
    this.render(html);
  }

  async submit(form) {
    const body = new URLSearchParams(new FormData(form));
    form.querySelector("button").disabled = true;
    try {
      const answer = await fetch(form.getAttribute("action"), { ...FRAGMENT, method: "POST", body });
      form.closest("details")?.removeAttribute("open");
      this.render(await answer.text());
    } catch {
      form.querySelector("button").disabled = false;
      this.fail("没有连上服务器，没有接管，请再按一次");
    }
  }

  fail(words) {
    const place = this.place.querySelector(".audio-error");
    place.textContent = words;
    place.hidden = false;
  }

  changed({ kind, subject }) {
    if (kind === "trunk_changed") return;
    this.soon("list", LIST_GAP_MS, () => this.refreshList());
    const view = this.place.querySelector(".call-view");
    if (view && (kind.startsWith("escalation") || subject === view.dataset.contact)) this.words();
  }

  resync() {
    this.refreshList();
    this.words();
  }

  words() {
    if (!this.place.querySelector(".call-view[data-over]")) this.soon("words", WORDS_GAP_MS, () => this.refreshOpen());
  }

  soon(name, gap, work) {
    this.timers[name] ??= setTimeout(() => { this.timers[name] = null; work(); }, gap);
  }

  async refreshList() {
    const html = await fragment(`/calls/list?open=${encodeURIComponent(this.openId)}`);
    if (html === null) return;
    const focused = document.activeElement?.closest?.("#call-list .card")?.dataset.id;
    const at = this.listing.scrollTop;
    this.listing.innerHTML = html;
    this.listing.scrollTop = at;
    const first = this.listing.querySelector(".card");
    if (focused) this.listing.querySelector(`.card[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    if (first && !this.openId) this.open(first.dataset.id, false);
  }

  async refreshOpen() {
    const id = this.openId;
    const html = id && await fragment(`/calls/${id}`);
    if (html && id === this.openId) this.render(html);
  }

  render(html) {
    const open = this.place.querySelector("details[open]");
    if (open) return this.soon("words", 1000, () => this.refreshOpen()); // a sheet is being filled in
    const focused = document.activeElement?.id;
    const followed = this.atEnd();
    this.place.innerHTML = html;
    if (this.place.querySelector("[data-over]")) this.sound.stop();
    this.showSound();
    if (focused) this.place.querySelector(`#${CSS.escape(focused)}`)?.focus({ preventScroll: true });
    if (followed) this.toEnd();
  }

  get pane() {
    return this.place.querySelector(".pane");
  }

  atEnd() {
    const pane = this.pane;
    return !pane || pane.scrollHeight - pane.scrollTop - pane.clientHeight < 60;
  }

  toEnd() {
    if (this.pane) this.pane.scrollTop = this.pane.scrollHeight;
  }

  tick() {
    for (const element of this.root.querySelectorAll("time[data-since]")) {
      element.textContent = clock(Math.max(0, (Date.now() - Date.parse(element.dateTime)) / 1000));
    }
  }

  // What is being said at this moment: asked for only while somebody looks.
  async hear() {
    const place = document.getElementById("hearing");
    if (!place || document.hidden || this.hearing) return;
    this.hearing = true;
    const text = await fragment(`/calls/${this.openId}/hearing`);
    this.hearing = false;
    const now = document.getElementById("hearing");
    if (!now) return;
    const followed = this.atEnd();
    now.textContent = text ?? "";
    now.hidden = !text;
    if (followed) this.toEnd();
  }

  showSound() {
    const button = document.getElementById("listen"), error = this.place.querySelector(".audio-error");
    if (!button) return;
    const on = this.sound.on;
    button.setAttribute("aria-pressed", String(on));
    button.querySelector(".word").textContent = on ? "停止旁听" : "旁听";
    button.querySelector("[aria-hidden]").textContent = on ? "❚❚" : "▶";
    error.textContent = this.sound.problem;
    error.hidden = !this.sound.problem;
  }

}

export function startCalls() {
  return new Calls(document.getElementById("calls"));
}
