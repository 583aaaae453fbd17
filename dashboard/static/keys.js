// One key for each thing a nurse does all day.
import { playerOf } from "./player.js";

const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select";
const PRESSABLE = "button, summary, input, textarea, select";

function toggleSheet(id) {
  const sheet = document.getElementById(id);
  if (!sheet) return;
  sheet.open = !sheet.open;
  if (sheet.open) enterSheet(sheet); // at once: the next key belongs to the sheet
}

export function enterSheet(sheet) {
  if (!sheet.contains(document.activeElement) || document.activeElement.matches("summary")) {
    sheet.querySelector("input[type=radio], input[type=tel], textarea, select, a")?.focus();
  }
}

function playClip() {
  const player = playerOf(document.querySelector(".player"));
  if (!player) return document.getElementById("listen")?.click();
  if (player.clip) player.toggleClip();
  else player.toggle();
}

function escape() {
  const open = document.querySelector("details[open].up, details.menu[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (document.activeElement?.matches(TYPING)) document.activeElement.blur();
}

function choose(digit) {
  const choices = document.querySelectorAll("#resolve[open] input[type=radio]");
  const choice = choices[digit - 1];
  if (!choice) return false;
  choice.checked = true;
  choice.focus();
  return true;
}

export function startKeys(queue) {
  const dialog = document.getElementById("keys");
  const opener = document.getElementById("keys-open");
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open], details.up[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  const actions = {
    j: () => queue?.list.step(1),
    k: () => queue?.list.step(-1),
    t: () => document.querySelector("#take button") ? document.querySelector("#take button").click() : toggleSheet("number"),
    c: () => toggleSheet("call"),
    n: () => toggleSheet("note"),
    r: () => toggleSheet("resolve"),
    m: () => toggleSheet("more"),
    f: () => document.querySelector("#false-alarm button")?.click(),
    u: () => queue?.list.reveal(),
    "/": () => document.getElementById("search").focus(),
    "?": () => dialog.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.key === "Escape") return escape();
    if (event.target.matches?.(TYPING)) return;
    if (event.key === " " && !event.target.matches?.(PRESSABLE)) {
      event.preventDefault();
      return event.repeat ? undefined : playClip();
    }
    if (/^[1-6]$/.test(event.key) && choose(+event.key)) return event.preventDefault();
    const action = actions[event.key];
    if (!action || event.repeat && !"jk".includes(event.key)) return;
    event.preventDefault();
    action();
  });
}
