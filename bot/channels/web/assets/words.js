// Text with its links made live, by DOM methods only: whatever stands in a message stays text.

const LINK = /https?:\/\/[^\s<>"']+|tel:\+?[\d-]+/gi;
const CALL_CENTRE = /(^|[\s(])(175)(?![.,]?\d|\s*(?:ribu|rb|juta|jt|hari|orang))(?=$|[\s.,;:!?)])/i;

/** The address as a URL if it is safe to follow, else null. */
export function safe(address) {
  try {
    const url = new URL(address, location.href);
    return ["http:", "https:", "tel:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** A link that opens outside the chat. */
export function link(label, url) {
  const a = document.createElement("a");
  a.textContent = label;
  a.href = url.href;
  if (url.protocol !== "tel:") {
    a.target = "_blank";
    a.rel = "noopener noreferrer";
  }
  return a;
}

/** `text` as nodes: words, and links where an address or the call centre's number stands. */
export function linked(text) {
  const nodes = document.createDocumentFragment();
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const address = found[0].replace(/[.,;:!?)\]]+$/, "");
    const url = safe(address);
    if (!url) continue;
    nodes.append(calling(text.slice(from, found.index)), link(address, url));
    from = found.index + address.length;
  }
  nodes.append(calling(text.slice(from)));
  return nodes;
}

function calling(text) {
  const nodes = document.createDocumentFragment();
  let rest = text;
  for (let at = CALL_CENTRE.exec(rest); at; at = CALL_CENTRE.exec(rest)) {
    const start = at.index + at[1].length;
    const before = rest.slice(0, start);
    nodes.append(before, /Rp\s*$/i.test(before) ? "175" : link("175", new URL("tel:175")));
    rest = rest.slice(start + 3);
  }
  nodes.append(rest);
  return nodes;
}
