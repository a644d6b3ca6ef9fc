// Plays what a caller would hear, one thing after the other. Without this file every recording is a link, and keys are links.
"use strict";

(() => {
  const player = document.querySelector("[data-player]");
  const lines = [...document.querySelectorAll("[data-line]")];
  if (!player || !lines.length) return;
  const button = player.querySelector("[data-play]");
  const said = player.querySelector("[data-said]");
  const LONGEST_WITHOUT_SOUND = 4000; // nobody listens to silence for as long as words would take
  const sound = new Audio();
  let timer = 0;
  let turn = 0; // whatever was begun before is forgotten

  const show = (line, text = "") => {
    for (const one of lines) one.removeAttribute("aria-current");
    if (line) {
      line.setAttribute("aria-current", "true");
      const box = line.getBoundingClientRect();
      if (box.top < 0 || box.bottom > innerHeight) line.scrollIntoView({ block: "nearest" });
    }
    if (said.textContent !== text) said.textContent = text;
  };
  const name = (playing) => {
    button.firstElementChild.textContent = playing ? button.dataset.stopText : button.dataset.playText;
    button.dataset.playing = playing ? "yes" : "";
  };
  const stop = (text = "") => {
    turn += 1;
    clearTimeout(timer);
    sound.pause();
    name(false);
    show(null, text);
  };
  const pieces = (some) => some.flatMap((line) => [...line.querySelectorAll("[data-sound]")].map((piece) => [line, piece]));

  const play = (left) => {
    turn += 1;
    const mine = turn;
    clearTimeout(timer);
    sound.pause();
    name(true);
    const next = (rest) => {
      if (mine !== turn) return;
      if (!rest.length) return stop(said.dataset.over);
      const [[line, piece], ...others] = rest;
      const on = () => next(others);
      if (!piece.href) {
        show(line, said.dataset.voice);
        timer = setTimeout(on, Math.min(Number(piece.dataset.seconds) * 1000, LONGEST_WITHOUT_SOUND));
        return;
      }
      show(line);
      sound.onended = on;
      sound.onerror = () => { if (mine === turn) { said.textContent = said.dataset.failed; timer = setTimeout(on, 1500); } };
      sound.src = piece.href;
      sound.play().catch((error) => { if (mine === turn && error.name === "NotAllowedError") stop(); });
    };
    next(left);
  };

  player.hidden = false;
  button.addEventListener("click", () => (button.dataset.playing ? stop() : play(pieces(lines))));
  for (const line of lines) {
    for (const link of line.querySelectorAll("a[data-sound]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        play([[line, link]]);
      });
    }
  }
  // Who walks on by a key hears what follows, as on the telephone; who only opened the page presses Play.
  const STEPPED = "preview-stepped";
  for (const way of document.querySelectorAll("[data-way]")) {
    way.addEventListener("click", () => { try { sessionStorage.setItem(STEPPED, "1"); } catch { /* then it is played by its button */ } });
  }
  try {
    if (sessionStorage.getItem(STEPPED)) { sessionStorage.removeItem(STEPPED); play(pieces(lines)); }
  } catch { /* as above */ }
  window.addEventListener("pagehide", () => stop());
})();
