"""Fetches every clip of a set from an address as the carrier does, and says what is wrong with any. Knows no database."""

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import requests

from helpline.voice import tone
from helpline.voice.golive import LOOK, NEVER, NOT_YET, Finding, Named
from helpline.voice.manifest import Manifest

AT_ONCE = 8
SECONDS = 10.0
LEAST_KEPT = 86_400
_TYPES = ("audio/wav", "audio/x-wav", "audio/wave")
_CARRIER = {"User-Agent": "TwilioProxy/1.1", "Accept": "*/*", "Accept-Encoding": "identity"}
_MOST = 2_000_000
_AT_A_TIME = 2**18


def fetched(manifest: Manifest, address: str, also: Iterable[Named] = ()) -> list[Finding]:
    """Fetch every clip of a set, the tone of the queue and what is played `also`, as the carrier does; what is wrong with any.

    No cookie, no signature, no redirect followed; a few at once. Each is fetched whole, and once more by its ETag.
    """
    named = {digest: key for key, digest in manifest.clips.items()}
    wanted = [(language, prompt, digest) for digest, (language, prompt) in named.items()]
    wanted += [("", "tone", tone.HASH), *also]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        each = pool.map(lambda one: list(_fetch(address.rstrip("/"), *one)), sorted(wanted))
        return [finding for findings in each for finding in findings]


def _fetch(address: str, language: str, prompt: str, digest: str) -> Iterator[Finding]:
    path = f"/audio/{digest}.wav"

    def finding(name: str, level: str = NEVER, **values: float | str) -> Finding:
        return Finding(name, level, language or "-", prompt, {"path": path, **values})

    try:
        answer = _ask(address + path)
        again = _ask(address + path, {"If-None-Match": answer.headers.get("ETag", '"none"')})
    except requests.RequestException as error:
        yield finding("not_fetched", why=type(error).__name__)
        return
    if answer.status_code != requests.codes.ok:
        yield finding("wrong_status", status=str(answer.status_code))
        return
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _TYPES:
        yield finding("wrong_type", type=kind or "-")
    told = answer.headers.get("Content-Length", "-")
    if told != str(len(answer.content)):
        yield finding("wrong_length", NOT_YET, length=str(len(answer.content)), told=told)
    if hashlib.sha256(answer.content).hexdigest() != digest:
        yield finding("wrong_content")
    if "Set-Cookie" in answer.headers:
        yield finding("cookie", NOT_YET)
    if not _is_kept(answer.headers.get("Cache-Control", "")):
        yield finding("not_cached", NOT_YET, told=answer.headers.get("Cache-Control", "-"))
    if again.status_code != requests.codes.not_modified or again.content:
        yield finding("no_304", LOOK, status=str(again.status_code))


def _ask(url: str, more: dict[str, str] | None = None) -> requests.Response:
    """One question, with nothing remembered from any other. Raises `requests.RequestException`, also for an answer that
    breaks off or is not in the form it says."""
    with requests.Session() as session:
        session.trust_env = False  # no proxy, no netrc of this machine
        with session.get(
            url, headers={**_CARRIER, **(more or {})}, timeout=SECONDS, allow_redirects=False, stream=True
        ) as answer:
            content = b""
            for piece in answer.iter_content(_AT_A_TIME):
                content += piece
                if len(content) >= _MOST:
                    break
            answer._content = content  # noqa: SLF001 - read up to a limit, which the library has no word for
            return answer


def _is_kept(cache_control: str) -> bool:
    """Whether the carrier would keep it for a day at least."""
    parts = dict(_pairs(cache_control.lower().split(",")))
    if {"no-store", "no-cache", "private"} & parts.keys():
        return False
    longest = parts.get("max-age", "0")
    return longest.isdecimal() and int(longest) >= LEAST_KEPT


def _pairs(parts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for part in parts:
        name, _, value = part.strip().partition("=")
        yield name, value
