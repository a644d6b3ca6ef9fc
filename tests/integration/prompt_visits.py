"""What tests of the prompts' pages share: the pages of one prompt as an editor uses them, and what the matrix says of a cell."""

import re

from helpline.voice.catalogue import repository
from tests.integration import prompt_rows

GOODBYE = "/prompts/en/goodbye"
NEW = "Thank you. Goodbye."


def text(prompt="goodbye", language="en"):
    return repository().text(language, prompt)


def kept(by=None, prompt="goodbye", language="en", **options):
    """A recording that is kept."""
    return prompt_rows.clip(prompt, language, **({"text": text(prompt, language), "by": by} | options))


def put(digest, by, prompt="goodbye", language="en"):
    """A recording in the draft."""
    return prompt_rows.put(digest, by, prompt, language)


def revision(page):
    return re.search(r'name="revision" value="(\d+)"', page.text)[1]


def deed(visitor, done, path=GOODBYE, **fields):
    """Press a button of the page as it is now."""
    given = {"revision": revision(visitor.get(path))} if "revision" not in fields else {}
    return visitor.post(f"{path}/{done}", given | fields)


def cell(page, language="en", prompt="goodbye"):
    """What the matrix says of a cell."""
    found = re.search(rf'<a class="([^"]*)" href="/prompts/{language}/{prompt}" title="([^"]*)"', page.text)
    return found[1], found[2]


def matrix(visitor, **asked):
    return visitor.get("/prompts", query_string=asked)


def stands(visitor, language="en", prompt="goodbye"):
    return cell(matrix(visitor, section="messages, errors, the end"), language, prompt)[1]
