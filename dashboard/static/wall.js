// The page on a wall: asks for the board every few seconds, keeps the clocks true, heals itself.
import { startClocks } from "./clocks.js";

const ASK_MS = 3000;
const board = document.getElementById("board"), lost = document.getElementById("lost");
let shown = "";

async function refresh() {
  try {
    const answer = await fetch("/wall/board", { headers: { "X-Fragment": "1" } });
    if (answer.status === 403) return location.reload(); // withdrawn: the page says so
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    if (html !== shown) board.innerHTML = shown = html;
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
}

function tick() {
  const now = new Date();
  document.getElementById("clock").textContent = now.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
}

startClocks();
tick();
setInterval(tick, 1000);
setInterval(refresh, ASK_MS);
