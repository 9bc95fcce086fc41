// One conversation: the transcript follows what is new, what is being typed is kept, an answer that could not leave
// leaves as soon as the line is back.

import { post } from "./forms.js";
import { show } from "./patch.js";

const PAUSE = 600; // milliseconds without a key after which a draft is kept
const NEAR = 120; // pixels from the end of the transcript within which it follows
const HIDES = 60_000; // after which what was revealed is hidden again

const find = (id) => document.getElementById(id);

export function conversation(refresh) {
  const lines = find("lines"), form = find("reply");
  let atEnd = true;
  const end = () => { lines.scrollTop = lines.scrollHeight; };
  lines.addEventListener("scroll", () => { atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < NEAR; });
  document.addEventListener("jamin:shown", ({ detail }) => {
    if (atEnd) end();
    revealed(detail);
  });
  end();
  return form ? composer(form, refresh) : { online() {} };
}

// --- answering ---

function composer(form, refresh) {
  const text = form.querySelector("textarea"), unsent = find("unsent");
  let kept = text.value, timer = 0, waiting = false;

  async function keep() {
    if (text.value === kept) return;
    const draft = text.value;
    const answer = await fetch(form.dataset.draft, { method: "POST", body: drafted(draft) });
    if (answer.ok) kept = draft;
  }

  const drafted = (words) => new URLSearchParams({ proof: form.elements.proof.value, text: words });
  const soon = () => { clearTimeout(timer); timer = setTimeout(() => keep().catch(() => {}), PAUSE); };

  async function send(event) {
    event?.preventDefault();
    clearTimeout(timer);
    waiting = false;
    form.inert = true;
    try {
      const answer = await post(form);
      await show(answer);
      if (answer.ok) sent();
      unsent.hidden = true;
    } catch {
      waiting = true;
      unsent.hidden = false;
    }
    form.inert = false;
    text.focus();
  }

  function sent() {
    text.value = kept = "";
  }

  form.addEventListener("submit", send);
  text.addEventListener("input", soon);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  addEventListener("pagehide", () => {
    if (text.value !== kept) navigator.sendBeacon(form.dataset.draft, drafted(text.value));
  });
  document.addEventListener("jamin:shown", ({ detail }) => {
    form.elements.form.value = detail.querySelector("#reply [name=form]")?.value ?? form.elements.form.value;
  });
  canned(text, soon);
  return { online() { if (waiting) send(); else soon(); refresh(); } };
}

/** Put a canned reply where the cursor is. */
function canned(text, changed) {
  const dialog = find("canned"), search = find("canned-search");
  find("canned-open").addEventListener("click", () => { dialog.showModal(); search.select(); });
  const use = (entry) => {
    dialog.close();
    text.focus();
    text.setRangeText(entry.querySelector("[data-words]").textContent, text.selectionStart, text.selectionEnd, "end");
    changed();
  };
  dialog.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-use]");
    if (button) use(button.closest("li"));
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = dialog.querySelector("li:not([hidden])");
    if (first) use(first);
  });
}

// --- what was revealed ---

let hiding = 0;

/** Show what an answer reveals, for a minute; a mere update of the page leaves it as it is. */
function revealed(fresh) {
  const now = find("revealed"), then = fresh.getElementById("revealed");
  if (!now || !then?.children.length) return;
  now.replaceChildren(...document.importNode(then, true).childNodes);
  clearTimeout(hiding);
  hiding = setTimeout(() => now.replaceChildren(), HIDES);
}
