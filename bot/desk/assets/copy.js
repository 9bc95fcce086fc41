// Copies a value that was revealed: the page holds it only then, so that each copy is an audited one.

/** Copy a text; where the browser gives no clipboard (plain http), through a selection. */
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await copy(document.getElementById(button.dataset.copy).textContent.trim());
    document.getElementById("copied").textContent = button.dataset.said;
  });
}
