"""What this process plays: the last manifests it knew, in memory, with every clip they name in a folder of its own, so
that a caller never waits for the database and hears recordings when it is down. Decides nothing about choice."""

import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpline import db
from helpline.config import Settings
from helpline.voice import catalogue as texts
from helpline.voice import menus, remembered, sets, shipped, whole
from helpline.voice.catalogue import Catalogue
from helpline.voice.manifest import Clips, Manifest, Offer, choose, is_current, overlaid

log = logging.getLogger(__name__)

REFRESH_SECONDS = 5.0
_INDEX = "manifest.json"
HASH = re.compile(r"[0-9a-f]{64}")
_LONGEST_WAIT = 2.0
_FOR_ALL = 0o644

Transaction = Callable[[], AbstractContextManager[Session]]


class Library:
    """The manifests and the folder of clips of one process. Threads may share it.

    `catalogue` is the repository's; what is said in a call is in the manifest of its set.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        clips: Path,
        *,
        prompts: Path = texts.PROMPTS,
        every: float = REFRESH_SECONDS,
        transaction: Transaction = db.transaction,
    ) -> None:
        """Begin with what is on disk: the texts, the shipped recordings, and the last manifest this folder knew."""
        self.catalogue, self.clips = catalogue, clips
        self._every, self._transaction = every, transaction
        self._due = self._patient_until = 0.0
        self._refreshing = threading.Lock()
        self._version = remembered.NEVER
        clips.mkdir(parents=True, exist_ok=True)
        self._prompts = prompts
        self._asked_for: set[str] = set()
        self._extra: set[str] = set()
        self._seen: shipped.Stamp | None = None
        self._shipped: list[Offer] = []
        self._stored = self._remembered()
        self._manifests: dict[int, Manifest] = {}
        self._current = 0
        self._look_at_shipped()
        self._build()

    def manifest(self, set_id: int | None = None) -> Manifest:
        """The manifest of a set, or of the newest one when none is named or this one is forgotten; from memory.

        When it is due, a thread looks for something newer in the meantime; this never waits for it. It does wait for a
        set newer than any it knows, in which another process has begun the call that goes on here: what was heard in
        it, and agreed to, must not change in the middle.
        """
        if monotonic() >= self._due and self._refreshing.acquire(blocking=False):
            self._due = monotonic() + self._every
            threading.Thread(target=self._refresh_quietly, name="prompts", daemon=True).start()
        if set_id is not None and set_id > self._current and set_id not in self._manifests:
            self._catch_up(set_id)
        manifests = self._manifests
        found = manifests.get(set_id) if set_id is not None else None
        return found or manifests[self._current]

    @property
    def shipped(self) -> Sequence[Offer]:
        """The recordings that came with the code."""
        return tuple(self._shipped)

    def keep_fresh(self, until: threading.Event | None = None) -> threading.Thread:
        """Look for something newer every so often from now on (`until` this is set), whether somebody calls or not.

        Otherwise the first caller after a quiet hour would hear what was played before it, and only set off the look.
        """
        thread = threading.Thread(
            target=self._look_for_ever, args=(until or threading.Event(),), name="fresh prompts", daemon=True
        )
        thread.start()
        return thread

    def _look_for_ever(self, until: threading.Event) -> None:
        while not until.wait(max(0.0, min(self._due - monotonic(), self._every))):
            if monotonic() >= self._due and self._refreshing.acquire(timeout=self._every):
                self._due = monotonic() + self._every
                try:
                    self._refresh_quietly()
                except Exception as error:  # whatever it was: the next look may go well
                    log.warning("prompts not refreshed: %s", type(error).__name__)

    def refresh(self) -> None:
        """Look for something newer now, and wait for it. Raises what the database raises."""
        with self._refreshing:
            self._due = monotonic() + self._every
            self._refresh()

    def wav(self, digest: str) -> bytes | None:
        """The clip of this hash: from the folder, else from the database (which may raise), else None."""
        if not HASH.fullmatch(digest):
            return None
        held = self._read(digest)
        if held is not None:
            return held
        with self._transaction() as session:
            for _, content in sets.fetch(session, [digest]):
                with suppress(OSError):  # a full disk is no reason not to play it
                    self._hold(digest, content)
                return content
        return None

    def _catch_up(self, set_id: int) -> None:
        """Look for a set that somebody else has published a moment ago; not again for a while when it is not there."""
        if monotonic() < self._patient_until or not self._refreshing.acquire(timeout=_LONGEST_WAIT):
            return
        if set_id in self._manifests:  # found while we waited
            self._refreshing.release()
            return
        self._refresh_quietly()
        if set_id not in self._manifests:
            self._patient_until = monotonic() + self._every

    def ready(self, digest: str) -> bool:
        """Whether this clip, which no set names (a notice's), can be served without the database; never waits.

        If not, it is fetched at the next look for something newer, which is due at once.
        """
        if digest in self._extra or (self.clips / f"{digest}.wav").exists():
            self._extra.add(digest)
            return True
        self._asked_for.add(digest)
        self._due = 0.0
        return False

    def _refresh_quietly(self) -> None:
        try:
            self._refresh()
        except (SQLAlchemyError, OSError, RuntimeError) as error:
            log.warning(
                "prompts not refreshed: %s; the last known ones are played",
                type(error).__name__,
            )
        finally:
            self._refreshing.release()

    def _refresh(self) -> None:
        if self._look_at_shipped():  # before the database is asked: it may be down
            self._build()
        for digest in list(self._asked_for):
            self.wav(digest)
            self._asked_for.discard(digest)
        with self._transaction() as session:
            if sets.version(session) == self._version:
                return
            stored = sets.read(session)
            for digest, content in sets.fetch(session, self._wanted(stored) - self._held()):
                self._hold(digest, content)
        self._stored = stored
        self._build()
        self._version = stored.version
        self._remember(stored)

    def _wanted(self, stored: sets.Stored) -> set[str]:
        """The clips that some set plays."""
        found: set[str] = set()
        hashes: dict[str, str] = {}
        for number, texts_of_set in self._catalogues(stored).items():
            offers = (*stored.speech, *stored.published.get(number, ()))
            found |= {offer.clip for offer in offers if is_current(texts_of_set, offer, hashes)}
        return found

    def _catalogues(self, stored: sets.Stored) -> dict[int, Catalogue]:
        """What each set says, set 0 too: the repository's texts, with the set's own on top."""
        return {0: self.catalogue} | {
            number: overlaid(self.catalogue, stored.texts.get(number, ()), menus.said())
            for number in stored.published
        }

    def _look_at_shipped(self) -> bool:
        """Read the recordings of the repository if there are others than before; one that is gone is named no more."""
        seen = shipped.stamp(self._prompts, self.catalogue.languages)
        if seen == self._seen:
            return False
        recordings, faults = shipped.read(self._prompts, self.catalogue.languages)
        for fault in faults:
            log.warning("not played: %s", fault)
        for recording in recordings:
            self._hold(recording.offer.clip, recording.content)
        self._shipped = [recording.offer for recording in recordings]
        self._seen = seen
        return True

    def _build(self) -> None:
        held, stored = self._held(), self._stored
        built: dict[int, Manifest] = {}
        hashes: dict[str, str] = {}
        for number, texts_of_set in self._catalogues(stored).items():
            chosen = choose(
                texts_of_set,
                number,
                published=stored.published.get(number, ()),
                shipped=self._shipped,
                speech=stored.speech,
                held=held,
                hashes=hashes,
            )
            built[number] = _sharing(chosen, built.values())
        # Callers read without a lock: the new ones are there before the newest is named, and old ones go after that.
        self._manifests.update(built)
        self._current = stored.current if stored.current in built else 0
        self._manifests = built

    def _held(self) -> set[str]:
        """The hashes in the folder."""
        return {path.stem for path in self.clips.glob("*.wav")}

    def _hold(self, digest: str, content: bytes) -> None:
        path = self.clips / f"{digest}.wav"
        if not path.exists():
            whole.write(path, content, mode=_FOR_ALL)

    def _read(self, digest: str) -> bytes | None:
        path = self.clips / f"{digest}.wav"
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(content).hexdigest() != digest:  # the carrier would keep the broken one for ever
            log.warning("a clip in the folder is damaged; it is taken out")
            path.unlink(missing_ok=True)
            return None
        return content

    def _remember(self, stored: sets.Stored) -> None:
        whole.write(self.clips / _INDEX, remembered.dumped(stored), mode=_FOR_ALL)

    def _remembered(self) -> sets.Stored:
        try:
            return remembered.loaded((self.clips / _INDEX).read_bytes())
        except FileNotFoundError:
            pass
        except ValueError:
            log.warning("the list of clips in the folder cannot be read; it is made again from the database")
        return sets.Stored(version=remembered.NEVER, current=0, published={}, speech=())


def open_library(settings: Settings, catalogue: Catalogue | None = None) -> Library:
    """The library of this process, over `HELPLINE_DATA_DIR/clips`. Raises `Faults` when the texts are at fault."""
    return Library(catalogue or texts.repository(), settings.data_dir / "clips")


def _sharing(chosen: Manifest, others: Iterable[Manifest]) -> Manifest:
    """The manifest, with every language that is the same in another one as that one has it: a process has little room."""
    texts_of, clips = dict(chosen.catalogue.texts), dict(chosen.clips.languages)
    for other in others:
        _share(texts_of, other.catalogue.texts)
        _share(clips, other.clips.languages)
    return Manifest(chosen.set_id, Catalogue(texts_of), Clips(clips))


def _share(languages: dict[str, Mapping[str, str]], known: Mapping[str, Mapping[str, str]]) -> None:
    languages.update({code: known[code] for code, own in languages.items() if known.get(code) == own})
