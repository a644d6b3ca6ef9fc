"""How fast the matrix of prompts answers: a thousand cells, then every cell of the nine languages, with twenty clips and some
texts, a published set and a draft; the read alone, and the page from the request to the last word of HTML."""

import statistics
import time
from collections.abc import Sequence
from unittest import mock
from urllib.parse import urlsplit

from sqlalchemy import insert, text

from helpline import clock, create_app, db
from helpline.config import Settings
from helpline.console import prompts as prompts_page
from helpline.console.prompts import steps
from helpline.people import sessions
from helpline.people.models import Person
from helpline.voice.catalogue import Catalogue, repository, text_hash
from helpline.voice.matrix import matrix
from helpline.voice.models import (
    PromptClip,
    PromptDraftEntry,
    PromptSet,
    PromptSetClip,
    PromptSetText,
    PromptText,
)

VERSIONS = 20
ROUNDS = 30
AIM = 150.0  # milliseconds, for 1,000 cells; there are more, and it is asked of those too
A_THOUSAND = 112  # prompts, in nine languages
PATHS = (
    "/prompts",
    "/prompts?section=opening",
    "/prompts?language=bn",
    "/prompts?state=stale",
    "/prompts/bn/welcome",
)
_CHUNK = 5_000


def fill(person: int, prompts: Sequence[str]) -> int:
    """Twenty clips for every cell of these prompts, of which the last is published (one in ten from an older text) or in the draft; how many cells."""
    with db.transaction() as session:
        session.execute(
            text(
                "TRUNCATE prompt_clips, prompt_texts, prompt_draft, prompt_sets, prompt_set_clips, prompt_set_texts CASCADE"
            )
        )
        session.execute(
            insert(PromptSet).values(id=1, published_by=f"person {person}", by_id=person, languages=[])
        )
    texts, clips, published, own, draft = [], [], [], [], []
    cells = [(language, prompt) for language in repository().languages for prompt in prompts]
    for place, (language, prompt) in enumerate(cells):
        said = repository().text(language, prompt)
        for version in range(VERSIONS):
            stale = place % 10 == 0 or version < VERSIONS - 1
            clips.append({
                "hash": f"{place:032x}{version:032x}", "wav": b"\\0" * 2000, "language": language, "prompt": prompt,
                "text_hash": "0" * 12 if stale else text_hash(said), "source": "published", "engine": "recording",
                "seconds": 3.2, "made_at": clock.now(), "way": "browser", "speaker": "Somebody", "made_by_id": person,
                "measured": {"before": {"waveform": [50] * 400}, "after": {"waveform": [50] * 400}},
            })  # fmt: skip
        last = clips[-1]["hash"]
        if place % 7 == 0:
            draft.append({"language": language, "prompt": prompt, "clip_hash": last, "revision": 1,
                          "changed_by_id": person, "changed_at": clock.now()})  # fmt: skip
        else:
            published.append({"set_id": 1, "language": language, "prompt": prompt, "clip_hash": last,
                              "text_hash": clips[-1]["text_hash"]})  # fmt: skip
        if place % 3 == 0:
            texts.append({"id": place + 1, "language": language, "prompt": prompt, "text": said + " ",
                          "text_hash": text_hash(said + " "), "origin": "console", "by_id": person})  # fmt: skip
            own.append({"set_id": 1, "language": language, "prompt": prompt, "text_id": place + 1})
    with db.transaction() as session:
        for start in range(0, len(clips), _CHUNK):
            session.execute(insert(PromptClip), clips[start : start + _CHUNK])
        for table, rows in ((PromptText, texts), (PromptSetClip, published), (PromptSetText, own), (PromptDraftEntry, draft)):  # fmt: skip
            session.execute(insert(table), rows)
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE prompt_clips, prompt_texts, prompt_draft, prompt_set_clips"))
    return len(cells)


def main(settings: Settings) -> None:
    """Measure on the database that this process is connected to (its prompts are thrown away), and print it."""
    with db.transaction() as session:
        person = Person(login="bench-prompts", name="Bench", roles=["editor"])
        session.add(person)
        session.flush()
        token = sessions.begin(session, person.id)
        number = person.id
    app = create_app(settings)
    client, jar = app.test_client(), app.extensions["console_jar"]
    client.set_cookie(
        jar.name("session"), token, domain=urlsplit(settings.public_url).hostname or "", secure=jar.secure
    )

    with app.app_context():
        heard = steps()

    def page(path: str) -> None:
        answer = client.get(path, base_url=settings.public_url)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")

    everything = repository()
    some = Catalogue(
        {
            code: {name: own[name] for name in everything.names[:A_THOUSAND]}
            for code, own in everything.texts.items()
        }
    )
    for texts in (some, everything):
        print(f"{fill(number, texts.names)} cells, {VERSIONS} clips of each:")

        def read_only(texts: Catalogue = texts) -> None:
            with db.transaction(durable=False) as session:
                matrix(session, texts, heard)

        with mock.patch.object(prompts_page, "repository", lambda texts=texts: texts):
            _measure("the matrix read, without its page", read_only)
            for path in PATHS if texts is everything else PATHS[:1]:
                _measure(f"GET {path}", lambda path=path: page(path))


def _measure(name: str, act) -> None:
    act()
    times, processor = [], []
    for _ in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        act()
        times.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - worked) * 1000)
    late = sorted(times)[int(len(times) * 0.95) - 1]
    verdict = "" if late < AIM else "   MISSED"
    print(
        f"   {name:<44} median {statistics.median(times):6.1f} ms   95th {late:6.1f} ms"
        f"   of our processor {statistics.median(processor):6.1f} ms   (aim: under {AIM:.0f}){verdict}"
    )
