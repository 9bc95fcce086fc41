// The bubbles, the buttons under the last question, the typing sign and the progress of a form.

import { link, linked, safe } from "./words.js";

const TYPING_AFTER = 350, TYPING_FOR = 8_000, ONE_BREATH = 1_500; // milliseconds
const NEAR = 80, MARGIN = 12; // pixels

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

export class Log {
  /** @param on {tap: (value, label) of a button, rest: where the focus goes when its button has gone} */
  constructor(words, on) {
    const find = (id) => document.getElementById(id);
    Object.assign(this, { words, on, box: find("log"), typing: find("typing"), down: find("down") });
    Object.assign(this, { step: find("step"), stepText: find("step-text"), progress: find("progress") });
    this.mine = new Map(); // id → the worker's bubble that may still change
    this.spokeAt = 0;
    this.box.addEventListener("scroll", () => this.showDown(), { passive: true });
    // The keyboard of a phone comes up and takes half of the screen: keep the last line in sight.
    new ResizeObserver(() => this.down.hidden && this.toEnd()).observe(this.box);
    this.down.addEventListener("click", () => {
      this.box.scrollTop = this.box.scrollHeight;
      this.box.focus();
    });
  }

  /** While old lines are shown again nothing is read out and nothing moves. */
  set replaying(on) {
    if (on) this.box.setAttribute("aria-busy", "true");
    else this.box.removeAttribute("aria-busy");
    this.box.setAttribute("aria-live", on ? "off" : "polite");
    if (!on) this.toNews(this.lastOwn());
  }

  get atEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR;
  }

  // --- lines ---

  /** Show a line of the chat. */
  message(line) {
    if (line.from === "me") return this.own(line);
    const follow = this.atEnd;
    this.hideTyping();
    const shown = make("div", `line fresh ${line.from}`);
    if (line.from === "staff") shown.append(make("p", "by", this.words.staff));
    else shown.append(make("span", "sr", this.words.us + " "));
    if (line.picture) shown.append(this.picture(line.picture));
    shown.append(this.bubble(line.text));
    if (line.from === "us") shown.lang = line.lang;
    this.place(shown, line.seq);
    this.turnTo(shown, this.row(line.buttons));
    if (line.from === "us") this.form(line.progress);
    this.breathe(shown);
    if (follow) this.toNews(this.news);
    this.showDown();
  }

  /** Lines that come in one breath are read from their first. */
  breathe(shown) {
    const now = Date.now();
    if (now - this.spokeAt > ONE_BREATH || !this.news) this.news = shown;
    this.spokeAt = now;
  }

  own(line) {
    const known = this.mine.get(line.id);
    this.mine.delete(line.id);
    this.taken(line.id, known);
    this.place(known || this.mineOf(line.text), line.seq);
    if (known) return;
    this.closeChoices();
    this.toEnd();
  }

  lastOwn() {
    return [...this.box.querySelectorAll(".me")].pop();
  }

  /** Show at once what the worker says, before the server has it. */
  own_unsent(id, text) {
    const shown = this.mineOf(text);
    shown.classList.add("waiting");
    shown.append(make("p", "sent", this.words.sending));
    this.mine.set(id, shown);
    this.closeChoices();
    this.box.insertBefore(shown, this.typing);
    this.news = shown;
    this.spokeAt = Date.now();
    this.toEnd();
  }

  mineOf(text) {
    const shown = make("div", "line fresh me");
    shown.append(make("span", "sr", this.words.me + " "), this.bubble(text));
    return shown;
  }

  /** A picture that says what the words below it say; its address lives an hour, so an old one simply goes. */
  picture(address) {
    const box = make("figure", "bubble picture");
    const image = make("img", "");
    image.alt = this.words.picture;
    image.src = safe(address + ".png") || "";
    image.addEventListener("load", () => this.toNews(this.news));
    image.addEventListener("error", () => box.remove());
    box.append(image, link(this.words.pdf, safe(address + ".pdf") || ""));
    return box;
  }

  bubble(text) {
    const bubble = make("div", "bubble");
    bubble.append(linked(text));
    return bubble;
  }

  /** Put a line where its number belongs: before what is not sent yet, after all that is older. */
  place(shown, seq) {
    shown.dataset.seq = seq;
    const next = this.box.querySelector(".me:not([data-seq])") || this.typing;
    // One that stands right stays untouched, so that it is not read out again.
    if (shown.nextElementSibling !== next) this.box.insertBefore(shown, next);
  }

  taken(id, shown = this.mine.get(id)) {
    if (!shown) return;
    shown.classList.remove("waiting");
    const sent = shown.querySelector(".sent");
    if (sent) sent.remove();
  }

  refused(id) {
    const shown = this.mine.get(id);
    this.mine.delete(id);
    if (!shown) return;
    this.taken(id, shown);
    shown.append(make("p", "sent problem", this.words.refused));
  }

  /** Say under every waiting bubble what it waits for. */
  waiting(online) {
    for (const sent of this.box.querySelectorAll(".waiting .sent"))
      sent.textContent = online ? this.words.sending : this.words.unsent;
  }

  clear() {
    for (const shown of this.box.querySelectorAll(".line, .choices")) shown.remove();
    this.mine.clear();
    this.hideTyping();
    this.form(null);
  }

  // --- buttons ---

  /** A row of buttons, or null; it is open while it waits for a tap. */
  row(buttons) {
    const made = buttons.map((button) => (button.url ? this.way(button) : this.choice(button))).filter(Boolean);
    if (!made.length) return null;
    const row = make("div", buttons.some((button) => !button.url) ? "choices fresh open" : "choices fresh");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", this.words.choices);
    row.append(...made);
    return row;
  }

  /** Put `row` under `shown`, instead of the one before it if that is answered or this one asks anew. */
  turnTo(shown, row) {
    const asks = row && row.matches(".open");
    const had = this.box.querySelector(asks ? ".open" : ".open.answered");
    const hadFocus = had && had.contains(document.activeElement);
    if (had) this.dropTaps(had);
    if (row) shown.after(row);
    if (hadFocus && asks) row.querySelector("button").focus({ preventScroll: true });
    else if (hadFocus) this.on.rest();
  }

  dropTaps(row) {
    row.classList.remove("open");
    for (const button of row.querySelectorAll("button")) button.remove();
    if (!row.children.length) row.remove();
  }

  choice({ label, value }) {
    const button = make("button", "choice", label);
    button.type = "button";
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled")) return;
      button.classList.add("chosen");
      this.on.tap(value, label);
    });
    return button;
  }

  way({ label, url }) {
    const address = safe(url);
    if (!address) return null;
    const a = link(label, address);
    a.classList.add("choice", "out");
    a.append(make("span", "sr", " " + this.words.newtab));
    return a;
  }

  /** Answered: the row can be seen until the next line but takes no more taps. It keeps the focus it has. */
  closeChoices() {
    const row = this.box.querySelector(".open");
    if (!row) return;
    row.classList.add("answered");
    for (const button of row.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  }

  // --- signs ---

  showTyping() {
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => {
      const follow = this.atEnd;
      this.typing.hidden = false;
      if (follow) this.toEnd();
      this.typingTimer = setTimeout(() => this.hideTyping(), TYPING_FOR);
    }, TYPING_AFTER);
  }

  hideTyping() {
    clearTimeout(this.typingTimer);
    this.typing.hidden = true;
  }

  form(progress) {
    this.stands = progress;
    this.step.hidden = !progress;
    if (!progress) return;
    [this.progress.value, this.progress.max] = progress;
    this.stepText.textContent = this.words.progress.replace("{now}", progress[0]).replace("{all}", progress[1]);
  }

  // --- scrolling ---

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
  }

  /** To the end, but never past `first`, which the worker has not read yet. */
  toNews(first) {
    this.box.scrollTop = first ? first.offsetTop - MARGIN : 0;
    this.showDown();
  }

  showDown() {
    this.down.hidden = this.atEnd;
  }
}
