// The wallboard: asks for news by server-sent events, counts the waits up, and says when no news come.
"use strict";
(() => {
  const board = document.getElementById("board"), stale = document.getElementById("stale");
  const STALE = 15000, LATER = 5000;
  const rome = new Intl.DateTimeFormat("it-IT", { timeZone: "Europe/Rome", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  let heard = Date.now(), ahead = board.dataset.now * 1000 - heard;

  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    const now = Date.now() + ahead;
    document.getElementById("clock").textContent = rome.format(now);
    for (const since of board.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor(now / 1000 - since.dataset.since));
      since.textContent = seconds < 3600
        ? `${Math.floor(seconds / 60)}:${two(seconds % 60)}`
        : `${Math.floor(seconds / 60)} ${board.dataset.minutes}`;
    }
    const old = Date.now() - heard > STALE;
    stale.hidden = !old;
    document.body.classList.toggle("old", old);
    if (old) document.getElementById("heard").textContent = rome.format(heard + ahead);
  };

  const news = (event) => {
    const [first, ...rest] = event.data.split("\n"), [seconds, version] = first.split(" ");
    if (version !== board.dataset.version) return location.reload();
    heard = Date.now();
    ahead = seconds * 1000 - heard;
    if (event.type === "picture") board.innerHTML = rest.join("\n");
    tick();
  };

  // An answer that is no event ends an EventSource for good: see why, and begin again or let the page say it.
  const look = async () => {
    try {
      const answer = await fetch(board.dataset.events, { headers: { Accept: "text/event-stream" }, redirect: "manual" });
      if (answer.ok && answer.status === 200) return listen();
      if (answer.type === "opaqueredirect" || [204, 403].includes(answer.status)) return location.reload();
    } catch { /* no connection: again later */ }
    setTimeout(look, LATER);
  };
  const listen = () => {
    const source = new EventSource(board.dataset.events);
    source.addEventListener("picture", news);
    source.addEventListener("same", news);
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(look, LATER);
    });
  };

  document.body.classList.add("lives");
  tick();
  setInterval(tick, 1000);
  listen();
})();
