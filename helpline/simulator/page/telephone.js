// A telephone: shows one call, sends what the person does, rings when it is called. All rules are the carrier's.
import { Microphone } from "./microphone.js";
import { bell, click, Player } from "./sound.js";
import { make, show as write } from "./transcript.js";

const find = (id) => document.getElementById(id);
const keys = [...document.querySelectorAll("[data-key]")];
const title = document.title;
const microphone = new Microphone();
const player = new Player(mark);
let call = null;      // what the carrier last said about the call
let version = "";     // of what it last said
let shown = 0;        // how much of what was heard has been given to the player
let timer = 0;        // the person's time runs out then
let asking = 0;       // requests under way
let chain = Promise.resolve();   // one request after the other

// ------------------------------------------------------------ asking the carrier

async function ask(path, body) {
  const sent = body instanceof Blob ? { headers: { "Content-Type": "audio/wav" }, body }
    : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch("/standin" + path, { method: "POST", ...sent });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error || "the carrier does not answer");
  return found;
}

function act(path, body) {
  clearTimeout(timer);
  asking += 1;
  chain = chain.then(async () => {
    try {
      show(await ask(path, body));
    } catch (fault) {
      find("state").textContent = fault.message;
    } finally {
      asking -= 1;
    }
  });
  return chain;
}

// Others act in the call too: whoever it is connected with, and the application.
async function look() {
  if (!live() || asking) return;
  const answer = await fetch(`/standin${within("")}?seen=${version}`);
  if (answer.status !== 200 || asking) return;
  const found = await answer.json();
  if (!live() || asking || found.id !== call.id) return;
  version = (answer.headers.get("ETag") || "").replaceAll('"', "");
  show(found);
}

const within = (path) => `/calls/${call.id}${path}`;
const live = () => call !== null && !call.ended;
const waits = (kind) => live() && call.waiting_for === kind;

// ------------------------------------------------------------ what a person does

function begin(words) {
  player.stop();
  call = null;
  version = "";
  shown = 0;
  find("transcript").replaceChildren();
  find("unheard").hidden = true;
  find("state").textContent = words;
}

function dial() {
  begin("Dialling…");
  act("/calls", { from: find("from").value.trim() || "anonymous", to: find("to").value });
}

// How many seconds into what is being said, if anything is.
function moment() {
  const position = player.position;
  return position === null || !call.waiting ? {} : { after: Math.max(0, position - call.waiting.begins) };
}

function press(key) {
  if (!live()) return;
  if (find("sound").checked) click();
  const button = keys.find((one) => one.dataset.key === key);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 120);
  if (microphone.on) {
    if (call.waiting && call.waiting.finish.includes(key)) send(key);
    return;
  }
  const body = { digits: key, more: true, ...moment() };
  if (waits("gather") || waits("record")) player.stop();
  act(within("/press"), body);
}

function silence() {
  if (!live() || microphone.on) return;
  player.stop();
  act(within("/silence"), {});
}

async function speak() {
  if (microphone.on) {
    send("");
    return;
  }
  if (!waits("record")) return;
  clearTimeout(timer);
  player.stop();
  clearTimeout(timer);
  try {
    await microphone.start();
  } catch {
    find("unheard").hidden = false;
    find("length").focus();
    return;
  }
  find("speak").setAttribute("aria-pressed", "true");
  find("speak").textContent = "Stop and send";
}

// Send what was said, ended by a key, by waiting, or by hanging up.
async function send(key, gone = false) {
  if (!microphone.on) return;
  find("speak").setAttribute("aria-pressed", "false");
  find("speak").textContent = "Speak";
  const said = await microphone.stop();
  const query = new URLSearchParams({ key, hang_up: gone });
  if (live()) act(within(`/message?${query}`), said);
}

function hum() {
  find("unheard").hidden = true;
  if (waits("record")) act(within("/speak"), { seconds: Number(find("length").value) });
}

function hangUp() {
  if (!live()) return;
  if (microphone.on) {
    send("", true);
    return;
  }
  const body = moment();
  player.stop();
  act(within("/hangup"), body);
}

// ------------------------------------------------------------ what is seen and heard

function show(found) {
  call = found;
  const list = find("transcript");
  const below = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  write(list, found);
  if (below || shown === 0) list.scrollTop = list.scrollHeight;
  const ready = found.waiting_for === "gather" || found.waiting_for === "record";
  document.body.classList.toggle("live", !found.ended);
  find("empty").hidden = true;
  find("dial").hidden = !found.ended;
  find("hangup").hidden = found.ended;
  for (const key of keys) key.disabled = found.ended;
  find("silence").disabled = !ready;
  find("speak").disabled = found.waiting_for !== "record";
  if (found.waiting_for !== "record") find("unheard").hidden = true;
  describe();
  if (player.now && !found.heard[player.now.place].whole) player.stop();
  player.loud = find("sound").checked;
  const fresh = found.heard.slice(shown).map((one, index) => ({ ...one, place: shown + index }));
  shown = found.heard.length;
  player.add(fresh.filter((one) => one.whole && one.seconds));
  run();
}

// On a telephone time runs out by itself: what was keyed is sent, and who says nothing has said nothing.
function run() {
  clearTimeout(timer);
  if (!player.idle || microphone.on || !find("unheard").hidden || !(waits("gather") || waits("record"))) return;
  if (call.waiting.digits || find("clock").checked) timer = setTimeout(silence, call.waiting.timeout * 1000);
}

function mark(utterance) {
  for (const one of document.querySelectorAll(".playing")) one.classList.remove("playing");
  const item = utterance && document.querySelector(`[data-place="${utterance.place}"]`);
  if (item) {
    item.classList.add("playing");
    item.scrollIntoView({ block: "nearest" });
  }
  if (!utterance && live()) run();
}

function describe() {
  const words = find("state");
  const digits = call.waiting && call.waiting.digits;
  const other = call.company;
  if (call.ended) words.textContent = `The call is over: ${call.outcome || call.status} (${Math.round(call.seconds)} s)`;
  else if (digits) words.replaceChildren("Keyed ", make("b", digits), call.waiting.finish ? ` · wait, or press ${call.waiting.finish}` : " · wait");
  else if (call.waiting_for === "record") words.textContent = `Recording, up to ${Math.round(call.waiting.longest)} s`;
  else if (call.waiting_for === "gather") words.textContent = "Waiting for a key";
  else if (other && other.held) words.textContent = "On hold";
  else if (other && (!other.begun || !other.others)) words.textContent = "Waiting for somebody to join";
  else if (other) words.textContent = `Connected with ${other.others === 1 ? "one other person" : `${other.others} others`}${other.muted ? ", muted" : ""} · voices are not carried`;
  else words.textContent = { dial: "Ringing somebody", bridge: "Connected · voices are not carried" }[call.waiting_for] || call.status;
}

function tick() {
  if (!microphone.on) return;
  const seconds = microphone.seconds;
  find("state").textContent = `You are heard · ${seconds} s`;
  if (!live()) microphone.stop();
  else if (call.waiting && call.waiting.longest && seconds >= call.waiting.longest) send("");
}

// ------------------------------------------------------------ calls to this telephone

const plain = (number) => number.replace(/[^0-9+]/g, "");

async function listen() {
  let calls = [];
  try {
    calls = (await (await fetch("/standin/ringing")).json()).calls;
  } catch { /* the stand-in was stopped: nothing rings */ }
  const here = plain(find("from").value);
  ring(calls.find((one) => one.to === here));
  elsewhere([...new Set(calls.map((one) => one.to).filter((to) => to !== here))]);
}

function ring(called) {
  const box = find("ringing");
  document.title = called ? `☎ ${called.from} · ${title}` : title;
  if (called && find("sound").checked && !live()) bell();
  const id = called ? `${called.id} ${live()}` : "";
  if ((box.dataset.id || "") === id) return;
  box.dataset.id = id;
  box.hidden = !called;
  box.replaceChildren();
  if (!called) return;
  const words = make("p", "");
  words.append(make("bdi", called.from), live() ? " is calling, too" : " is calling");
  box.append(words);
  const choice = (text, className, path, body) => {
    const button = make("button", text, className);
    button.type = "button";
    button.addEventListener("click", () => {
      if (path === "/answer") begin("Answering…");
      box.hidden = true;
      act(`/calls/${called.id}${path}`, body);
    });
    box.append(button);
  };
  if (!live()) choice("Answer", "go", "/answer", {});
  choice("Decline", "stop", "/refuse", {});
  if (!live()) choice("Let a voicemail answer", "quiet", "/answer", { machine: true });
}

function elsewhere(numbers) {
  const line = find("elsewhere");
  line.hidden = numbers.length === 0;
  if (line.dataset.numbers === numbers.join()) return;
  line.dataset.numbers = numbers.join();
  line.replaceChildren(numbers.length > 1 ? "Other telephones ring: " : "Another telephone rings: ");
  numbers.forEach((number, index) => {
    const link = make("a", number);
    link.href = `/telephone?number=${encodeURIComponent(number)}`;
    link.target = "_blank";
    link.rel = "noopener";
    line.append(index ? ", " : "", link);
  });
}

// ------------------------------------------------------------ hands

find("numbers").addEventListener("submit", (event) => { event.preventDefault(); if (!live()) dial(); });
find("hangup").addEventListener("click", hangUp);
find("silence").addEventListener("click", silence);
find("speak").addEventListener("click", speak);
find("hum").addEventListener("click", hum);
find("clock").addEventListener("change", run);
find("sound").addEventListener("change", () => player.turn(find("sound").checked));
for (const key of keys) key.addEventListener("click", () => press(key.dataset.key));
// After a click with the mouse the keyboard is the telephone's again; who tabs to a button keeps it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button && event.detail) button.blur();
});
document.addEventListener("keydown", (event) => {
  const busy = ["INPUT", "SELECT"].includes(event.target.tagName) && event.target.type !== "checkbox";
  if (event.ctrlKey || event.metaKey || event.altKey || busy) return;
  if (/^[0-9*#]$/.test(event.key)) { event.preventDefault(); press(event.key); }
  else if (event.key === "Enter" && !["BUTTON", "A"].includes(event.target.tagName)) { event.preventDefault(); silence(); }
  else if (event.key === "Escape") hangUp();
});
// Who closes the page has put the receiver down.
addEventListener("pagehide", () => {
  if (live()) fetch("/standin" + within("/hangup"), {
    method: "POST", headers: { "Content-Type": "application/json" }, body: "{}", keepalive: true,
  });
});
setInterval(() => { look().catch(() => {}); tick(); }, 700);
setInterval(listen, 1500);
listen();
