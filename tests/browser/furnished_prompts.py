"""Prompts in every state, for looking at their pages."""

from datetime import timedelta

from helpline import clock, db
from helpline.people.roles import Role
from helpline.voice import drafts, releases, scheduling, sets, verdicts
from helpline.voice.catalogue import Catalogue, repository, text_hash
from tests.integration import people_rows, prompt_rows
from tests.unit.voice import sounds

WAVE = [5 + (n * 37) % 90 for n in range(200)]


def furnish_prompts():
    """A published set, a draft with a text and recordings, one of them rejected, speech, a text that another one overtook.

    The number of the set.
    """
    by = people_rows.make("rosa", name="Rosa", roles=(Role.EDITOR,), password=None).id
    other = people_rows.make("ugo", name="Ugo", roles=(Role.APPROVER,), password=None).id
    for number, (language, prompt) in enumerate(
        [
            ("en", "goodbye"),
            ("ar", "welcome"),
            ("bn", "welcome"),
            ("hi", "welcome"),
            ("it", "danger"),
            ("it", "welcome"),
        ]
    ):
        prompt_rows.put(_spoken(language, prompt, by, 300 + 40 * number), by, prompt, language)
    number = prompt_rows.publish(by, note="A new voice")
    prompt_rows.write(by, "Thank you. Goodbye.", "goodbye", "en", catalogue=repository())
    prompt_rows.put(_spoken("it", "free_call", by, 500), by, "free_call", "it")
    refused = _spoken("en", "welcome", by, 600)
    prompt_rows.put(refused, by, "welcome", "en")
    prompt_rows.put(_spoken("ar", "welcome", by, 700), by, "welcome", "ar")
    prompt_rows.clip("danger", "fr", text=repository().text("fr", "danger"), source="speech", engine="espeak")
    with db.transaction() as session:
        verdicts.reject(session, refused, by_id=other, why="One hears a dog.")
        approved = drafts.entry(session, "ar", "welcome").clip
        verdicts.approve(session, approved, by_id=other)
        drafts.bring_conflict(session, "en", "goodbye", "Thank you for calling. Goodbye.")
        tomorrow = clock.now() + timedelta(days=1)
        scheduling.schedule(session, tomorrow, by_id=by, note="For the new year", languages=["ar"])
        releases.note(session, Catalogue({**repository().texts, "hi": {"welcome": "नमस्ते।"}}))
        releases.note(session, repository())
    return number


def _spoken(language, prompt, by, hertz):
    with db.transaction() as session:
        return sets.keep_clip(
            session, sounds.clip(1.2, hertz=hertz, prompt=prompt), language=language, prompt=prompt,
            text_hash=text_hash(repository().text(language, prompt)), source="published", engine="recording",
            made_by_id=by, speaker="Rosa", way="browser", measured={"after": {"waveform": WAVE}, "warnings": [{"name": "rather_noisy", "decibels": 18.0}]},
        )  # fmt: skip
