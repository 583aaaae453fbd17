// Entry: wires the small modules of a page together.
import { startCalls } from "./calls.js";
import { startClocks } from "./clocks.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startPlayers } from "./player.js";
import { startQueue } from "./queue.js";
import { startSound } from "./sound.js";

const sound = startSound();
startPlayers(document);
startClocks();
const queue = document.getElementById("queue") ? startQueue({ chime: sound }) : null;
const calls = document.getElementById("calls") ? startCalls() : null;
startKeys(queue ?? calls);
document.querySelector("[data-print]")?.addEventListener("click", () => print());
if (document.body.dataset.told !== undefined) {  // who must change a password first is told nothing
  startLive({
    changed: (change) => (queue ?? calls)?.changed(change),
    resync: () => (queue ?? calls)?.resync(),
  });
}
