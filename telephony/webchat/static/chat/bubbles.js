/* What was said, and the end of it in sight. */
(function (chat) {
  "use strict";
  /* a number that is to be dialled and an address that is to be opened can be touched */
  function words(into, text) {
    var touch = /拨打(\d[\d-]{2,})|https:\/\/[\w\-.\/?=&%#~:+]+/g, from = 0, found, a;
    while ((found = touch.exec(text))) {
      into.appendChild(document.createTextNode(text.slice(from, found.index + (found[1] ? 2 : 0))));
      a = document.createElement("a"); a.href = found[1] ? "tel:" + found[1] : found[0];
      if (!found[1]) { a.target = "_blank"; a.rel = "noopener noreferrer"; }
      a.textContent = found[1] || found[0]; into.appendChild(a);
      from = found.index + found[0].length;
    }
    into.appendChild(document.createTextNode(text.slice(from)));
  }
  /* the question that waits for its answer stands by itself */
  function robot(li, entry) {
    var parts = entry.id === chat.view.asked && /^([\s\S]*[。！])?([^。！？]*？)$/.exec(entry.text), strong;
    words(li, parts ? parts[1] || "" : entry.text);
    if (!parts) { return; }
    strong = document.createElement("strong"); strong.textContent = parts[2]; li.appendChild(strong);
  }
  function bubble(entry, waits) {
    var li = document.createElement("li"), text = entry.text;
    if (entry.kind === "photo") { text = "［照片］"; }
    if (entry.kind === "voice") { text = "［语音］" + (entry.text || ""); }
    if (entry.kind === "picture" && entry.picture) { entry = { id: entry.id, text: "", picture: entry.picture }; }
    li.className = (entry.mine ? "mine" : "robot") + (waits ? " waits" : "");
    if (entry.mine) { li.textContent = text; } else { robot(li, entry); }
    if (entry.picture) { illustrate(li, entry); }
    if (waits) { var s = document.createElement("small"); s.textContent = "正在发送"; li.appendChild(s); }
    return li;
  }
  /* a lesson's picture, by itself when touched; the end stays in sight as it comes, unless somebody reads further up */
  function illustrate(li, entry) {
    var a = document.createElement("a"), img = document.createElement("img");
    a.href = img.src = chat.base + "/picture/" + encodeURIComponent(entry.id); a.target = "_blank"; a.rel = "noopener";
    img.alt = entry.picture;
    img.onload = function () { if (window.pageYOffset === ended) { toEnd(); } };
    a.appendChild(img); li.appendChild(a);
  }
  var ended = 0;
  function toEnd() { window.scrollTo(0, document.body.scrollHeight); ended = window.pageYOffset; }

  chat.bubble = bubble; chat.toEnd = toEnd;
}(window.suifang));
