// The stream of what changes, held open by pages that are seen, and by one of those that are not.
// Browsers open six connections to a place at once: a stream for each hidden tab would leave none for the pages.

/** Call `tell(name, ids)` for what changes after `since`, as long as the page is there. */
export function follow(document, address, since, tell) {
  let source = null;
  let place = since;
  let giveUp = null;

  function open() {
    source = new EventSource(`${address}?since=${place}`);
    for (const name of ["changed", "behind", "ended"]) {
      source.addEventListener(name, (event) => {
        if (event.lastEventId) place = event.lastEventId;
        if (name === "ended") close();
        tell(name, event.data.split(" ").map(Number).filter(Boolean));
      });
    }
  }

  function close() {
    source?.close();
    source = null;
  }

  /** One hidden page at a time listens: it counts in its title what is new. */
  function takeTurns() {
    if (!navigator.locks) return;
    giveUp = new AbortController();
    let leave;
    const until = new Promise((done) => (leave = done));
    giveUp.signal.addEventListener("abort", () => leave());
    navigator.locks
      .request(`vigie ${address}`, { signal: giveUp.signal }, () => {
        open();
        return until;
      })
      .catch(() => undefined); // it is seen again before its turn came
  }

  function look() {
    giveUp?.abort();
    giveUp = null;
    close();
    if (document.visibilityState === "visible") open();
    else takeTurns();
  }

  document.addEventListener("visibilitychange", look);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && look());
  look();
}
