// A short two-tone chime for new alarms; off until the nurse switches it on, remembered by this browser.

const KEY = "suifang-sound";
let context = null;

function tone(frequency, start) {
  const oscillator = context.createOscillator(), gain = context.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0.0001, start);
  gain.gain.exponentialRampToValueAtTime(0.2, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.28);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.3);
}

function play() {
  context ??= new AudioContext();
  context.resume();
  tone(784, context.currentTime);
  tone(1047, context.currentTime + 0.16);
}

export function startSound() {
  const button = document.getElementById("sound");
  let on = localStorage.getItem(KEY) === "on";
  const show = () => button?.setAttribute("aria-pressed", String(on));
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      on = !on;
      localStorage.setItem(KEY, on ? "on" : "off");
      show();
      if (on) play();
    });
  }
  show();
  return () => on && play();
}
