"""What tests of the draft and of published sets share: two languages, people who change them, clips."""

from helpline import db
from helpline.people.roles import Role
from helpline.voice import drafts, publishing, sets
from helpline.voice.catalogue import Catalogue, text_hash
from tests.integration import people_rows
from tests.unit.voice import sounds

TEXTS = {"welcome": "Welcome.", "goodbye": "Goodbye.", "code_is": "Your code is: {code}."}
BANGLA = {"welcome": "স্বাগতম।", "goodbye": "বিদায়।", "code_is": "আপনার কোড: {code}।"}
CATALOGUE = Catalogue({"en": TEXTS, "bn": BANGLA})
NEW = "আপনাকে স্বাগতম।"


def editor(login="elena", *, roles=(Role.EDITOR,), **fields):
    """Somebody who may change what callers hear; the id."""
    return people_rows.make(login, roles=roles, password=None, **fields).id


def clip(
    prompt="welcome", language="bn", *, text=None, hertz=440, by=None, source="published", engine="recording"
):
    """Keep a fifth of a second that says this text; its hash."""
    read_from = text_hash(text or CATALOGUE.text(language, prompt))
    with db.transaction() as session:
        return sets.keep_clip(
            session, sounds.clip(0.2, hertz=hertz, prompt=prompt), language=language, prompt=prompt,
            text_hash=read_from, source=source, engine=engine, made_by_id=by,
        )  # fmt: skip


def write(by, text=NEW, prompt="welcome", language="bn", *, revision=None, catalogue=CATALOGUE):
    """Write a text into the draft."""
    with db.transaction() as session:
        return drafts.write_text(session, catalogue, language, prompt, text, by_id=by, revision=revision)


def put(digest, by, prompt="welcome", language="bn", *, revision=None):
    """Put a clip into the draft."""
    with db.transaction() as session:
        return drafts.put_clip(session, language, prompt, digest, by_id=by, revision=revision)


def publish(by, **options):
    """Publish the draft; the set's number."""
    with db.transaction() as session:
        return publishing.publish(session, by_id=by, **options)


def entry(prompt="welcome", language="bn"):
    """What the draft says of a prompt."""
    with db.transaction() as session:
        return drafts.entry(session, language, prompt)


def rows(set_id):
    """What a set holds."""
    with db.transaction() as session:
        return publishing.rows(session, set_id)
