// The microphone: open it, say how loud it is, record. Every way in which it cannot be used has a word; knows no page.

const FORMS = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/ogg;codecs=opus"];
const LOOK_EVERY = 50; // milliseconds
const BITS = 96000;
const SILENT = -100;
// As it is heard: what makes talks on a line sound better makes a recording sound worse.
const PLAIN = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const WHY = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "none", OverconstrainedError: "none", NotReadableError: "busy", AbortError: "busy" };

export class Trouble extends Error {
  constructor(word) {
    super(word);
    this.word = word;
  }
}

// What is missing before anybody is asked for the microphone; nothing where all is there.
export const missing = () => {
  if (!window.isSecureContext) return "insecure";
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder || !window.AudioContext) return "unable";
  return "";
};
const form = () => FORMS.find((one) => MediaRecorder.isTypeSupported(one));
const decibels = (value) => (value > 0 ? 20 * Math.log10(value) : SILENT);

export class Microphone {
  // `level`: told of the loudest moment, in decibels below full scale; `gone`, `muted`: told when it is taken away.
  constructor({ level, gone, muted }) {
    Object.assign(this, { level, gone, muted, stream: null, recorder: null, loudest: SILENT });
  }

  get open() { return this.stream !== null; }

  // How long it has been recording.
  get seconds() { return (performance.now() - this.began) / 1000; }

  get sounds() { return (this.context ??= new AudioContext()); }

  async start(device) {
    const lacks = missing();
    if (lacks) throw new Trouble(lacks);
    this.close();
    try {
      const wanted = device ? { ...PLAIN, deviceId: { exact: device } } : PLAIN;
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
    } catch (error) {
      if (device && error.name === "OverconstrainedError") return this.start(""); // it is not there any more
      throw new Trouble(WHY[error.name] ?? "unable");
    }
    const [track] = this.stream.getAudioTracks();
    track.addEventListener("ended", () => { this.close(); this.gone(); });
    track.addEventListener("mute", () => this.muted(true));
    track.addEventListener("unmute", () => this.muted(false));
    await this.sounds.resume();
    this.source = this.sounds.createMediaStreamSource(this.stream);
    const ear = this.sounds.createAnalyser();
    ear.fftSize = 4096; // longer than one looks apart: nothing is missed
    this.source.connect(ear);
    const heard = new Float32Array(ear.fftSize);
    this.timer = setInterval(() => {
      ear.getFloatTimeDomainData(heard);
      const now = decibels(heard.reduce((most, one) => Math.max(most, Math.abs(one)), 0));
      this.loudest = Math.max(this.loudest, now);
      this.level(now);
    }, LOOK_EVERY);
  }

  close() {
    clearInterval(this.timer);
    this.source?.disconnect();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.source = null;
    if (this.recorder?.state === "recording") this.recorder.stop();
    this.recorder = null;
  }

  // Resolves once it really listens: what is said before is not in it.
  async record() {
    const kind = form();
    const parts = [];
    const recorder = new MediaRecorder(this.stream, { ...(kind && { mimeType: kind }), audioBitsPerSecond: BITS });
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    const begun = new Promise((done, failed) => {
      recorder.addEventListener("start", done, { once: true });
      recorder.addEventListener("error", () => failed(new Trouble("busy")), { once: true });
    });
    recorder.start();
    await begun;
    this.recorder = recorder;
    this.parts = parts;
    this.began = performance.now();
    this.loudest = SILENT;
  }

  async stop() {
    const { recorder, parts, loudest, seconds } = this;
    this.recorder = null;
    const stopped = new Promise((done) => recorder.addEventListener("stop", done, { once: true }));
    recorder.stop();
    await stopped;
    return { blob: new Blob(parts, { type: recorder.mimeType }), seconds, loudest };
  }

  // Plays what was recorded; `over` is told when it ends by itself. Gives what stops it.
  async play(blob, over) {
    const sound = await this.sounds.decodeAudioData(await blob.arrayBuffer());
    await this.sounds.resume();
    const source = this.sounds.createBufferSource();
    source.buffer = sound;
    source.connect(this.sounds.destination);
    source.addEventListener("ended", over);
    source.start();
    return () => { source.removeEventListener("ended", over); source.stop(); };
  }

  static async devices() {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.filter((one) => one.kind === "audioinput" && one.deviceId);
  }
}
