"""What a recording costs: 15 seconds as a browser sends them (WebM/Opus) and as a studio does (WAV, 24 bit, 48 kHz) made into a
clip; and a clip served, held in the folder of the process. Run by `make bench`, or `python -m bench.recordings`."""

import io
import math
import statistics
import tempfile
import time
from array import array
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from flask import Flask
from sqlalchemy.exc import OperationalError

from helpline.voice import audio, tone, wav
from helpline.voice.catalogue import repository
from helpline.voice.library import Library
from helpline.voice.serving import audio_blueprint

SECONDS, RATE = 15, 48_000
CONVERTED, SERVED = 1.0, 2.0  # second, milliseconds: what is aimed at
FORMS = (("webm", "libopus", "as a browser sends it"), ("wav", "pcm_s24le", "as a studio does"))


def syllables() -> array:
    """Fifteen seconds with the rhythm of speech."""
    found = array("h")
    for n in range(SECONDS * RATE):
        place = n / RATE
        swell = max(0.0, math.sin(2 * math.pi * 2.5 * place)) if place % 1.5 < 1.2 else 0.0
        wave = sum(math.sin(2 * math.pi * 150 * over * place) / over for over in (1, 2, 3, 5, 8))
        found.append(round(9000 * swell * wave))
    return found


def encoded(samples: array, form: str, codec: str) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format=form) as container:
        stream = container.add_stream(codec, rate=RATE, layout="mono")
        frame = AudioFrame(format="s16", layout="mono", samples=len(samples))
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), 0
        frame.planes[0].update(samples.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        ours = av.AudioResampler(
            format=stream.format, layout="mono", rate=RATE, frame_size=stream.frame_size or None
        )
        for part in [*ours.resample(frame), *ours.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return target.getvalue()


def converting() -> None:
    samples = syllables()
    for form, codec, words in FORMS:
        raw = encoded(samples, form, codec)
        walls, works = [], []
        for _ in range(5):
            wall, work = time.perf_counter(), time.process_time()
            made = audio.make(raw, prompt="welcome", language="it", text="…", engine="recording")
            walls.append(time.perf_counter() - wall)
            works.append(time.process_time() - work)
        print(
            f"15 s of sound {words} ({len(raw) / 1000:.0f} kB) made a clip at {made.after.loudness:.1f} LUFS: "
            f"median {statistics.median(walls):.2f} s, of which ours {statistics.median(works):.2f} s "
            f"(aim: under {CONVERTED:.0f})"
        )


@contextmanager
def no_database():
    raise OperationalError("select", {}, Exception("a cached clip must not ask the database"))
    yield


def serving(times: int = 2000) -> None:
    content = wav.write(array("h", tone.WAV[44 : 44 + 2 * wav.RATE * 8]), {"INAM": "welcome"})
    with tempfile.TemporaryDirectory() as folder:
        library = Library(repository(), Path(folder), every=1e9, transaction=no_database)
        digest = audio_hash(content)
        (Path(folder) / f"{digest}.wav").write_bytes(content)
        app = Flask("bench", static_folder=None)
        app.register_blueprint(audio_blueprint(library))
        client = app.test_client()
        took = []
        for _ in range(times):
            began = time.perf_counter()
            answer = client.get(f"/audio/{digest}.wav")
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200 and len(answer.data) == len(content)
    took.sort()
    print(
        f"a clip of {len(content) / 1000:.0f} kB served without the database: median {took[times // 2]:.2f} ms, "
        f"99th {took[times * 99 // 100]:.2f} ms (aim: under {SERVED:.0f})"
    )


def audio_hash(content: bytes) -> str:
    from hashlib import sha256

    return sha256(content).hexdigest()


def main() -> None:
    converting()
    serving()


if __name__ == "__main__":
    main()
