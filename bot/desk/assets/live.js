// What changes reaches the page by one stream a browser: the tab that holds the lock listens and tells the others, so
// that many open tabs don't use up the browser's connections. Each sign carries how far it goes; whoever comes back
// asks from there, and is told to look at everything where something was missed.

const NAME = "jamin-desk";
const QUIET = 40_000; // milliseconds without a sign after which the line counts as dead: the server beats every 15 s
const LOOK = 5_000;
const AGAIN = 2_000;

/** Listen: `told` gets each sign, `state` true or false whenever the line comes or goes. */
export function follow({ path, seen, told, state }) {
  const channel = new BroadcastChannel(NAME);
  const hear = (said) => {
    if ("line" in said) state(said.line);
    if (!said.seen) return;
    seen = said.seen;
    told(said);
  };
  channel.addEventListener("message", ({ data }) => hear(data));
  const say = (said) => {
    hear(said);
    channel.postMessage(said);
  };
  const lead = () => new Promise(() => listen(path, () => seen, say)); // The lock is ours until the tab is closed.
  if (navigator.locks) navigator.locks.request(NAME, lead);
  else lead();
}

function listen(path, seen, say) {
  let source = null, heard = Date.now(), reopening = 0;

  function open() {
    source?.close();
    heard = Date.now();
    source = new EventSource(`${path}?sesudah=${encodeURIComponent(seen())}`);
    source.addEventListener("open", () => note({ line: true }));
    source.addEventListener("beat", () => note({ line: true }));
    source.addEventListener("change", ({ data, lastEventId }) => note({ ...JSON.parse(data), seen: lastEventId, line: true }));
    source.addEventListener("out", () => location.reload());
    source.addEventListener("error", lost);
  }

  function note(said) {
    heard = Date.now();
    say(said);
  }

  function lost() {
    say({ line: false });
    if (source.readyState !== EventSource.CLOSED || reopening) return; // The browser itself tries again.
    reopening = setTimeout(() => { reopening = 0; open(); }, AGAIN);
  }

  setInterval(() => {
    if (Date.now() - heard < QUIET) return;
    lost();
    open();
  }, LOOK);
  addEventListener("online", open);
  open();
}
