/* The readings of the last seven days as small pictures, each value also in words. */
(function (chat) {
  "use strict";
  function pictures(into, each_day) {
    chat.view.trends.forEach(function (each) {
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

  chat.pictures = pictures;
}(window.suifang));
