// The matrix is walked with the arrow keys, cell by cell; without this file every cell is a link all the same.
"use strict";

(() => {
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -99], End: [0, 99] };
  const links = (row) => [...row.querySelectorAll("a.cell")].filter((one) => one.checkVisibility());

  document.addEventListener("keydown", (event) => {
    const here = event.target.closest?.("a.cell");
    const step = STEPS[event.key];
    if (!here || !step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const rows = [...document.querySelectorAll(".matrix [data-row]")];
    const row = here.closest("[data-row]");
    const place = links(row).indexOf(here);
    const onto = rows[rows.indexOf(row) + step[0]];
    if (!onto) return;
    const there = links(onto);
    const next = there[Math.min(Math.max(place + step[1], 0), there.length - 1)];
    event.preventDefault();
    next?.focus();
    next?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
})();
