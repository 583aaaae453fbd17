// The work page: open a card, act on it, let new ones in without moving what the nurse points at.
import { CardList } from "./cards.js";
import { enterSheet } from "./keys.js";
import { startPlayers } from "./player.js";

// Forms after which the nurse is done with a card, and what she is told.
const LEAVES = { "false-alarm": "已记为误报", assign: "已转交", snooze: "已暂缓" };
const FRAGMENT = { "X-Fragment": "1" };

class Queue {
  constructor({ chime }) {
    this.place = document.getElementById("case");
    this.show = document.querySelector(".panes").dataset.show;
    this.openId = this.place.dataset.id;
    this.asked = 0;
    this.timer = null;
    this.list = new CardList({ chime, current: () => this.openId, show: this.show });
    this.listen();
    if (location.pathname === "/queue") this.focusOpenCard();
  }

  listen() {
    this.list.root.addEventListener("click", (event) => {
      const card = event.target.closest(".card");
      if (!card || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.open(card.dataset.id, { push: true });
    });
    this.place.addEventListener("submit", (event) => {
      const form = event.target.closest("form[data-panes]");
      if (!form) return;
      event.preventDefault();
      this.submit(form);
    });
    this.place.addEventListener("toggle", (event) => this.toggled(event), true);
    addEventListener("popstate", () => {
      const id = location.pathname.match(/^\/escalations\/([^/]+)/)?.[1];
      document.body.classList.toggle("picked", Boolean(id));
      if (id) this.open(id);
    });
  }

  focusOpenCard() {
    this.list.card(this.openId)?.focus({ preventScroll: true });
  }

  async open(id, { push = false } = {}) {
    const turn = ++this.asked;
    this.list.mark(id);
    const html = await (await this.ask(`/escalations/${id}`))?.text();
    if (turn !== this.asked || html === undefined) return;
    if (push) {
      const query = this.show ? `?show=${this.show}` : "";
      history.pushState(null, "", `/escalations/${id}${query}`);
    }
    document.body.classList.add("picked");
    this.openId = this.place.dataset.id = id;
    this.render(html, false);
  }

  async ask(path, options = {}) {
    try {
      const answer = await fetch(path, { ...options, headers: { ...FRAGMENT, ...options.headers } });
      if (answer.status === 401) {
        location.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
        return null;
      }
      return answer;
    } catch {
      this.say("没有连上服务器，操作没有保存，请稍后再试");
      return null;
    }
  }

  render(html, keep) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const incoming = fresh.content;
    const player = this.place.querySelector(".player");
    const twin = incoming.querySelector(".player");
    if (keep && player && twin && goesOn(player, twin)) twin.replaceWith(player);
    const scrolls = keep ? [...this.place.querySelectorAll(".evidence, .person-scroll")].map((e) => e.scrollTop) : [];
    const active = document.activeElement; // a sheet that is moved keeps its words, not its focus
    if (keep && this.busy()) incoming.querySelector(".person")?.replaceWith(this.place.querySelector(".person"));
    this.place.replaceChildren(incoming);
    if (this.place.contains(active)) active.focus({ preventScroll: true });
    [...this.place.querySelectorAll(".evidence, .person-scroll")].forEach((e, i) => { e.scrollTop = scrolls[i] ?? 0; });
    startPlayers(this.place);
  }

  busy() {
    return Boolean(this.place.querySelector("details.up[open]"));
  }

  async submit(form) {
    const done = form.closest("#resolve") ? "已处理" : LEAVES[form.id];
    const buttons = form.querySelectorAll("button");
    const body = new URLSearchParams(new FormData(form));
    buttons.forEach((button) => { button.disabled = true; });
    const answer = await this.ask(form.getAttribute("action"), { method: "POST", body });
    buttons.forEach((button) => { button.disabled = false; });
    if (!answer) return;
    if (!answer.ok && answer.status !== 409) {
      this.say(answer.status === 403 ? "没有权限，或页面已过期，请刷新后重试" : "没有保存，请再试一次");
      return;
    }
    form.closest("details")?.removeAttribute("open");
    const next = this.list.after(this.openId);
    this.render(await answer.text(), true);
    this.list.refreshSoon();
    if (done && answer.ok && next) {
      this.say(`${done}，转到下一条`);
      this.open(next, { push: true }).then(() => this.focusOpenCard());
    }
  }

  toggled(event) {
    const details = event.target;
    if (!details.matches?.("details.up") || !details.open) return;
    for (const other of this.place.querySelectorAll("details.up[open]")) if (other !== details) other.open = false;
    enterSheet(details);
  }

  say(words) {
    let place = document.getElementById("toast");
    if (!place) {
      place = Object.assign(document.createElement("div"), { id: "toast" });
      place.setAttribute("role", "status");
      document.body.append(place);
    }
    place.textContent = words;
    place.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { place.hidden = true; }, 4000);
  }

  changed({ kind, subject }) {
    if (kind.startsWith("escalation")) this.list.refreshSoon();
    const evidence = this.place.querySelector(".evidence[data-id]");
    if (evidence && [evidence.dataset.id, evidence.dataset.contact].includes(subject)) this.freshenSoon();
  }

  resync() {
    this.list.refreshSoon();
    this.freshenSoon();
  }

  freshenSoon() {
    this.timer ??= setTimeout(async () => {
      this.timer = null;
      const id = this.openId, turn = this.asked;
      if (!id) return;
      const answer = await this.ask(`/escalations/${id}`);
      const html = answer?.ok && await answer.text();
      // Another card may have been asked for since, or before and have come only now.
      if (html && turn === this.asked && id === this.openId) this.render(html, true);
    }, 400);
  }
}

// A player stays when nothing about its recording changed, or while it is playing.
function goesOn(player, twin) {
  const playing = !player.querySelector("audio").paused;
  const key = (e) => [e.dataset.recording, playing || e.dataset.seconds, e.dataset.from].join();
  return key(player) === key(twin);
}

export function startQueue(options) {
  const queue = new Queue(options);
  queue.list.onFirst = (id) => { if (!queue.openId) queue.open(id); };
  return queue;
}
