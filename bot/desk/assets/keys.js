// The keyboard: whatever on the page names a key in `aria-keyshortcuts` is pressed, or focused, by that key; j and k go
// through the rows. Who needs the letters for something else turns them off in the help.

const OFF = "jamin-desk-keys-off";
const TYPED = "input:not([type=checkbox]), textarea, select, [contenteditable]";
let row = -1;

const rows = () => [...document.querySelectorAll("[data-row]")];

function move(by) {
  const all = rows();
  if (!all.length) return;
  const focused = all.findIndex((one) => one.contains(document.activeElement));
  row = Math.min(Math.max((focused < 0 ? row : focused) + by, 0), all.length - 1);
  all[row].querySelector("a").focus();
  all[row].scrollIntoView({ block: "nearest" });
}

function press(key) {
  const named = `[aria-keyshortcuts~="${key}"]`;
  const here = document.activeElement?.closest("[data-row]")?.querySelector(named);
  const found = here ?? [...document.querySelectorAll(named)].find((one) => one.checkVisibility() && !one.closest("[data-row]"));
  if (!found) return false;
  if (found.matches(`${TYPED}, summary`)) found.focus();
  if (!found.matches(TYPED)) found.click();
  return true;
}

/** Listen to the keyboard; `help` is the dialog that tells the keys. */
export function listen(help) {
  const off = help.querySelector("#keys-off");
  off.checked = localStorage.getItem(OFF) === "1";
  off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "1" : ""));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && event.target.matches(TYPED)) event.target.blur();
    if (event.target.matches(TYPED) || document.querySelector("dialog[open]") || off.checked) return;
    if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
    else if (!/^[a-z/?]$/.test(event.key) || !press(event.key)) return;
    event.preventDefault();
  });
}
