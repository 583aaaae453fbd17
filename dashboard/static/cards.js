// The list of cards. While the pointer is over it or it is scrolled nothing moves: news waits behind a bar.

const GAP_MS = 250;

export class CardList {
  constructor({ chime, current, show }) {
    this.root = document.getElementById("cards");
    this.pane = document.getElementById("queue");
    this.bar = document.getElementById("fresh");
    this.chime = chime;
    this.current = current;
    this.show = show;
    this.pointed = false;
    this.pending = null;
    this.timer = null;
    this.again = false; // something changed while the list was being asked for
    this.refreshed = -GAP_MS;
    this.onFirst = () => {};
    this.known = new Set(this.ids());
    this.pane.addEventListener("pointerenter", (event) => { this.pointed = event.pointerType === "mouse"; });
    this.pane.addEventListener("pointermove", (event) => { this.pointed = event.pointerType === "mouse"; });
    this.pane.addEventListener("pointerleave", () => { this.pointed = false; this.settle(); });
    this.root.addEventListener("scroll", () => this.settle(), { passive: true });
    this.bar.addEventListener("click", () => this.reveal());
    this.root.addEventListener("click", (event) => this.toTaken(event));
  }

  ids(root = this.root) {
    return [...root.querySelectorAll(".card")].map((card) => card.dataset.id);
  }

  card(id, root = this.root) {
    return id ? root.querySelector(`.card[data-id="${CSS.escape(id)}"]`) : null;
  }

  mark(id) {
    for (const card of this.root.querySelectorAll(".card[aria-current]")) card.removeAttribute("aria-current");
    const card = this.card(id);
    card?.setAttribute("aria-current", "true");
    card?.scrollIntoView({ block: "nearest" });
  }

  after(id) {
    const cards = [...this.root.querySelectorAll(".card.open:not(.gone)")];
    const all = [...this.root.querySelectorAll(".card")];
    const at = all.findIndex((card) => card.dataset.id === id);
    const next = cards.find((card) => all.indexOf(card) > at) ?? cards.find((card) => card.dataset.id !== id);
    return next?.dataset.id;
  }

  step(by) {
    const cards = [...this.root.querySelectorAll(".card")];
    if (!cards.length) return;
    const focused = cards.indexOf(document.activeElement);
    const from = focused >= 0 ? focused : cards.findIndex((card) => card.dataset.id === this.current());
    const next = cards[Math.min(cards.length - 1, Math.max(0, from + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  // The first change is shown at once; those that follow are gathered.
  refreshSoon() {
    if (this.timer) {
      this.again = true;
      return;
    }
    const wait = Math.max(0, this.refreshed + GAP_MS - performance.now());
    this.timer = setTimeout(async () => {
      this.again = false;
      this.refreshed = performance.now();
      await this.refresh();
      this.timer = null;
      if (this.again) this.refreshSoon();
    }, wait);
  }

  async refresh() {
    const query = new URLSearchParams({ show: this.show, open: this.current() ?? "" });
    let html;
    try {
      const answer = await fetch(`/queue/list?${query}`, { headers: { "X-Fragment": "1" } });
      if (!answer.ok) return;
      html = await answer.text();
    } catch {
      return; // the live stream notices, and asks again when it is back
    }
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    this.take(fresh.content);
  }

  take(incoming) {
    const arrived = this.ids(incoming).filter((id) => !this.known.has(id));
    if (arrived.some((id) => this.card(id, incoming).classList.contains("open"))) this.chime();
    arrived.forEach((id) => this.known.add(id));
    const counts = incoming.querySelector(".list").dataset;
    document.title = `${+counts.open ? `（${counts.open}）` : ""}预警 · 随访工作台`;
    this.pending = incoming;
    if (this.held()) this.updateInPlace(incoming);
    else this.apply();
    const first = this.ids(incoming)[0];
    if (first) this.onFirst(first);
  }

  held() {
    return this.pointed || this.root.scrollTop > 8;
  }

  updateInPlace(incoming) {
    const shown = new Set(this.ids());
    for (const id of shown) {
      const next = this.card(id, incoming), card = this.card(id);
      if (!next) card.classList.add("gone");
      else if (card.innerHTML !== next.innerHTML || card.className !== next.className) {
        card.className = next.className;
        card.innerHTML = next.innerHTML;
      }
    }
    const fresh = this.ids(incoming).filter((id) => !shown.has(id)).map((id) => this.card(id, incoming));
    this.bar.hidden = fresh.length === 0;
    this.bar.classList.toggle("red", fresh.some((card) => card.dataset.level === "red"));
    this.bar.textContent = `${fresh.length} 条新预警`;
  }

  settle() {
    if (this.pending && !this.held()) this.apply();
  }

  // The address stays: it names the open card.
  toTaken(event) {
    if (!event.target.closest(".to-taken")) return;
    event.preventDefault();
    this.root.querySelector("#taken + ol .card")?.focus({ preventScroll: true });
    this.root.querySelector("#taken").scrollIntoView();
  }

  reveal() {
    this.root.scrollTop = 0;
    this.apply();
  }

  apply() {
    if (!this.pending) return;
    const focused = document.activeElement?.closest?.("#cards .card")?.dataset.id;
    this.root.replaceChildren(this.pending);
    this.pending = null;
    this.bar.hidden = true;
    const open = this.card(this.current());
    for (const card of this.root.querySelectorAll(".card[aria-current]")) card.removeAttribute("aria-current");
    open?.setAttribute("aria-current", "true");
    if (focused) this.card(focused)?.focus({ preventScroll: true });
  }
}
