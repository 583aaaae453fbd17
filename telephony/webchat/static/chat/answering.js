/* How the question that waits is answered: choices, the number pad, words; and readings at any time. */
(function (chat) {
  "use strict";
  var $ = chat.$, show = chat.show;
  function controls() {
    var view = chat.view, box = $("choices"), options = view.options;
    var busy = chat.locked === view.asked && chat.locked !== "";
    box.textContent = "";
    box.className = options.length === 2 ? "two" : "";
    if (!chat.measuring) { options.forEach(function (option) { if (!busy) { box.appendChild(choice(option)); } }); }
    show("pad", chat.measuring || (view.expect === "number" && !busy));
    if (!chat.measuring && view.expect === "number" && $("fields").getAttribute("data-for") !== view.asked) {
      fields(view.numbers === 2 ? ["高压", "低压"] : [view.unit ? "请按“" + view.unit + "”填" : "数字"], view.asked);
    }
  }
  function choice(option) {
    return chat.button(option.label, function () {
      chat.locked = chat.view.asked;
      chat.put({ kind: "key", text: option.key, label: option.label, answers: chat.view.asked });
    });
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
    if (chat.measuring) { sendMeasured(values); return; }
    chat.locked = chat.view.asked;
    chat.put(values.length === 2 ?
      { kind: "key", text: values.join("*"), label: values.join("/"), answers: chat.view.asked } :
      { kind: "key", text: values[0].replace(".", "*"), label: values[0], answers: chat.view.asked });
  };
  $("write").onsubmit = function (event) {
    var text = $("text").value.trim();
    event.preventDefault();
    if (text) { $("text").value = ""; chat.put({ kind: "text", text: text }); }
  };
  $("text").onkeydown = function (event) {
    if (event.keyCode === 13 && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("write").onsubmit(event); }
  };

  /* readings at any time: name, how many numbers, unit */
  var MEASURES = [["血压", 2], ["体重", 1, "公斤"], ["血糖", 1], ["体温", 1, "度"], ["血氧", 1]], measured = null;
  $("measure").onclick = function () {
    var box = $("choices");
    chat.measuring = !chat.measuring;
    chat.draw();
    if (!chat.measuring) { return; }
    show("pad", false);
    MEASURES.forEach(function (each) {
      box.appendChild(chat.button(each[0], function () {
        measured = each; box.textContent = "";
        fields(each[1] === 2 ? ["高压", "低压"] : [each[0] + (each[2] ? "（" + each[2] + "）" : "")], "measure");
        show("pad", true); $("fields").getElementsByTagName("input")[0].focus();
      }));
    });
  };
  function sendMeasured(values) {
    chat.measuring = false;
    chat.put({ kind: "text", text: measured[0] + values.join("/") + (measured[2] || "") });
  }

  chat.controls = controls;
}(window.suifang));
