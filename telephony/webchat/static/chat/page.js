/* The chat page. Plain ES5: old phones and the browser inside WeChat. The server sends the files of this folder as one,
   in the order of routes.SCRIPTS; what several of them use hangs on `suifang`, which each calls `chat`. */
window.suifang = (function () {
  "use strict";
  return {
    base: location.pathname.replace(/\/+$/, ""),
    view: null,  /* what the server last told */
    locked: "",  /* the question whose answer was given by a key and is on its way */
    measuring: false,  /* a reading is being written that nobody asked for */
    $: function (id) { return document.getElementById(id); },
    show: function (id, on) { document.getElementById(id).hidden = !on; },
    button: function (label, pressed) {
      var button = document.createElement("button");
      button.type = "button"; button.textContent = label; button.onclick = pressed;
      return button;
    }
  };
}());
