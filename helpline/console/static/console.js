// The console's small comforts. Every page works without them; none of them knows what a page is about.
"use strict";

(() => {
  const KEYS_OFF = "keys-off"; // in this browser somebody does not want single keys (WCAG 2.1.4)

  // Dialogs: browsers that know `commandfor` do this themselves.
  if (!("commandForElement" in HTMLButtonElement.prototype)) {
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button[commandfor]");
      const dialog = button && document.getElementById(button.getAttribute("commandfor"));
      if (!dialog) return;
      if (button.getAttribute("command") === "show-modal") dialog.showModal();
      else dialog.close();
    });
  }

  // A menu of the bar closes when one goes elsewhere, and by Escape.
  const shut = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!except || !menu.contains(except)) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => shut(event.target.closest("button[commandfor]") ? null : event.target));
  document.addEventListener("focusin", (event) => shut(event.target));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.activeElement?.closest("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // Faults of a form are read first; those of a form in a dialog open it again.
  document.querySelector("[data-focus]")?.focus();
  for (const dialog of document.querySelectorAll("dialog[open]")) { dialog.close(); dialog.showModal(); }

  // A link that is shown once can be copied by a button.
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", () => navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value));
  }
  for (const field of document.querySelectorAll("[data-select]")) field.addEventListener("focus", () => field.select());

  // A page that looks by itself says when it cannot.
  const lost = (is) => { document.getElementById("lost").hidden = !is; };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, () => lost(true));
  document.addEventListener("htmx:afterOnLoad", () => lost(false));

  // What has not changed is left alone: nobody loses the button they are about to press.
  const before = new WeakMap();
  const written = (html) => Object.assign(document.createElement("template"), { innerHTML: html }).innerHTML.trim();
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.target;
    if (!part.isConnected) event.detail.shouldSwap = false; // asked before the page was shown anew
    if (!part.matches(".live")) return;
    const now = event.detail.serverResponse;
    const same = before.has(part) ? before.get(part) === now : written(now) === part.innerHTML.trim();
    if (same) event.detail.shouldSwap = false;
    before.set(part, now);
  });

  // What is to be done now stands first: the others go behind it, so that whoever types in it goes on typing.
  const raise = () => {
    const first = document.getElementById(document.querySelector("[data-raises]")?.dataset.raises ?? "");
    while (first?.previousElementSibling) first.after(first.previousElementSibling);
  };
  for (const name of ["htmx:afterSettle", "shown"]) document.addEventListener(name, raise);

  // Keys.
  const wanted = () => { try { return localStorage.getItem(KEYS_OFF) === null; } catch { return true; } };
  const box = document.getElementById("keys-on");
  if (box) {
    box.checked = wanted();
    box.addEventListener("change", () => {
      try { box.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1"); } catch { /* it holds for this page */ }
    });
  }
  const typing = (where) => where.closest("input, textarea, select, [contenteditable], audio") !== null;
  const move = (by) => {
    const links = [...document.querySelectorAll("[data-list] [data-row]")].map((row) => row.querySelector("a[href]")).filter(Boolean);
    if (!links.length) return;
    const now = links.findIndex((link) => link.closest("[data-row]").contains(document.activeElement));
    const next = now < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(now + by, 0), links.length - 1);
    links[next].focus();
    links[next].closest("[data-row]").scrollIntoView({ block: "nearest" });
  };
  const press = {
    j: () => move(1),
    k: () => move(-1),
    u: () => document.querySelector("a[data-back]")?.click(),
    "/": () => document.querySelector("[data-search], input[type=search]")?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") return shut(null);
    if (event.repeat && !"jk".includes(event.key)) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (!box || !box.checked) return;
    const own = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find((one) => {
      const needs = one.closest("[data-keys-need]"); // keys that wait until something else is there
      return !needs || document.getElementById(needs.dataset.keysNeed);
    });
    const act = own ? () => own.click() : press[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
