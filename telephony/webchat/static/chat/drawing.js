/* The whole page anew, at every change. */
(function (chat) {
  "use strict";
  var $ = chat.$, show = chat.show;
  /* of several pictures asked for the newest alone is kept: all show the same seven days */
  function drawn(entry) {
    var li = document.createElement("li"), title = document.createElement("strong");
    li.className = "robot drawn"; title.textContent = entry.text; li.appendChild(title); chat.pictures(li, false);
    return li;
  }
  function draw() {
    var view = chat.view, unsent = chat.unsent(), log = $("log"), i, known = {}, piece, newest;
    if (!view) { return; }
    log.textContent = "";
    for (i = 0; i < view.entries.length; i++) {
      if (view.entries[i].kind === "trend") { newest = i; }
    }
    for (i = 0; i < view.entries.length; i++) {
      known[view.entries[i].id] = 1;
      if (view.entries[i].kind !== "trend") { log.appendChild(chat.bubble(view.entries[i])); }
      if (i === newest) { log.appendChild(drawn(view.entries[i])); }
    }
    for (i = 0; i < unsent.length; i++) {
      piece = unsent[i];
      if (piece.kind !== "opened" && !known[piece.id]) {
        log.appendChild(chat.bubble({ mine: true, text: piece.label || piece.text }, true));
      }
    }
    $("left").textContent = view.left ? "还剩 " + view.left + " 题" : view.state === "done" ? "本次随访已完成" : "";
    show("points", typeof view.points === "number");
    $("points").textContent = "我的积分 " + view.points;
    $("stop").textContent = view.state === "opted_out" ? "恢复随访" : "不再收到";
    chat.controls(); trend(); chat.toEnd();
  }
  /* the last seven days as small pictures, each value also in words */
  function trend() {
    show("trend", chat.view.trends.length > 0);
    $("lines").textContent = "";
    chat.pictures($("lines"), true);
  }

  chat.draw = draw;
}(window.suifang));
