// Brings the page up to date: it is fetched again, and what differs is changed in place. Focus, typing, scrolling and
// opened details stay as they are.

const LONGEST = 15_000; // milliseconds after which a fetch without an answer is given up
const LATER = 3_000; // after which one that failed is tried again
const KEPT = new Set(["open", "hidden"]); // what people and scripts change on the page itself

/** Where this page is fetched: what a form's answer shows has an address of its own. */
const here = () => new URL(document.body.dataset.here || location.href, location.href);

/** Fetch this page again and bring its live parts up to date. */
export async function refresh() {
  const answer = await fetch(here(), { headers: { "X-Jamin-Live": "1" }, signal: AbortSignal.timeout(LONGEST) });
  await show(answer);
}

/** Bring the live parts of the page up to date with an answer to a form or to a fetch. */
export async function show(answer) {
  if (answer.redirected && new URL(answer.url).pathname !== here().pathname) location.assign(answer.url);
  else if (answer.ok || answer.status === 422) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  else throw new Error(`answered ${answer.status}`);
}

function take(fresh) {
  const focused = document.activeElement;
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (other) morph(part, other);
  }
  const place = focused.isConnected ? focused : document.getElementById("main");
  if (place !== document.activeElement) place.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("jamin:shown", { detail: fresh }));
}

/** Make one node like another one, touching only what differs. */
export function morph(node, wanted) {
  if (node.isEqualNode(wanted)) return;
  if (node.nodeType !== Node.ELEMENT_NODE) {
    node.data = wanted.data;
    return;
  }
  attributes(node, wanted);
  children(node, wanted);
}

function attributes(node, wanted) {
  for (const { name } of [...node.attributes]) {
    if (!KEPT.has(name) && !wanted.hasAttribute(name)) node.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (!KEPT.has(name) && node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
}

/** Children with an id are the same wherever they stand; others where the kind is the same. */
function children(node, wanted) {
  const known = new Map([...node.children].filter((child) => child.id).map((child) => [child.id, child]));
  let at = node.firstChild;
  for (const child of [...wanted.childNodes]) {
    const same = child.id ? known.get(child.id) : at && !at.id && at.nodeName === child.nodeName ? at : null;
    if (!same) {
      node.insertBefore(document.importNode(child, true), at);
      continue;
    }
    if (same === at) at = at.nextSibling;
    else node.insertBefore(same, at);
    morph(same, child);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

/** Return a function that does `work` at once, and however often it is called not again within `gap` milliseconds. What
 * fails is tried again. */
export function calmly(work, gap) {
  let running = false, again = false;
  return async function run() {
    again = running;
    if (running) return;
    running = true;
    const failed = await work().then(() => false, () => true);
    setTimeout(() => {
      running = false;
      if (again || failed) run();
    }, failed ? LATER : gap);
  };
}
