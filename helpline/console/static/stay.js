// On a page that stays (`main[data-stays]`) a button changes the page under what is being typed: a note that is not sent
// yet is still there after any other button. What is typed is kept on the page alone, and nowhere else.
"use strict";

(() => {
  const main = document.getElementById("content");
  if (!main.matches("[data-stays]")) return;
  const asks = () => ({ "X-Stay": "1", "HX-Current-URL": location.href });
  const patience = () => AbortSignal.timeout(10000);
  const lost = (is) => { document.getElementById("lost").hidden = !is; };

  const typed = (field) => {
    if (["hidden", "password", "submit", "button"].includes(field.type)) return false;
    if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
    return field.tagName === "SELECT" ? field.selectedIndex > 0 : field.value !== field.defaultValue;
  };
  const same = (one, other) =>
    one.name === other.name && one.type === other.type &&
    one.form?.getAttribute("action") === other.form?.getAttribute("action") &&
    (!["checkbox", "radio"].includes(one.type) || one.value === other.value);
  const fields = () => [...main.querySelectorAll("input, select, textarea")];
  const titled = (one) => one.querySelector("summary")?.textContent;

  // A part that looks by itself is not listened to while a button is on its way, nor once its place is taken: what it was
  // told may be old by then, and a page that is shown anew because of it would swallow what the button had to say.
  let sending = 0;
  const hush = (part) => part.addEventListener("htmx:beforeOnLoad", (event) => event.preventDefault());
  document.addEventListener("htmx:beforeOnLoad", (event) => { if (sending && event.target.matches(".live")) event.preventDefault(); });

  // The page as the server has it now, with what was typed into other forms than the one that was sent.
  const show = (text, sent) => {
    const there = new DOMParser().parseFromString(text, "text/html");
    const kept = fields().filter((field) => field.form && field.form !== sent && typed(field));
    const open = [...main.querySelectorAll("details[open]")].filter((one) => !one.contains(sent)).map(titled);
    const focused = main.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
    document.title = there.title;
    for (const part of main.querySelectorAll(".live")) hush(part);
    main.replaceChildren(...there.getElementById("content").childNodes);
    for (const old of kept) {
      const field = fields().find((one) => same(one, old));
      if (field) { field.value = old.value; field.checked = old.checked; }
    }
    for (const one of main.querySelectorAll("details")) if (open.includes(titled(one))) one.open = true;
    htmx.process(main);
    document.dispatchEvent(new CustomEvent("shown"));
    const again = focused?.name && fields().find((one) => same(one, focused));
    const faults = main.querySelector("[data-focus]");
    (faults ?? (again || main)).focus({ preventScroll: !faults });
    if (again && !faults && place?.[0] != null) again.setSelectionRange(...place);
    if (!faults && !again) main.querySelector(".notice")?.scrollIntoView({ block: "nearest" });
  };

  const tell = (text) => {
    const box = document.createElement("div");
    box.className = "notice bad";
    box.setAttribute("role", "alert");
    box.append(Object.assign(document.createElement("p"), { textContent: text }));
    main.prepend(box);
    box.scrollIntoView({ block: "nearest" });
  };

  const send = async (form, button) => {
    const body = new URLSearchParams(new FormData(form));
    if (button?.name) body.append(button.name, button.value);
    const to = button?.getAttribute("formaction") ?? form.getAttribute("action");
    let answer = await fetch(to, { method: "POST", body, headers: asks(), signal: patience() });
    let onward = answer.headers.get("X-Go");
    if (onward && new URL(onward, location.href).pathname === location.pathname) {
      answer = await fetch(onward, { headers: asks(), signal: patience() });
      onward = answer.headers.get("X-Go");
    }
    lost(false);
    if (onward) { location.assign(onward); return true; }
    if (answer.ok || answer.status === 422) { show(await answer.text(), form); return false; }
    delete form.dataset.sent;
    tell(await answer.text());
    return false;
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !main.contains(form) || form.getAttribute("method") !== "post") return;
    event.preventDefault();
    sending += 1;
    send(form, event.submitter)
      .then((leaves) => { if (!leaves) sending -= 1; }, () => { sending -= 1; delete form.dataset.sent; lost(true); });
  });

  // Where each button says something else, Enter in a field says nothing.
  main.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-note-at] input")) event.preventDefault();
  });

  // A link to another page: what stands in the note is kept as a note first.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const note = main.querySelector("[data-note-at] textarea");
    if (!link || link.getAttribute("href").startsWith("#") || link.target || !note || !note.value.trim()) return;
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const body = new URLSearchParams({ note: note.value, csrf: note.form.elements.csrf.value });
    try {
      const answer = await fetch(note.closest("[data-note-at]").dataset.noteAt, { method: "POST", body, headers: asks(), signal: patience() });
      if (answer.status === 422) return show(await answer.text(), note.form);
      if (!answer.ok) return tell(await answer.text());
      location.assign(link.href);
    } catch { lost(true); }
  });
})();
