// The page: what the worker does goes down the line, what comes up it is shown.

import { Ending, watch } from "./device.js";
import { Link } from "./link.js";
import { Log } from "./log.js";
import { pageIn, sayAs } from "./tongue.js";

const find = (id) => document.getElementById(id);
const { words: rawWords, chat, code, query, idle } = find("phone").dataset;
const words = JSON.parse(rawWords);
const text = find("text");
const NEAR_LIMIT = 400; // characters left from which on we count

// --- saying something ---

const log = new Log(words, { tap: (value, label) => send({ t: "tap", value }, label), rest: () => focusText() });

function send(what, label) {
  log.own_unsent(line.say(what, label), label);
  log.waiting(line.ready);
}

/** Text that fits its frame: no control characters but the line break, no half characters. */
function clean(typed) {
  return typed.replace(/[\u0000-\u0009\u000b-\u001f]/g, " ").replace(/\p{Surrogate}/gu, "").trim();
}

function submit(event) {
  event.preventDefault();
  const said = clean(text.value);
  if (said) send({ t: "text", text: said }, said);
  text.value = "";
  fit();
  text.focus();
}

/** Let the field grow with its text, and count kindly when the room gets short. */
function fit() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 3}px`;
  const left = text.maxLength - text.value.length;
  find("left").hidden = left > NEAR_LIMIT;
  find("left").textContent = words.left.replace("{left}", left);
}

find("composer").addEventListener("submit", submit);
text.addEventListener("input", fit);
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
});

// --- the menu ---

const menu = find("menu"), menuButton = find("menu-button");

function openMenu(open) {
  menu.hidden = !open;
  menuButton.setAttribute("aria-expanded", String(open));
}

if (menuButton) {
  menuButton.addEventListener("click", () => openMenu(menu.hidden));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || menu.hidden) return;
    openMenu(false);
    menuButton.focus();
  });
  addEventListener("click", (event) => {
    if (!menuButton.contains(event.target) && !event.target.closest(".menu div")) openMenu(false);
  });
}

// --- the line ---

let tongue = ""; // the language of our last line

function hear(message) {
  log.message(message);
  if (message.from !== "us") return;
  const changed = tongue && message.lang !== tongue;
  tongue = message.lang;
  if (changed && tongue !== document.documentElement.lang) speak(tongue);
}

/** Go over to another language with the chat; without a signal the page stays as it is. */
async function speak(lang) {
  const page = await pageIn(lang, query).catch(() => null);
  if (!page || lang !== tongue) return;
  Object.assign(words, JSON.parse(page.getElementById("phone").dataset.words));
  sayAs(page);
  log.form(log.stands);
  state(line.ready ? "online" : "connecting");
}

function state(now) {
  find("state").textContent = words[now];
  log.waiting(now === "online");
}

const line = new Link({
  url: `${location.origin.replace(/^http/, "ws")}/chat/ws${query}`,
  hello: { chat, code },
  keep: query ? "" : `jamin:${chat}`,
  on: {
    state,
    message: hear,
    taken: (id) => log.taken(id),
    refused: (id) => log.refused(id),
    typing: () => log.showTyping(),
    ready: () => (log.replaying = false),
    reset: (unsent) => {
      log.replaying = true;
      log.clear();
      showUnsent(unsent);
    },
    gone: () => ending.show(),
  },
});

/** To the field; on a touch screen its keyboard must not jump up unasked, so there only where we were. */
function focusText() {
  const field = matchMedia("(hover: hover)").matches ? text : find("log");
  field.focus({ preventScroll: true });
}

function showUnsent(unsent) {
  for (const { id, label } of unsent) log.own_unsent(id, label);
  log.waiting(false);
}

function wipe() {
  line.stop();
  log.clear();
  text.value = "";
  if (menuButton) openMenu(false);
}

const ending = new Ending({ query, words, wipe });
log.replaying = true;
showUnsent(line.unsent.all);
if (+idle) {
  watch(+idle, () => ending.finish());
  addEventListener("pagehide", () => ending.show()); // nothing for the "back" button to find
}
if (matchMedia("(hover: hover)").matches) text.focus({ preventScroll: true });
