"""Prompts in every state, for looking at their pages."""

from helpline import db
from helpline.people.roles import Role
from helpline.voice import sets, verdicts
from helpline.voice.catalogue import repository, text_hash
from tests.integration import people_rows, prompt_rows
from tests.unit.voice import sounds

WAVE = [5 + (n * 37) % 90 for n in range(200)]


def furnish_prompts():
    """A published set, a draft with a text and recordings, one of them rejected, speech, a text that another one overtook."""
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
    prompt_rows.publish(by)
    prompt_rows.write(by, "Thank you. Goodbye.", "goodbye", "en", catalogue=repository())
    prompt_rows.put(_spoken("it", "free_call", by, 500), by, "free_call", "it")
    refused = _spoken("en", "welcome", by, 600)
    prompt_rows.put(refused, by, "welcome", "en")
    prompt_rows.put(_spoken("ar", "welcome", by, 700), by, "welcome", "ar")
    prompt_rows.clip("danger", "fr", text=repository().text("fr", "danger"), source="speech", engine="espeak")
    with db.transaction() as session:
        verdicts.reject(session, refused, by_id=other, why="One hears a dog.")


def _spoken(language, prompt, by, hertz):
    with db.transaction() as session:
        return sets.keep_clip(
            session, sounds.clip(1.2, hertz=hertz, prompt=prompt), language=language, prompt=prompt,
            text_hash=text_hash(repository().text(language, prompt)), source="published", engine="recording",
            made_by_id=by, speaker="Rosa", way="browser", measured={"waveform": WAVE},
        )  # fmt: skip
