// What sounds: utterances one after the other, beeps, the bell. Knows no call; asks nothing of the carrier.

let context = null;

// A browser lets a page sound only once somebody has touched it.
function audio() {
  if (!context && navigator.userActivation && navigator.userActivation.hasBeenActive) context = new AudioContext();
  return context;
}

function tone(frequency, from, seconds, loud = 0.08) {
  const place = audio();
  if (!place) return;
  const source = place.createOscillator();
  const volume = place.createGain();
  source.frequency.value = frequency;
  volume.gain.value = loud;
  source.connect(volume).connect(place.destination);
  source.start(place.currentTime + from);
  source.stop(place.currentTime + from + seconds);
}

export const beep = () => tone(1000, 0, 0.4);
export const click = () => tone(770, 0, 0.07, 0.05);
export const bell = () => [0, 0.5].forEach((from) => { tone(440, from, 0.35); tone(480, from, 0.35); });

// Plays utterances in their order. With `loud` false, nothing sounds, and the time passes all the same.
export class Player {
  constructor(changed) {
    this.changed = changed;   // called when another utterance begins, and when the last one is over
    this.loud = true;
    this.queue = [];
    this.now = null;
    this.timer = 0;
    this.began = 0;
    this.sound = new Audio();
    this.sound.addEventListener("ended", () => this.next());
    this.sound.addEventListener("error", () => this.wait());
  }

  get idle() { return this.now === null; }

  add(utterances) {
    this.queue.push(...utterances);
    if (this.idle && this.queue.length) this.next();
  }

  // How far we are, in the call's own seconds: the carrier reckons with lengths of its own.
  get position() {
    if (this.idle) return null;
    const whole = this.now.seconds;
    const real = this.sound.src && isFinite(this.sound.duration) && !this.sound.paused ? this.sound.duration : whole;
    return this.now.at + Math.min(whole, ((performance.now() - this.began) / 1000) * (real ? whole / real : 1));
  }

  stop() {
    this.queue = [];
    this.rest();
    this.now = null;
    this.changed(null);
  }

  rest() {
    clearTimeout(this.timer);
    this.sound.pause();
  }

  next() {
    this.rest();
    this.now = this.queue.shift() || null;
    this.began = performance.now();
    this.changed(this.now);
    if (!this.now) return;
    if (this.loud && this.now.text === "beep" && this.now.kind === "tone") beep();
    if (this.loud && this.now.url && (this.now.kind === "play" || this.now.kind === "say")) {
      this.sound.src = this.now.url;
      this.sound.play().catch((fault) => { if (fault.name !== "AbortError") this.wait(); });
    } else this.wait();
  }

  // On or off; what is being said goes on in silence, or with the next utterance.
  turn(loud) {
    this.loud = loud;
    if (loud || this.idle) return;
    this.sound.pause();
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    if (this.now) this.timer = setTimeout(() => this.next(), this.now.seconds * 1000);
  }
}
