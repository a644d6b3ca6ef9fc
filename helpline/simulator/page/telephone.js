// The telephone page: shows one call, sends what the person does, plays the clips. All rules are the carrier's.
"use strict";

const find = (id) => document.getElementById(id);
const keys = [...document.querySelectorAll("[data-key]")];
const player = new Audio();
let call = null;      // what the carrier last said about the call
let shown = 0;        // how much of what was heard has been played
let queue = [];       // clips still to play
let began = 0;        // when the clips of this moment began to play
let timer = 0;        // keys were pressed: when their time is over
let chain = Promise.resolve();   // one request after the other

async function ask(path, body) {
  const answer = await fetch("/standin" + path, body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error || "the carrier does not answer");
  return found;
}

function act(path, body) {
  clearTimeout(timer);
  chain = chain.then(async () => {
    try {
      show(await ask(path, body));
    } catch (fault) {
      find("state").textContent = fault.message;
    }
  });
  return chain;
}

const within = (path) => `/calls/${call.id}${path}`;
const live = () => call !== null && !call.ended;

function dial() {
  stop();
  call = null;
  shown = 0;
  find("transcript").replaceChildren();
  find("state").textContent = "Dialling…";
  return act("/calls", { from: find("from").value.trim() || "anonymous", to: find("to").value });
}

function press(key) {
  if (!live()) return;
  const body = { digits: key, more: true };
  if (!player.paused && began) body.after = (performance.now() - began) / 1000;
  stop();
  const button = keys.find((one) => one.dataset.key === key);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 120);
  act(within("/press"), body);
}

function silence() {
  if (!live()) return;
  stop();
  act(within("/silence"), {});
}

function speak() {
  if (!live()) return;
  stop();
  act(within("/speak"), { seconds: Number(find("length").value) });
}

function hangUp() {
  if (!live()) return;
  const body = !player.paused && began ? { after: (performance.now() - began) / 1000 } : {};
  stop();
  act(within("/hangup"), body);
}

function stop() {
  queue = [];
  began = 0;
  player.pause();
  for (const one of document.querySelectorAll(".playing")) one.classList.remove("playing");
}

function show(found) {
  call = found;
  const list = find("transcript");
  settle(list, entries(found));
  list.scrollTop = list.scrollHeight;
  find("empty").hidden = true;
  find("dial").hidden = !found.ended;
  find("hangup").hidden = found.ended;
  const keyed = found.waiting_for === "gather" || found.waiting_for === "record";
  for (const key of keys) key.disabled = !keyed;
  find("silence").disabled = !keyed;
  find("speak").disabled = found.waiting_for !== "record";
  describe(found);
  if (find("sound").checked) {
    queue = found.heard.slice(shown).flatMap((one, index) =>
      one.kind === "play" && one.whole ? [{ url: one.url, place: shown + index }] : []);
    playNext();
  }
  shown = found.heard.length;
  if (found.waiting_for === "gather" && found.waiting.digits) timer = setTimeout(silence, found.waiting.timeout * 1000);
}

// Only what changed is touched, so that a screen reader speaks only what is new.
function settle(list, wanted) {
  wanted.forEach((item, place) => {
    const old = list.children[place];
    if (!old) list.append(item);
    else if (old.outerHTML !== item.outerHTML) old.replaceWith(item);
  });
  while (list.children.length > wanted.length) list.lastChild.remove();
}

function describe(found) {
  const state = find("state");
  const digits = found.waiting && found.waiting.digits;
  if (found.ended) state.textContent = `The call is over: ${found.outcome || found.status} (${Math.round(found.seconds)} s)`;
  else if (digits) state.replaceChildren("Keyed ", make("b", digits), found.waiting.finish ? ` · wait, or press ${found.waiting.finish}` : " · wait");
  else if (found.waiting_for === "record") state.textContent = `Recording, up to ${Math.round(found.waiting.longest)} s`;
  else if (found.waiting_for === "gather") state.textContent = "Waiting for a key";
  else state.textContent = found.status;
}

function entries(found) {
  const list = [];
  const deeds = [...found.deeds];
  const troubles = [...found.troubles];
  const due = (place) => {
    while (deeds.length && deeds[0].after <= place) {
      const deed = deeds.shift();
      while (deed.deed === "press" && deeds.length && deeds[0].deed === "press" && deeds[0].after === deed.after)
        deed.what += deeds.shift().what;
      list.push(mine(deed));
    }
    while (troubles.length && troubles[0].after <= place) list.push(make("li", troubles.shift().what, "trouble"));
  };
  found.heard.forEach((one, index) => { due(index); list.push(says(one, index)); });
  due(found.heard.length);
  if (found.ended) list.push(make("li", "The call is over", "aside"));
  return list;
}

function mine(deed) {
  const words = {
    press: `Pressed ${deed.what}`,
    silence: "Kept silent",
    speak: `Spoke for ${deed.what} s`,
    hangup: "Hung up",
    answer: "Answered",
    refuse: "Did not answer",
  };
  return make("li", words[deed.deed], "mine");
}

function says(one, index) {
  if (one.kind === "pause") return make("li", `Pause, ${one.seconds} s`, "aside");
  if (one.kind === "tone") return make("li", one.text === "beep" ? "Beep" : `Tones ${one.text}`, "aside");
  const item = make("li", null, "says" + (one.whole ? "" : " cut"));
  item.dir = one.direction;
  item.dataset.place = index;
  const meta = make("div", null, "meta");
  meta.append(bdi(one.language || "Unknown language", one.tag), bdi(one.kind === "play" ? `clip ${one.name}`.trim() : "voice", "en"));
  if (!one.whole) meta.append(bdi("cut short", "en"));
  const text = make("p", one.text || "(a clip that does not say what it says)");
  text.lang = one.tag;
  item.append(meta, text);
  return item;
}

function bdi(text, lang) {
  const element = make("bdi", text);
  element.lang = lang;
  return element;
}

function make(name, text, className) {
  const element = document.createElement(name);
  if (text !== null && text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function playNext() {
  for (const one of document.querySelectorAll(".playing")) one.classList.remove("playing");
  const next = queue.shift();
  if (!next) return;
  if (!began) began = performance.now();
  const item = document.querySelector(`[data-place="${next.place}"]`);
  if (item) item.classList.add("playing");
  player.src = next.url;
  player.play().catch(playNext);
}

async function lookForCalls() {
  try {
    const { calls } = await ask("/ringing");
    const box = find("ringing");
    box.hidden = calls.length === 0 || live();
    if (!box.hidden && box.dataset.id !== calls[0].id) {
      box.dataset.id = calls[0].id;
      const take = (path) => () => { stop(); shown = 0; act(`/calls/${calls[0].id}${path}`, {}); box.hidden = true; };
      const yes = make("button", "Answer", "go");
      const no = make("button", "Let it be busy", "stop");
      yes.addEventListener("click", take("/answer"));
      no.addEventListener("click", take("/refuse"));
      box.replaceChildren(make("span", `${calls[0].from} is calling ${calls[0].to}`), yes, no);
    }
  } catch {
    find("ringing").hidden = true;
  }
}

player.addEventListener("ended", playNext);
player.addEventListener("error", playNext);
find("numbers").addEventListener("submit", (event) => { event.preventDefault(); if (!live()) dial(); });
find("hangup").addEventListener("click", hangUp);
find("silence").addEventListener("click", silence);
find("speak").addEventListener("click", speak);
find("sound").addEventListener("change", () => { if (!find("sound").checked) stop(); });
for (const key of keys) key.addEventListener("click", () => press(key.dataset.key));
// After a click with the mouse the keyboard is the telephone's again; who tabs to a button keeps it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button && event.detail) button.blur();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || ["INPUT", "SELECT"].includes(event.target.tagName)) return;
  if (/^[0-9*#]$/.test(event.key)) { event.preventDefault(); press(event.key); }
  else if (event.key === "Enter" && event.target.tagName !== "BUTTON") { event.preventDefault(); silence(); }
  else if (event.key === "Escape") hangUp();
});
setInterval(lookForCalls, 3000);
