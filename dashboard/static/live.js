// The live stream: what changed, whether the line is up; it heals itself.

const SILENCE_MS = 40000;
const RETRY_MS = 3000;

export function startLive({ changed, resync }) {
  const bar = document.getElementById("lost");
  let source = null, heard = Date.now(), wasLost = false, grace = null;

  function lost(text, link) {
    wasLost = true;
    bar.textContent = text;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
      anchor.textContent = link;
      bar.append(" ", anchor);
    }
    bar.hidden = false;
  }

  function alive() {
    heard = Date.now();
    clearTimeout(grace);
    grace = null;
    bar.hidden = true;
    if (wasLost) resync();
    wasLost = false;
  }

  function connect() {
    source?.close();
    heard = Date.now();
    source = new EventSource(`/live?told=${document.body.dataset.told ?? -1}`);
    source.addEventListener("beat", alive);
    source.addEventListener("change", (event) => {
      alive();
      const change = JSON.parse(event.data);
      if (change.kind === "resync") resync();
      else changed(change);
    });
    source.addEventListener("bye", () => { source.close(); check(); });
    source.addEventListener("error", () => {
      wasLost = true;
      grace ??= setTimeout(() => lost("与服务器的连接断开，正在重新连接。预警可能不是最新。"), 1500);
      if (source.readyState === EventSource.CLOSED) setTimeout(check, RETRY_MS);
    });
  }

  async function check() {
    try {
      const answer = await fetch("/queue/list", { headers: { "X-Fragment": "1" } });
      if (answer.status === 401) return lost("登录已到期，预警不再更新。", "重新登录");
      if (answer.ok) return connect();
    } catch {
      // the server is away: tried again below
    }
    lost("与服务器的连接断开，正在重新连接。预警可能不是最新。");
    setTimeout(check, RETRY_MS);
  }

  setInterval(() => {
    if (source.readyState !== EventSource.CLOSED && Date.now() - heard > SILENCE_MS) connect();
  }, 5000);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) { wasLost = true; connect(); } });
  connect();
}
