// The end of a chat on this device: asked for, or because nobody touches a shared one any more.

const find = (id) => document.getElementById(id);

/** Ask the server to forget; true when it has. */
async function forget(query) {
  try {
    return (await fetch("/chat/forget" + query, { method: "POST", keepalive: true })).ok;
  } catch {
    return false;
  }
}

/** Wires "Selesai": `wipe` empties the page. Other tabs of this device are told, too. */
export class Ending {
  constructor({ query, words, wipe }) {
    Object.assign(this, { query, words, wipe, shared: query !== "" });
    this.tabs = "BroadcastChannel" in window ? new BroadcastChannel("jamin" + query) : null;
    if (this.tabs) this.tabs.onmessage = () => this.show();
    // A shared device opened the page anew: what other tabs still show belongs to somebody else.
    if (this.tabs && this.shared) this.tabs.postMessage("new");
    for (const opener of document.querySelectorAll("[data-opens=finish]"))
      opener.addEventListener("click", () => this.ask());
    find("finish-now").addEventListener("click", () => this.finish());
  }

  ask() {
    find("finish-problem").textContent = "";
    find("finish").showModal();
  }

  async finish() {
    const forgotten = await forget(this.query);
    // On a shared device what is on the screen goes at once; its next opening makes the server forget.
    if (!forgotten && !this.shared) {
      find("finish-problem").textContent = this.words.forget_failed;
      return;
    }
    if (this.tabs) this.tabs.postMessage("done");
    this.show();
  }

  /** Leave nothing of the chat on the page. */
  show() {
    this.wipe();
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    for (const part of find("phone").children) part.hidden = part.id !== "ended";
    find("ended").focus();
  }
}

/** Watches a shared device: warns with a sixth of `seconds` left, then calls `lock`. */
export function watch(seconds, lock) {
  const warning = find("idle");
  let touched = Date.now();
  const touch = () => (touched = Date.now());
  for (const kind of ["pointerdown", "keydown", "input", "wheel", "touchmove"])
    addEventListener(kind, touch, { passive: true, capture: true });
  const look = () => {
    const idle = (Date.now() - touched) / 1000; // wall time: timers stand still while a phone sleeps
    if (idle >= seconds) {
      clearInterval(timer);
      lock();
    } else if (idle >= (seconds * 5) / 6 && !warning.open) {
      for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
      warning.showModal();
    } else if (idle < (seconds * 5) / 6 && warning.open) {
      warning.close(); // not at the touch itself, which would then fall on what lies below
    }
  };
  const timer = setInterval(look, Math.min(1000, seconds * 50));
  document.addEventListener("visibilitychange", look);
}
