// The studio: one text after the other, read aloud. Everything is a button; keys press buttons (console.js).
import { Microphone, missing } from "./record-microphone.js";
import { Outbox } from "./record-outbox.js";

const COUNT = 700; // milliseconds a number
const LONGEST = 60000;
const SILENCE = -45; // decibels below full scale: nothing louder was heard
const [FAINT, LOUD] = [-30, -1.5];
const BOTTOM = -60;
const SIGNS = { waiting: "…", sending: "…", judging: "…", ready: "✓", refused: "✕", unkept: "●" };
const NAMES = { waiting: "waiting", sending: "sending", judging: "judging", ready: "kept", refused: "again_please", unkept: "unkept" };

const studio = document.querySelector("[data-studio]");
if (studio) begin();

function begin() {
  const words = JSON.parse(studio.dataset.words);
  const get = (name, under = studio) => under.querySelector(`[data-${name}]`);
  const stage = studio.querySelector(".stage");
  const buttons = Object.fromEntries([...studio.querySelectorAll("[data-do]")].map((one) => [one.dataset.do, one]));
  const rows = [...studio.querySelectorAll("[data-reading]")];
  const list = studio.querySelector(".readings");
  const speaker = get("speaker");
  const items = rows.map((row) => ({ row, prompt: row.dataset.reading, letter: null, take: null }));
  const say = (word, values = {}) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[word]);
  const tenths = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const seconds = (value) => tenths.format(value);
  let here = items.find((one) => one.row.classList.contains("here"));
  let mode = "idle"; // counting opening recording heard
  let timer = 0;
  let hush = null;

  // What this browser remembers of the studio.
  const remembered = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const remember = (name, value) => { try { localStorage.setItem(name, value); } catch { /* it holds for this page */ } };
  const counts = get("counts");
  counts.checked = remembered("record-counts") !== "no";
  counts.addEventListener("change", () => remember("record-counts", counts.checked ? "yes" : "no"));

  const tell = (text) => { get("told").textContent = text; };
  const lasts = (value) => { get("elapsed").textContent = say("lasts", { seconds: seconds(value) }); };
  const trouble = (word) => {
    get("trouble").hidden = !word;
    get("trouble-text").textContent = word ? words[word] : "";
    if (word) get("trouble").scrollIntoView({ block: "center" }); // not under the buttons
  };

  // Which are done: the same rule as the page was made by, and what happened since.
  const done = (item) => {
    if (item.letter) return item.letter.state !== "refused";
    if (studio.dataset.what !== "all") return item.row.dataset.done === "yes";
    return item.row.dataset.taken === "yes" && item.row.dataset.by === speaker.value.trim();
  };

  // --- how loud it is
  const level = get("level");
  let shown = 0;
  let top = BOTTOM;
  const hear = (loud) => {
    top = Math.max(loud, top - 1);
    const place = (value) => Math.max(0, Math.min(100, 100 * (1 - value / BOTTOM)));
    get("rest").setAttribute("x", place(loud));
    get("rest").setAttribute("width", 100 - place(loud));
    get("top").setAttribute("x", Math.min(99, place(top)));
    if (mode === "recording") lasts(microphone.seconds);
    if (performance.now() - shown < 400) return;
    shown = performance.now();
    const word = words[top > LOUD ? "high" : top < FAINT ? "low" : "good"];
    get("level-word").textContent = word;
    level.setAttribute("aria-valuenow", Math.round(place(top)));
    level.setAttribute("aria-valuetext", word);
  };
  const microphone = new Microphone({
    level: hear,
    gone: () => { clearTimeout(timer); if (mode !== "heard") become("idle"); get("loud").hidden = true; trouble("gone"); devices(); },
    muted: (is) => trouble(is ? "muted" : ""),
  });

  // --- recordings on their way
  const outbox = new Outbox({
    send: studio.dataset.send,
    look: studio.dataset.look,
    token: JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"],
    changed: (letter) => {
      const item = items.find((one) => one.prompt === letter.prompt);
      item.letter = letter;
      mark(item);
      if (item === here) results();
      unsent();
    },
    signedOut: (is) => { studio.dataset.out = is ? "yes" : ""; unsent(); },
  });
  const unsent = () => {
    const count = outbox.unsent;
    const slow = items.some((one) => one.letter?.state === "judging" && one.letter.slow);
    const late = count && outbox.tries > 0;
    get("unsent").hidden = !late && !slow;
    if (studio.dataset.out && count) get("unsent-text").textContent = words.signed_out;
    else if (late) get("unsent-text").textContent = count === 1 ? words.unsent_one : say("unsent_many", { count });
    else get("unsent-text").textContent = words.slow;
    progress();
  };
  const progress = () => {
    get("progress").textContent = say("progress", { done: items.filter(done).length, of: items.length });
  };
  const mark = (item) => {
    const state = item.take ? "unkept" : item.letter?.state;
    if (!state) return;
    const sign = Object.assign(document.createElement("span"), { className: `mark-sign ${state}`, textContent: SIGNS[state] });
    sign.setAttribute("aria-hidden", "true");
    const word = Object.assign(document.createElement("span"), { className: state === "refused" ? "mark-word" : "away", textContent: words[NAMES[state]] });
    get("mark", item.row).replaceChildren(sign, word);
    if (state !== "ready" || !item.letter.warnings.length) return;
    const remark = { className: "mark-word warn", textContent: words.remark }; // one has gone on to the next by then
    get("mark", item.row).append(" ", Object.assign(document.createElement("span"), remark));
  };

  // What the worker said of the recording that is on the stage.
  const results = () => {
    const letter = here.letter;
    const lines = [...(letter?.refusals ?? []).map((text) => ["bad", text]), ...(letter?.warnings ?? []).map((text) => ["warn", text])];
    get("remarks").replaceChildren(...lines.map(([kind, text]) => {
      const box = Object.assign(document.createElement("div"), { className: `notice ${kind}` });
      box.append(Object.assign(document.createElement("p"), { textContent: text }));
      return box;
    }));
    const clip = letter?.state === "ready" ? letter.clip : null;
    get("result").hidden = !clip;
    if (clip && get("clip").getAttribute("src") !== clip) get("clip").src = clip;
    if (letter && mode === "idle" && !here.take) tell(words[NAMES[letter.state]]);
  };

  // --- what the stage shows
  const enable = (name, is) => buttons[name].setAttribute("aria-disabled", String(!is));
  const name = (button, word) => { get("text", button).textContent = words[word]; };
  const become = (next) => {
    mode = next;
    const at = items.indexOf(here);
    stage.dataset.mode = mode;
    get("count").hidden = mode !== "counting";
    name(buttons.record, { counting: "cancel", opening: "record", recording: "stop", heard: "again" }[mode] ?? (here.letter || here.row.dataset.done ? "again" : "record"));
    buttons.record.classList.toggle("stop", mode === "recording");
    buttons.record.classList.toggle("main", mode !== "recording" && mode !== "heard");
    buttons.keep.classList.toggle("main", mode === "heard");
    enable("record", mode !== "opening");
    enable("listen", mode === "heard");
    enable("keep", mode === "heard");
    enable("back", ["idle", "heard"].includes(mode) && at > 0);
    enable("skip", ["idle", "heard"].includes(mode) && items.length > 1);
  };
  const show = (item, focus = buttons.record) => {
    hush?.();
    here = item;
    const { row } = item;
    for (const one of items) {
      one.row.classList.toggle("here", one === item);
      const link = one.row.querySelector("a");
      if (one === item) link.setAttribute("aria-current", "step"); else link.removeAttribute("aria-current");
    }
    get("number", stage).textContent = row.dataset.number;
    get("prompt", stage).textContent = item.prompt;
    get("said", stage).textContent = get("text", row).textContent;
    get("prompter", stage).classList.toggle("long", get("said", stage).textContent.length > 140);
    get("follows", stage).hidden = !row.dataset.follows;
    get("value", stage).textContent = row.dataset.follows;
    if (get("english", stage)) get("english", stage).textContent = get("meaning", row).textContent;
    get("seconds", stage).textContent = say("seconds", { seconds: row.dataset.seconds });
    get("cell", stage).href = row.dataset.about;
    get("where", stage).replaceChildren(...(row.dataset.steps ? row.dataset.steps.split(" ") : []).flatMap((step) => [
      Object.assign(document.createElement("a"), { href: `/prompts/preview/${studio.dataset.language}/${step}#p-${item.prompt}`, target: "_blank", rel: "noopener", textContent: step }), " ",
    ]));
    get("finished").hidden = true;
    history.replaceState(null, "", row.querySelector("a").href);
    list.scrollTop = row.offsetTop - list.clientHeight / 2; // the page stays where it is
    become(item.take ? "heard" : "idle");
    if (item.take) lasts(item.take.seconds); else get("elapsed").textContent = ""; // not what the one before lasted
    tell(item.take ? words.unkept : item.letter ? words[NAMES[item.letter.state]] : words.ready);
    results();
    progress();
    focus?.focus({ preventScroll: true });
    inSight();
  };
  // On a telephone: the text first.
  const inSight = () => { if (stage.getBoundingClientRect().top < 0) stage.scrollIntoView({ block: "start" }); };
  // The next that is to be done, from here on and then from the beginning; those that were refused too.
  const next = () => {
    const at = items.indexOf(here);
    const open = [...items.slice(at + 1), ...items.slice(0, at)].find((one) => !done(one));
    if (open) return show(open);
    show(here, null);
    get("finished-text").textContent = words[items.some((one) => one.letter?.state === "refused") ? "over_again" : "over"];
    get("finished").hidden = false;
    get("finished").focus();
  };

  // --- deeds
  const devices = async () => {
    const found = await Microphone.devices().catch(() => []);
    const choice = get("device");
    const chosen = remembered("record-device");
    get("devices").hidden = found.length < 2;
    choice.replaceChildren(...found.map((one, n) => new Option(one.label || say("microphone", { number: n + 1 }), one.deviceId, false, one.deviceId === chosen)));
  };
  const open = async () => {
    if (microphone.open) return true;
    become("opening");
    tell(words.opening);
    try {
      await microphone.start(remembered("record-device"));
    } catch (error) {
      become(here.take ? "heard" : "idle");
      tell("");
      trouble(error.word ?? "unable");
      return false;
    }
    trouble("");
    get("loud").hidden = false;
    devices();
    return true;
  };
  const record = async () => {
    hush?.();
    if (!(await open())) return;
    inSight();
    become("counting");
    tell(words.counting);
    let left = counts.checked ? 3 : 0;
    const count = () => {
      if (mode !== "counting") return;
      if (left === 0) return listen();
      get("count").textContent = left--;
      timer = setTimeout(count, COUNT);
    };
    count();
  };
  const listen = async () => {
    become("opening");
    try {
      await microphone.record();
    } catch (error) {
      become("idle");
      return trouble(error.word ?? "unable");
    }
    here.take = null;
    mark(here);
    become("recording");
    lasts(0); // not what the last one lasted, until the microphone is looked at again
    tell(words.speak);
    timer = setTimeout(() => stop(words.long), LONGEST);
  };
  const stop = async (why = "") => {
    clearTimeout(timer);
    become("opening");
    const take = await microphone.stop();
    here.take = take;
    mark(here);
    become("heard");
    const silent = take.loudest < SILENCE;
    tell([why, silent ? words.silent : say("heard", { seconds: seconds(take.seconds) })].filter(Boolean).join(" "));
    (silent ? buttons.record : buttons.keep).focus({ preventScroll: true });
  };
  const deeds = {
    record: () => {
      if (mode === "recording") return stop();
      if (mode === "counting") { clearTimeout(timer); become(here.take ? "heard" : "idle"); return tell(words.ready); }
      return record();
    },
    listen: async () => {
      if (hush) return hush();
      const over = () => { hush = null; name(buttons.listen, "listen"); };
      name(buttons.listen, "quiet");
      hush = over; // until it plays
      const quiet = await microphone.play(here.take.blob, over);
      if (hush !== over) return quiet();
      hush = () => { quiet(); over(); };
    },
    keep: () => {
      hush?.();
      outbox.add({ prompt: here.prompt, blob: here.take.blob, hash: here.row.dataset.hash, speaker: speaker.value.trim() });
      here.take = null;
      next();
    },
    back: () => show(items[items.indexOf(here) - 1]),
    skip: () => show(items[(items.indexOf(here) + 1) % items.length]),
  };
  for (const [which, deed] of Object.entries(deeds)) {
    buttons[which].addEventListener("click", () => { if (buttons[which].getAttribute("aria-disabled") !== "true") deed(); });
  }
  for (const item of items) {
    item.row.querySelector("a").addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      if (["idle", "heard"].includes(mode)) show(item);
    });
  }
  get("device").addEventListener("change", async () => {
    remember("record-device", get("device").value);
    microphone.close();
    await open();
    become(here.take ? "heard" : "idle");
  });
  speaker.addEventListener("change", progress);
  navigator.mediaDevices?.addEventListener?.("devicechange", devices);
  window.addEventListener("beforeunload", (event) => {
    if (outbox.unsent || mode === "recording" || items.some((one) => one.take)) event.preventDefault();
  });
  window.addEventListener("pagehide", () => microphone.close());

  get("buttons").hidden = false;
  get("with").hidden = false;
  const lacks = missing();
  show(here, null);
  if (lacks) trouble(lacks);
}
