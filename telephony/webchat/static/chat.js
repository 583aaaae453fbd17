/* The chat page. Plain ES5: old phones and the browser inside WeChat. What the patient writes is kept in the page
   under an id of its own until the server has it; the same id twice is one message there. */
(function () {
  "use strict";
  var base = location.pathname.replace(/\/+$/, "");
  var key = "suifang:" + base;
  var view = null, sending = false, pollWait = 1000, sendWait = 1000, locked = "", recorder = null, measuring = false;
  var unsent = load();

  function $(id) { return document.getElementById(id); }
  function show(id, on) { $(id).hidden = !on; }
  function load() { try { return JSON.parse(localStorage.getItem(key)) || []; } catch (e) { return []; } }
  function save() { try { localStorage.setItem(key, JSON.stringify(unsent)); } catch (e) { /* private mode: memory only */ } }
  function ownId() {
    var hex = "", i;
    for (i = 0; i < 4; i++) { hex += Math.floor((1 + Math.random()) * 0x10000).toString(16).substring(1); }
    return new Date().getTime().toString(36) + hex;
  }

  function ask(method, path, body, done) {
    var x = new XMLHttpRequest();
    x.open(method, base + path);
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

  /* the door */
  function gate() { show("gate", true); show("chat", false); show("bar", false); $("proof").focus(); }
  $("gate-form").onsubmit = function (event) {
    event.preventDefault();
    ask("POST", "/confirm", JSON.stringify({ proof: $("proof").value }), function (status, data) {
      if (status === 200) { $("gate-error").textContent = ""; return enter(); }
      $("gate-error").textContent = status === 403 ? "和登记的不一致，请再试一次。" :
        data.error === "locked" ? "试错次数太多，请明天再试，或拨打上面的电话。" : "网络不好，请再点一次“进入”。";
      $("proof").select();
    });
  };
  function enter() {
    show("gate", false); show("chat", true); show("bar", true);
    poll("");
    if (!unsent.length) { put({ kind: "opened", text: "" }); } else { send(); }
  }

  /* out */
  function put(piece) {
    piece.id = ownId(); piece.seq = unsent.length;
    unsent.push(piece); save(); draw(); send();
  }
  function send() {
    if (sending || !unsent.length) { return; }
    sending = true;
    var first = unsent[0];
    ask("POST", "/say", JSON.stringify(first), function (status) {
      sending = false;
      if (status === 401) { return gate(); }
      if (status === 200 || status === 400 || status === 410) {
        if (status === 200 && view && first.kind !== "opened") { shownAlready(first); }
        unsent.shift(); save(); sendWait = 1000; online(true); draw();
        return send();
      }
      online(false);
      setTimeout(send, sendWait); sendWait = Math.min(sendWait * 2, 15000);
    });
  }
  function shownAlready(piece) {
    var i;
    for (i = 0; i < view.entries.length; i++) { if (view.entries[i].id === piece.id) { return; } }
    view.entries.push({ id: piece.id, mine: true, text: piece.label || piece.text, kind: piece.kind });
  }
  function upload(blob, label) {
    var id = ownId();
    var mark = { id: id, mine: true, text: label + "（正在发送）", kind: "media" };
    view.entries.push(mark); draw();
    (function attempt(wait) {
      ask("POST", "/media?id=" + id, blob, function (status) {
        if (status === 200) { mark.text = label; draw(); return; }
        if (status === 413 || status === 415) { mark.text = label + "：没发出去，文件太大或打不开"; draw(); return; }
        if (status === 401) { return gate(); }
        online(false); setTimeout(function () { attempt(Math.min(wait * 2, 15000)); }, wait);
      });
    }(1000));
  }

  /* in */
  function poll(after) {
    ask("GET", "/talk" + (after ? "?after=" + encodeURIComponent(after) : ""), null, function (status, data) {
      if (status === 401) { return gate(); }
      if (status === 410) { location.reload(); return; }
      if (status !== 200) {
        online(false);
        setTimeout(function () { poll(after); }, pollWait); pollWait = Math.min(pollWait * 2, 15000);
        return;
      }
      pollWait = 1000; online(true);
      if (data.version !== after) { view = data; locked = ""; measuring = false; draw(); }
      poll(data.version);
    });
  }
  function online(yes) { show("net", !yes); }

  /* drawing */
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
    var parts = entry.id === view.asked && /^([\s\S]*[。！])?([^。！？]*？)$/.exec(entry.text), strong;
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
    a.href = img.src = base + "/picture/" + encodeURIComponent(entry.id); a.target = "_blank"; a.rel = "noopener";
    img.alt = entry.picture;
    img.onload = function () { if (window.pageYOffset === ended) { toEnd(); } };
    a.appendChild(img); li.appendChild(a);
  }
  var ended = 0;
  function toEnd() { window.scrollTo(0, document.body.scrollHeight); ended = window.pageYOffset; }
  /* of several pictures asked for the newest alone is kept: all show the same seven days */
  function drawn(entry) {
    var li = document.createElement("li"), title = document.createElement("strong");
    li.className = "robot drawn"; title.textContent = entry.text; li.appendChild(title); pictures(li, false);
    return li;
  }
  function draw() {
    if (!view) { return; }
    var log = $("log"), i, known = {}, piece, newest;
    log.textContent = "";
    for (i = 0; i < view.entries.length; i++) {
      if (view.entries[i].kind === "trend") { newest = i; }
    }
    for (i = 0; i < view.entries.length; i++) {
      known[view.entries[i].id] = 1;
      if (view.entries[i].kind !== "trend") { log.appendChild(bubble(view.entries[i])); }
      if (i === newest) { log.appendChild(drawn(view.entries[i])); }
    }
    for (i = 0; i < unsent.length; i++) {
      piece = unsent[i];
      if (piece.kind !== "opened" && !known[piece.id]) {
        log.appendChild(bubble({ mine: true, text: piece.label || piece.text }, true));
      }
    }
    $("left").textContent = view.left ? "还剩 " + view.left + " 题" : view.state === "done" ? "本次随访已完成" : "";
    show("points", typeof view.points === "number");
    $("points").textContent = "我的积分 " + view.points;
    $("stop").textContent = view.state === "opted_out" ? "恢复随访" : "不再收到";
    controls(); trend(); toEnd();
  }
  /* the last seven days as small pictures, each value also in words */
  function trend() {
    show("trend", view.trends.length > 0);
    $("lines").textContent = "";
    pictures($("lines"), true);
  }
  function pictures(into, each_day) {
    view.trends.forEach(function (each) {
      var words = document.createElement("p"), last = document.createElement("b");
      last.textContent = each.label + " " + each.last + " " + each.unit; words.appendChild(last);
      if (each_day) { words.appendChild(document.createTextNode(" " + each.words)); }
      into.appendChild(words); into.appendChild(picture(each));
    });
  }
  var COLOURS = { red: "#b3261e", yellow: "#9a6700", "": "#0757ba" };
  function picture(each) {
    var NS = "http://www.w3.org/2000/svg", svg = document.createElementNS(NS, "svg");
    function make(name, facts, text) {
      var node = document.createElementNS(NS, name), fact;
      for (fact in facts) { node.setAttribute(fact, facts[fact]); }
      if (text) { node.textContent = text; }
      svg.appendChild(node);
    }
    function x(at) { return 8 + 236 * Math.max(0, Math.min(1, (at - each.since) / (each.until - each.since))); }
    function y(value) { return 84 - 76 * (value - each.low) / (each.high - each.low); }
    svg.setAttribute("viewBox", "0 0 300 92"); svg.setAttribute("aria-hidden", "true");
    make("line", { x1: 8, x2: 244, y1: 88, y2: 88, stroke: "#d0d7de" });
    each.limits.forEach(function (limit) {
      var at = y(limit[0]), colour = COLOURS[limit[1]];
      make("line", { x1: 8, x2: 250, y1: at, y2: at, stroke: colour, "stroke-width": 1.5, "stroke-dasharray": "6 5" });
      make("text", { x: 254, y: at + 5, "font-size": 14, fill: colour }, String(limit[0]));
    });
    each.lines.forEach(function (line) {
      make("polyline", { points: line.map(function (p) { return x(p[0]) + "," + y(p[1]); }).join(" "),
        fill: "none", stroke: COLOURS[""], "stroke-width": 2 });
      line.forEach(function (p, n) { spot(make, x(p[0]), y(p[1]), p[2], n === line.length - 1); });
    });
    return svg;
  }
  /* what crossed a limit is a square, the newest value is hollow */
  function spot(make, x, y, level, last) {
    var half = last ? 5 : 3.5, look = { fill: last ? "#fff" : COLOURS[level], stroke: COLOURS[level], "stroke-width": 2 };
    if (!level) { look.cx = x; look.cy = y; look.r = half; make("circle", look); return; }
    look.x = x - half; look.y = y - half; look.width = look.height = 2 * half; make("rect", look);
  }
  function controls() {
    var box = $("choices"), options = view.options, busy = locked === view.asked && locked !== "";
    box.textContent = "";
    box.className = options.length === 2 ? "two" : "";
    if (!measuring) { options.forEach(function (option) { if (!busy) { box.appendChild(choice(option)); } }); }
    show("pad", measuring || (view.expect === "number" && !busy));
    if (!measuring && view.expect === "number" && $("fields").getAttribute("data-for") !== view.asked) {
      fields(view.numbers === 2 ? ["高压", "低压"] : [view.unit ? "请按“" + view.unit + "”填" : "数字"], view.asked);
    }
  }
  function choice(option) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = option.label;
    button.onclick = function () {
      locked = view.asked;
      put({ kind: "key", text: option.key, label: option.label, answers: view.asked });
    };
    return button;
  }
  function fields(names, mark) {
    var box = $("fields");
    box.textContent = ""; box.setAttribute("data-for", mark);
    names.forEach(function (name) {
      var label = document.createElement("label"), input = document.createElement("input");
      input.type = "text"; input.setAttribute("inputmode", "decimal"); input.autocomplete = "off"; input.maxLength = 6;
      label.textContent = name; label.appendChild(input); box.appendChild(label);
    });
  }
  $("pad").onsubmit = function (event) {
    var inputs = $("fields").getElementsByTagName("input"), values = [], i, value;
    event.preventDefault();
    for (i = 0; i < inputs.length; i++) {
      value = inputs[i].value.replace(/[。，．]/g, ".").trim();
      if (!/^\d{1,3}(\.\d{1,2})?$/.test(value)) { inputs[i].focus(); return; }
      values.push(value);
    }
    if (measuring) { sendMeasured(values); return; }
    locked = view.asked;
    put(values.length === 2 ?
      { kind: "key", text: values.join("*"), label: values.join("/"), answers: view.asked } :
      { kind: "key", text: values[0].replace(".", "*"), label: values[0], answers: view.asked });
  };
  $("write").onsubmit = function (event) {
    var text = $("text").value.trim();
    event.preventDefault();
    if (text) { $("text").value = ""; put({ kind: "text", text: text }); }
  };
  $("text").onkeydown = function (event) {
    if (event.keyCode === 13 && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("write").onsubmit(event); }
  };

  /* readings at any time */
  var MEASURES = [["血压", 2], ["体重", 1, "公斤"], ["血糖", 1], ["体温", 1, "度"], ["血氧", 1]], measured = null;
  $("measure").onclick = function () {
    var box = $("choices");
    measuring = !measuring;
    draw();
    if (!measuring) { return; }
    show("pad", false);
    MEASURES.forEach(function (each) {
      box.appendChild(choiceOf(each[0], function () {
        measured = each; box.textContent = "";
        fields(each[1] === 2 ? ["高压", "低压"] : [each[0] + (each[2] ? "（" + each[2] + "）" : "")], "measure");
        show("pad", true); $("fields").getElementsByTagName("input")[0].focus();
      }));
    });
  };
  function choiceOf(label, pressed) {
    var button = document.createElement("button");
    button.type = "button"; button.textContent = label; button.onclick = pressed;
    return button;
  }
  function sendMeasured(values) {
    measuring = false;
    put({ kind: "text", text: measured[0] + values.join("/") + (measured[2] || "") });
  }

  /* photo, voice, out */
  $("photo").onchange = function () {
    var file = $("photo").files[0];
    if (file) { shrink(file, function (blob) { upload(blob, "［照片］"); }); }
    $("photo").value = "";
  };
  function shrink(file, done) {
    var image = new Image();
    if (!window.URL || !HTMLCanvasElement.prototype.toBlob) { done(file); return; }
    image.onload = function () {
      var scale = Math.min(1, 1600 / Math.max(image.width, image.height)), canvas = document.createElement("canvas");
      canvas.width = image.width * scale; canvas.height = image.height * scale;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) { done(blob || file); }, "image/jpeg", 0.85);
    };
    image.onerror = function () { done(file); };
    image.src = URL.createObjectURL(file);
  }
  if (window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
    show("voice", true);
    $("voice").textContent = "说话";
    $("voice").onclick = function () {
      if (recorder) { recorder.stop(); return; }
      navigator.mediaDevices.getUserMedia({ audio: true }).then(function (stream) {
        var parts = [];
        recorder = new MediaRecorder(stream);
        recorder.ondataavailable = function (event) { parts.push(event.data); };
        recorder.onstop = function () {
          stream.getTracks().forEach(function (track) { track.stop(); });
          recorder = null; $("voice").textContent = "说话";
          upload(new Blob(parts), "［语音］");
        };
        recorder.start(); $("voice").textContent = "说完了，发送";
        setTimeout(function () { if (recorder) { recorder.stop(); } }, 60000);
      }, function () { $("voice").textContent = "没有麦克风权限"; });
    };
  }
  $("points").onclick = function () { put({ kind: "text", text: "我的积分" }); };
  $("stop").onclick = function () {
    if (view && view.state === "opted_out") { put({ kind: "text", text: "恢复" }); return; }
    if (window.confirm("以后不再给您打电话、发短信和微信，确定吗？")) { put({ kind: "text", text: "退订" }); }
  };
  window.addEventListener("online", function () { sendWait = pollWait = 1000; send(); });

  if (document.body.getAttribute("data-state") === "gone") { show("gone", true); return; }
  ask("GET", "/talk", null, function (status, data) {
    if (status === 200) { view = data; enter(); } else { gate(); }
  });
}());
