// Records what is said, and gives it as telephones have it: a WAV of 8000 samples a second, one channel, 16 bits.

const RATE = 8000;
const SLICE = 100; // milliseconds

export class Microphone {
  constructor() { this.recorder = null; }

  get on() { return this.recorder !== null; }

  // Throws when there is no microphone, or none for us.
  async start() {
    if (!navigator.mediaDevices) throw new Error("no microphone");
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true } });
    this.parts = [];
    this.recorder = new MediaRecorder(stream);
    this.since = null;
    this.recorder.addEventListener("dataavailable", (event) => {
      this.parts.push(event.data);
      if (this.since === null && event.data.size > 0) this.since = performance.now();
    });
    this.recorder.start(SLICE);
  }

  // Seconds that have really been heard: a busy machine listens later than it is asked to.
  get seconds() { return this.since === null ? 0 : Math.floor((performance.now() - this.since) / 1000); }

  async stop() {
    const recorder = this.recorder;
    this.recorder = null;
    const stopped = new Promise((done) => recorder.addEventListener("stop", done, { once: true }));
    recorder.stop();
    await stopped;
    for (const track of recorder.stream.getTracks()) track.stop();
    return wav(await samples(new Blob(this.parts)));
  }
}

async function samples(blob) {
  const decoder = new OfflineAudioContext(1, 1, RATE);
  const sound = await decoder.decodeAudioData(await blob.arrayBuffer());
  const room = new OfflineAudioContext(1, Math.max(1, Math.ceil(sound.duration * RATE)), RATE);
  const source = room.createBufferSource();
  source.buffer = sound;
  source.connect(room.destination);
  source.start();
  return (await room.startRendering()).getChannelData(0);
}

function wav(found) {
  const file = new DataView(new ArrayBuffer(44 + found.length * 2));
  const word = (place, text) => [...text].forEach((letter, n) => file.setUint8(place + n, letter.charCodeAt(0)));
  word(0, "RIFF");
  file.setUint32(4, 36 + found.length * 2, true);
  word(8, "WAVEfmt ");
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true);
  file.setUint16(22, 1, true);
  file.setUint32(24, RATE, true);
  file.setUint32(28, RATE * 2, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  word(36, "data");
  file.setUint32(40, found.length * 2, true);
  found.forEach((one, n) => file.setInt16(44 + n * 2, Math.max(-1, Math.min(1, one)) * 32767, true));
  return new Blob([file.buffer], { type: "audio/wav" });
}
