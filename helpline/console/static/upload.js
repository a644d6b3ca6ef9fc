// How far an upload is, and that nothing is lost when it breaks off. Without this file the form is sent as any other.
"use strict";

(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const get = (name) => form.querySelector(`[data-${name}]`);
  const bar = form.querySelector("progress");
  if ("webkitdirectory" in HTMLInputElement.prototype) get("folder").hidden = false;

  const files = () => [...form.querySelectorAll("input[type=file]")].flatMap((one) => [...one.files]);
  const failed = (text) => {
    get("failed").hidden = !text;
    get("failed").querySelector("p").textContent = text;
    get("sending").hidden = true;
    delete form.dataset.sent;
  };
  const leaving = (event) => event.preventDefault();

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    failed("");
    if (files().reduce((sum, one) => sum + one.size, 0) > Number(form.dataset.most)) return failed(form.dataset.tooMuch);
    form.dataset.sent = "yes";
    const asked = new XMLHttpRequest();
    const over = () => window.removeEventListener("beforeunload", leaving);
    asked.open("POST", form.action);
    asked.setRequestHeader("X-Stay", "1");
    asked.upload.addEventListener("progress", ({ loaded, total }) => {
      const percent = total ? Math.floor((100 * loaded) / total) : 0;
      bar.value = percent;
      get("sending-text").textContent = percent < 100 ? `${percent} %` : form.dataset.looking;
    });
    asked.addEventListener("load", () => {
      over();
      const onward = asked.getResponseHeader("X-Go");
      if (onward) return location.assign(onward);
      if (asked.status !== 422) return failed(asked.status < 500 ? asked.responseText : form.dataset.lost);
      // The same page with its faults: what was chosen stays chosen.
      const there = new DOMParser().parseFromString(asked.responseText, "text/html");
      const main = document.getElementById("content");
      for (const old of main.querySelectorAll(":scope > .notice")) old.remove();
      const faults = there.querySelector("[data-focus]");
      failed("");
      form.before(faults);
      faults.focus();
    });
    asked.addEventListener("error", () => { over(); failed(form.dataset.lost); });
    asked.addEventListener("abort", over);
    window.addEventListener("beforeunload", leaving);
    get("sending").hidden = false;
    asked.send(new FormData(form));
  });
})();
