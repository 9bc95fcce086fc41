// What the desk's pages do beyond links and forms. Each of them works without; the script makes them live.

import { conversation } from "./case.js";
import { listen } from "./keys.js";
import { follow } from "./live.js";
import { calmly, refresh } from "./patch.js";
import { copying, forms, opening, picking } from "./forms.js";
import { entitle, ring, sounding } from "./sound.js";

const GAP = 1_000; // milliseconds between two fetches of a page at most, however much happens
const RARELY = 15_000; // between two fetches of a page whose figures move slowly and cost more
const WAITS = 20_000; // after which the waiting times on the page are fetched anew

const find = (id) => document.getElementById(id);
const { live, seen, page, number, every } = document.body.dataset;

function start() {
  const help = find("keys"), sound = find("sound"), offline = find("offline");
  listen(help);
  find("keys-open").addEventListener("click", () => help.showModal());
  sounding(sound);
  const announced = find("announced");
  const news = (n) => {
    announced.textContent = `${announced.dataset.words} ${n}`;
    ring(sound);
  };
  const again = calmly(refresh, page === "monitor" ? RARELY : GAP);
  const talk = page === "case" ? conversation(again) : null;
  follow({
    path: live,
    seen,
    told: ({ cases, opened }) => {
      if (opened.length) news(opened.length);
      if (page !== "case" || !cases || cases.includes(Number(number))) again();
    },
    state: (online) => {
      if (online) document.body.dataset.following = "";
      if (online && !offline.hidden) { again(); talk?.online(); }
      offline.hidden = online;
    },
  });
  setInterval(() => { if (!document.hidden) again(); }, WAITS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
}

/** Fetch a page that nothing announces, such as a broadcast on its way, every so many milliseconds. */
function look(milliseconds) {
  const again = calmly(refresh, GAP);
  setInterval(() => { if (!document.hidden) again(); }, milliseconds);
}

document.addEventListener("jamin:shown", ({ detail }) => entitle(detail.title));
forms();
picking();
copying();
opening(find("menu-open"), find("menu"));
if (live) start();
if (every) look(Number(every));
