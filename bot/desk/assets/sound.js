// A new case: two quiet notes if they are wanted, and a mark in the title until somebody looks.

const ON = "jamin-desk-sound";
const NOTES = [[659, 0], [880, 0.16]]; // hertz, seconds from now
const LOUD = 0.12;
let context = null;

/** Let a button turn the sound on and off; it is off until then. */
export function sounding(button) {
  const set = (on) => {
    button.setAttribute("aria-pressed", String(on));
    localStorage.setItem(ON, on ? "1" : "");
    if (on) context ??= new AudioContext();
  };
  button.setAttribute("aria-pressed", String(localStorage.getItem(ON) === "1"));
  button.addEventListener("click", () => {
    set(button.getAttribute("aria-pressed") !== "true");
    play(button);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) document.title = document.title.replace(MARK, ""); });
}

const MARK = "● ";

/** Give the page a title; the mark of something new stays. */
export function entitle(title) {
  document.title = document.title.startsWith(MARK) ? MARK + title : title;
}

/** Tell that something new waits. */
export function ring(button) {
  if (document.hidden && !document.title.startsWith(MARK)) document.title = MARK + document.title;
  play(button);
}

function play(button) {
  if (button.getAttribute("aria-pressed") !== "true") return;
  context ??= new AudioContext();
  for (const [pitch, wait] of NOTES) note(pitch, context.currentTime + wait);
}

function note(pitch, at) {
  const tone = context.createOscillator(), volume = context.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUD, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.32);
}
