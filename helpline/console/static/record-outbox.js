// Recordings on their way: each stays here until the server has it, and is tried again by itself; then its verdict is
// asked for. Knows nothing of microphones and nothing of the page but its address.

const PATIENCE = 60000;
const AGAIN = [1000, 2000, 5000, 10000, 20000, 30000]; // milliseconds between tries
const LOOK = 700;
const LOOK_LATER = 5000;
const LONG = 30000;
const FINAL = new Set([403, 404, 413, 422]); // trying again would change nothing

export class Outbox {
  // `send`: where recordings go, before `/<prompt>`; `look`: where verdicts are; `token`: what makes a request ours.
  // `changed(letter)` is told of every step, `signedOut(is)` when nobody is signed in any more.
  constructor({ send, look, token, changed, signedOut }) {
    Object.assign(this, { send, look, token, changed, signedOut, letters: [], tries: 0, busy: false });
    window.addEventListener("online", () => this.go());
  }

  get unsent() { return this.letters.filter((one) => one.state === "waiting" || one.state === "sending").length; }

  // A recording that was not sent yet gives way to a later one of the same prompt.
  add(letter) {
    this.letters = this.letters.filter((one) => one.prompt !== letter.prompt || one.state === "sending");
    this.letters.push(letter);
    this.now(letter, "waiting");
    this.go();
  }

  now(letter, state, told = {}) {
    Object.assign(letter, told, { state });
    this.changed(letter);
  }

  async go() {
    clearTimeout(this.timer);
    if (this.busy) return;
    this.busy = true;
    let letter;
    while ((letter = this.letters.find((one) => one.state === "waiting"))) {
      this.now(letter, "sending");
      if (await this.sent(letter)) { this.tries = 0; continue; }
      this.now(letter, "waiting");
      this.timer = setTimeout(() => this.go(), AGAIN[Math.min(this.tries++, AGAIN.length - 1)]);
      break;
    }
    this.busy = false;
    this.follow();
  }

  // Whether it has arrived, or never will; then its letter says so.
  async sent(letter) {
    const body = new FormData();
    body.append("recording", letter.blob, letter.prompt);
    body.append("hash", letter.hash);
    body.append("speaker", letter.speaker);
    let answer;
    try {
      answer = await fetch(`${this.send}/${letter.prompt}`, { method: "POST", body, headers: { "X-CSRF-Token": this.token, "X-Stay": "1" }, signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok && !answer.headers.get("X-Go")) {
        const told = await answer.json();
        letter.blob = null;
        this.signedOut(false);
        this.now(letter, "judging", { id: told.id, warnings: told.warnings, since: performance.now() });
        return true;
      }
      if (FINAL.has(answer.status)) {
        const told = answer.status === 422 ? (await answer.json()).refusals : [await answer.text()];
        this.now(letter, "refused", { refusals: told, warnings: [] });
        return true;
      }
    } catch { return false; }
    if (answer.headers.get("X-Go") || answer.status === 400) await this.renew();
    return false;
  }

  // Somebody signed out, or in again: the page gives another token.
  async renew() {
    try {
      const answer = await fetch(location.href, { headers: { "X-Stay": "1", "X-Live": "1" }, signal: AbortSignal.timeout(PATIENCE) });
      const out = answer.headers.get("X-Go") !== null;
      this.signedOut(out);
      if (out || !answer.ok) return;
      const there = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.token = JSON.parse(there.body.getAttribute("hx-headers"))["X-CSRF-Token"];
    } catch { /* it is tried again with the recording */ }
  }

  follow() {
    if (this.following) return;
    const open = this.letters.filter((one) => one.state === "judging");
    if (!open.length) return;
    const waits = performance.now() - Math.min(...open.map((one) => one.since));
    this.following = setTimeout(async () => {
      await this.ask(open, waits > LONG);
      this.following = 0;
      this.follow();
    }, waits > LONG ? LOOK_LATER : LOOK);
  }

  async ask(open, long) {
    try {
      const asked = new URLSearchParams(open.map((one) => ["id", one.id]));
      const answer = await fetch(`${this.look}?${asked}`, { headers: { "X-Stay": "1", "X-Live": "1" }, signal: AbortSignal.timeout(PATIENCE) });
      if (!answer.ok || answer.headers.get("X-Go")) return;
      const told = await answer.json();
      for (const letter of open) {
        const found = told[letter.id];
        if (!found || found.state === "received") { if (long) this.now(letter, "judging", { slow: true }); continue; }
        const warnings = [...letter.warnings, ...found.warnings];
        this.now(letter, found.state, { ...found, warnings });
      }
    } catch { /* it is asked again */ }
  }
}
