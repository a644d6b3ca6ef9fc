"""The information sheet's page, printed: one sheet of A4 in each of nine languages, all of it and nothing else."""

import re

from helpline import db, line
from helpline.languages import CODES
from helpline.line.models import WeeklyHours
from tests.integration import routing_rows

SCREEN_ALONE = ".bar, .foot, .paper .deeds"
CUT = """() => [...document.querySelectorAll('main *')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && (box.left < -1 || box.right > document.documentElement.clientWidth + 1);
}).map(e => e.textContent.trim().slice(0, 40))"""
ALONE = """() => [...document.querySelectorAll('.two section')].filter(e => e.getClientRects().length > 1
  || e.querySelector('h2').getBoundingClientRect().left !== e.querySelector('p:last-child').getBoundingClientRect().left
     && document.documentElement.dir !== 'rtl'
).map(e => e.textContent.trim().slice(0, 40))"""


def test_each_language_prints_on_one_page_with_nothing_cut_and_nothing_of_the_screen(visit, at):
    at("2026-11-24 10:00")
    with db.transaction() as session:  # everything that a sheet may say
        routing_rows.entity(session, "ente")
        for day, closes in enumerate((18, 18, 13, 18, 16)):
            session.add(WeeklyHours(kind="opening", weekday=day, language=None, opens=9, closes=closes))
    line.forget()
    watched = visit()
    page = watched.page
    for tongue in CODES:
        page.goto(f"{watched.base}/sheet/{tongue}")
        page.emulate_media(media="print")
        printed = page.pdf(prefer_css_page_size=True, print_background=False)
        page.set_viewport_size({"width": 696, "height": 1024})  # A4 without the margins, at 96 points an inch
        sizes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", printed)
        assert [(round(float(wide)), round(float(high))) for wide, high in sizes] == [(595, 842)], tongue
        assert page.evaluate(CUT) == [], tongue
        assert page.evaluate(ALONE) == [], tongue
        for each in page.locator(SCREEN_ALONE).all():
            assert not each.is_visible(), tongue
