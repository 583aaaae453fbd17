/* The door: who holds the link shows who they are; and the way out. */
(function (chat) {
  "use strict";
  var $ = chat.$, show = chat.show;
  function gate() { show("gate", true); show("chat", false); show("bar", false); $("proof").focus(); }
  $("gate-form").onsubmit = function (event) {
    event.preventDefault();
    chat.ask("POST", "/confirm", JSON.stringify({ proof: $("proof").value }), function (status, data) {
      if (status === 200) { $("gate-error").textContent = ""; return enter(); }
      $("gate-error").textContent = status === 403 ? "和登记的不一致，请再试一次。" :
        data.error === "locked" ? "试错次数太多，请明天再试，或拨打上面的电话。" : "网络不好，请再点一次“进入”。";
      $("proof").select();
    });
  };
  function enter() {
    show("gate", false); show("chat", true); show("bar", true);
    chat.poll("");
    chat.greet();
  }
  $("points").onclick = function () { chat.put({ kind: "text", text: "我的积分" }); };
  $("stop").onclick = function () {
    if (chat.view && chat.view.state === "opted_out") { chat.put({ kind: "text", text: "恢复" }); return; }
    if (window.confirm("以后不再给您打电话、发短信和微信，确定吗？")) { chat.put({ kind: "text", text: "退订" }); }
  };

  chat.gate = gate;
  if (document.body.getAttribute("data-state") === "gone") { show("gone", true); return; }
  chat.ask("GET", "/talk", null, function (status, data) {
    if (status === 200) { chat.view = data; enter(); } else { gate(); }
  });
}(window.suifang));
