/* What the patient writes is kept in the page under an id of its own until the server has it; the same id twice is one
   message there. What the robot says is waited for. */
(function (chat) {
  "use strict";
  var key = "suifang:" + chat.base;
  var sending = false, pollWait = 1000, sendWait = 1000, unsent = load();

  function load() { try { return JSON.parse(localStorage.getItem(key)) || []; } catch (e) { return []; } }
  function save() { try { localStorage.setItem(key, JSON.stringify(unsent)); } catch (e) { /* private mode: memory only */ } }
  function ownId() {
    var hex = "", i;
    for (i = 0; i < 4; i++) { hex += Math.floor((1 + Math.random()) * 0x10000).toString(16).substring(1); }
    return new Date().getTime().toString(36) + hex;
  }

  function ask(method, path, body, done) {
    var x = new XMLHttpRequest();
    x.open(method, chat.base + path);
    x.timeout = 40000;
    x.onload = function () {
      var data = {};
      try { data = JSON.parse(x.responseText); } catch (e) { data = {}; }
      done(x.status, data);
    };
    x.onerror = x.ontimeout = x.onabort = function () { done(0, {}); };
    if (typeof body === "string") { x.setRequestHeader("Content-Type", "application/json"); }
    x.send(body);
  }

  function put(piece) {
    piece.id = ownId(); piece.seq = unsent.length;
    unsent.push(piece); save(); chat.draw(); send();
  }
  function send() {
    if (sending || !unsent.length) { return; }
    sending = true;
    var first = unsent[0];
    ask("POST", "/say", JSON.stringify(first), function (status) {
      sending = false;
      if (status === 401) { return chat.gate(); }
      if (status === 200 || status === 400 || status === 410) {
        if (status === 200 && chat.view && first.kind !== "opened") { shownAlready(first); }
        unsent.shift(); save(); sendWait = 1000; online(true); chat.draw();
        return send();
      }
      online(false);
      setTimeout(send, sendWait); sendWait = Math.min(sendWait * 2, 15000);
    });
  }
  function shownAlready(piece) {
    var i;
    for (i = 0; i < chat.view.entries.length; i++) { if (chat.view.entries[i].id === piece.id) { return; } }
    chat.view.entries.push({ id: piece.id, mine: true, text: piece.label || piece.text, kind: piece.kind });
  }
  function upload(blob, label) {
    var id = ownId();
    var mark = { id: id, mine: true, text: label + "（正在发送）", kind: "media" };
    chat.view.entries.push(mark); chat.draw();
    (function attempt(wait) {
      ask("POST", "/media?id=" + id, blob, function (status) {
        if (status === 200) { mark.text = label; chat.draw(); return; }
        if (status === 413 || status === 415) { mark.text = label + "：没发出去，文件太大或打不开"; chat.draw(); return; }
        if (status === 401) { return chat.gate(); }
        online(false); setTimeout(function () { attempt(Math.min(wait * 2, 15000)); }, wait);
      });
    }(1000));
  }

  function poll(after) {
    ask("GET", "/talk" + (after ? "?after=" + encodeURIComponent(after) : ""), null, function (status, data) {
      if (status === 401) { return chat.gate(); }
      if (status === 410) { location.reload(); return; }
      if (status !== 200) {
        online(false);
        setTimeout(function () { poll(after); }, pollWait); pollWait = Math.min(pollWait * 2, 15000);
        return;
      }
      pollWait = 1000; online(true);
      if (data.version !== after) { chat.view = data; chat.locked = ""; chat.measuring = false; chat.draw(); }
      poll(data.version);
    });
  }
  function online(yes) { chat.show("net", !yes); }
  window.addEventListener("online", function () { sendWait = pollWait = 1000; send(); });

  chat.ask = ask; chat.put = put; chat.upload = upload; chat.poll = poll;
  chat.unsent = function () { return unsent; };
  /* what is still unsent goes first and tells that the page was opened */
  chat.greet = function () { if (!unsent.length) { put({ kind: "opened", text: "" }); } else { send(); } };
}(window.suifang));
