// The line to the server: it breaks, comes back, and loses nothing. The wire is told in the package's docstring.

const FIRST_WAIT = 500, LONGEST_WAIT = 30_000, ANSWER_WAIT = 15_000, ASLEEP = 60_000; // milliseconds

/** A random UUID; crypto.randomUUID is missing on pages without https. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** What must survive a reload of this tab: said, but not yet acknowledged. */
class Unsent {
  constructor(key) {
    this.key = key;
    this.all = this.load();
  }

  load() {
    try {
      return JSON.parse((this.key && sessionStorage.getItem(this.key)) || "[]");
    } catch {
      return [];
    }
  }

  save() {
    try {
      if (this.key) sessionStorage.setItem(this.key, JSON.stringify(this.all));
    } catch {
      // Full or forbidden storage: it then lives as long as the page.
    }
  }

  add(frame) {
    this.all.push(frame);
    this.save();
  }

  settle(id) {
    this.all = this.all.filter((frame) => frame.id !== id);
    this.save();
  }
}

export class Link {
  /**
   * @param hello {chat, code} for the first frame
   * @param url of the websocket
   * @param keep key in sessionStorage for what is not sent yet; "" keeps it in memory only
   * @param on {state, message, taken, refused, typing, ready, reset, gone}
   */
  constructor({ url, hello, keep, on }) {
    Object.assign(this, { url, hello, on });
    this.unsent = new Unsent(keep);
    this.after = 0;
    this.failures = 0;
    this.inFlight = null;
    addEventListener("online", () => this.again());
    addEventListener("offline", () => this.broken());
    document.addEventListener("visibilitychange", () => this.woken());
    this.open();
  }

  // --- the worker's side ---

  /** Send {t: "text", text} or {t: "tap", value}; `label` is what the worker sees of it. Returns its id. */
  say(what, label) {
    const id = uuid();
    this.unsent.add({ ...what, id, label });
    this.next();
    return id;
  }

  stop() {
    this.stopped = true;
    this.hangUp();
    clearTimeout(this.retry);
    this.unsent.all = [];
    this.unsent.save();
  }

  // --- the line ---

  open() {
    if (this.stopped || this.socket) return;
    clearTimeout(this.retry);
    this.on.state("connecting");
    const socket = (this.socket = new WebSocket(this.url));
    socket.onopen = () => this.put({ t: "hello", after: this.after, ...this.hello });
    socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    socket.onclose = () => this.broken();
  }

  hangUp() {
    const socket = this.socket;
    this.socket = this.inFlight = null;
    this.ready = false;
    clearTimeout(this.answer);
    clearTimeout(this.pause);
    this.paused = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  broken() {
    if (this.stopped) return;
    this.hangUp();
    this.on.state("offline");
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failures++);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.open(), wait * (0.5 + Math.random() / 2));
  }

  again() {
    if (this.stopped) return;
    this.hangUp();
    this.failures = 0;
    this.open();
  }

  /** A phone that slept may hold a line that is long dead and cannot know it. */
  woken() {
    if (document.hidden) this.hiddenAt = Date.now();
    else if (!this.socket || Date.now() - this.hiddenAt > ASLEEP) this.again();
  }

  put(frame) {
    if (this.socket && this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** Send the oldest that is not acknowledged; one at a time, so that order holds whatever happens. */
  next() {
    const frame = this.unsent.all[0];
    if (!this.ready || this.inFlight || this.paused || !frame) return;
    const { label, ...wire } = frame;
    this.inFlight = frame.id;
    this.put(wire);
    this.answer = setTimeout(() => this.broken(), ANSWER_WAIT);
  }

  answered() {
    const id = this.inFlight;
    this.inFlight = null;
    clearTimeout(this.answer);
    return id;
  }

  // --- the server's side ---

  hear(frame) {
    const heard = this["hear_" + frame.t];
    if (heard) heard.call(this, frame);
  }

  hear_message(line) {
    if (line.seq <= this.after) return;
    this.after = line.seq;
    if (line.from === "me") this.unsent.settle(line.id);
    this.on.message(line);
  }

  hear_ready() {
    this.ready = true;
    this.failures = 0;
    this.on.state("online");
    this.on.ready();
    this.next();
  }

  hear_reset() {
    this.after = 0;
    this.on.reset(this.unsent.all);
  }

  hear_typing() {
    this.on.typing();
  }

  hear_ack({ id }) {
    this.answered();
    this.unsent.settle(id);
    this.on.taken(id);
    this.next();
  }

  hear_busy({ retry }) {
    this.answered();
    this.paused = true;
    this.pause = setTimeout(() => {
      this.paused = false;
      this.next();
    }, retry * 1000 * (1 + Math.random() / 4));
  }

  hear_bad({ reason }) {
    if (reason !== "frame") return this.on.gone();
    const id = this.answered();
    this.unsent.settle(id);
    this.on.refused(id);
    this.next();
  }
}
