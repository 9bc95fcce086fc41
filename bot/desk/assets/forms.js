// Forms that answer in place, lists that can be searched as one types, and buttons that copy.

import { copy } from "./copy.js";
import { show } from "./patch.js";

/** Send forms marked `data-smooth` without leaving the page. Without a line nothing happens but the page saying so. */
export function forms() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-smooth]")) return;
    event.preventDefault();
    form.inert = true;
    try {
      await show(await post(form, event.submitter));
      form.reset();
    } catch {
      document.getElementById("offline").hidden = false;
    }
    form.inert = false;
  });
  document.addEventListener("change", ({ target }) => {
    if (target.form?.matches("[data-at-once]")) target.form.requestSubmit();
  });
}

/** Send a form as the browser would. */
export function post(form, submitter) {
  const data = new URLSearchParams(new FormData(form, submitter));
  return fetch(form.action, { method: "POST", body: data, headers: { "X-Jamin-Live": "1" } });
}

/** Let a field marked `data-filters` show only those entries of a list that hold all its words. */
export function picking() {
  document.addEventListener("input", ({ target }) => {
    if (!target.dataset.filters) return;
    const words = target.value.toLowerCase().split(/\s+/);
    for (const entry of document.querySelectorAll(`#${target.dataset.filters} > li`)) {
      const text = entry.textContent.toLowerCase();
      entry.hidden = !words.every((word) => text.includes(word));
    }
  });
}

/** Let buttons beside what was revealed copy it. */
export function copying() {
  document.addEventListener("click", async ({ target }) => {
    const source = target.closest("#revealed [data-copy]") && document.getElementById(target.dataset.copy);
    if (!source) return;
    await copy(source.textContent.trim());
    target.classList.add("copied");
    setTimeout(() => target.classList.remove("copied"), 2_000);
  });
}

/** Let the menu be opened where there is no room for it. */
export function opening(button, menu) {
  button?.addEventListener("click", () => {
    const opened = menu.classList.toggle("opened");
    button.setAttribute("aria-expanded", String(opened));
  });
}
