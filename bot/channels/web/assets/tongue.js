// The page's own words follow the chat into another language.

const SAID = ["aria-label", "placeholder"]; // attributes that hold words

/** Fetch the page in another language. */
export async function pageIn(lang, query) {
  const address = new URL("/chat/frame" + query, location.href);
  address.searchParams.set("bahasa", lang);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Say on this page what another one says; what the chat holds stays as it was said. */
export function sayAs(other) {
  const here = own(document), there = own(other);
  if (here.length !== there.length) return; // of another version: the next opening has it all
  here.forEach((element, n) => copy(there[n], element));
  document.documentElement.lang = other.documentElement.lang;
}

function own(page) {
  return [...page.body.querySelectorAll("*")].filter((element) => !element.parentElement.closest("#log"));
}

function copy(from, to) {
  for (const name of SAID) if (from.hasAttribute(name)) to.setAttribute(name, from.getAttribute(name));
  if (!from.children.length && from.textContent.trim()) to.textContent = from.textContent;
}
