"""An export in a browser: asked for in the log, watched until it is ready without a key pressed, and saved as plain text."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from helpline import db
from helpline.figures.exporting import making
from helpline.figures.exporting.models import Export
from helpline.people.roles import Role
from tests.integration.test_exports import calls


@pytest.fixture
def cookies(console):
    return console.signed_in("paolo", name="Paolo", roles=(Role.COORDINATOR,), locale="it")


def test_a_file_is_asked_for_watched_and_saved_as_plain_text(visit, cookies):
    calls(7)
    watched = visit(cookies)
    watched.visit("/calls?language=bn")
    page = watched.page
    page.click("button[commandfor='as-file']")
    page.click("#as-file button[value='csv']")
    page.locator("#exports .tag").wait_for()
    with db.transaction() as session:
        export_id = session.scalar(select(func.max(Export.id)))
    making.make(export_id)
    page.locator(f"a[href='/exports/{export_id}/file']").wait_for()
    with page.expect_download() as saved:
        page.click(f"a[href='/exports/{export_id}/file']")
    text = Path(saved.value.path()).read_text("utf-8-sig")
    assert saved.value.suggested_filename.endswith(".csv") and len(text.splitlines()) == 8
    assert text.startswith("Numero della chiamata;Inizio (Roma);") and watched.judge() == []
