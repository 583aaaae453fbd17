// Keeps "3 分钟前" and the wait clocks true; the server wrote them first.

function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} 秒`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} 分钟`;
  const hours = Math.floor(minutes / 60), rest = minutes % 60;
  if (hours < 24) return rest ? `${hours} 小时 ${rest} 分钟` : `${hours} 小时`;
  return `${Math.floor(hours / 24)} 天`;
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  const now = Date.now();
  for (const element of document.querySelectorAll("time[data-wait]")) {
    const waited = (now - Date.parse(element.dateTime)) / 1000;
    set(element, span(waited));
    const heat = waited >= +element.dataset.red ? "red" : waited >= +element.dataset.amber ? "amber" : "";
    element.classList.toggle("red", heat === "red");
    element.classList.toggle("amber", heat === "amber");
  }
  for (const element of document.querySelectorAll("time[data-ago]")) {
    const passed = (now - Date.parse(element.dateTime)) / 1000;
    if (passed >= 0) set(element, passed < 10 ? "刚刚" : `${span(passed)}前`);
  }
}

export function startClocks() {
  tick();
  setInterval(tick, 5000);
}
