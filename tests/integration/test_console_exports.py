"""Exports in the console: asked for from the log, watched, fetched in one piece, deleted; by who asked, and by nobody else."""

import csv
import gzip
import io
import re
import zipfile

import pytest
from rq import Queue
from sqlalchemy import select

from helpline import db
from helpline.figures.exporting import asking, making, reading
from helpline.figures.exporting.columns import What
from helpline.figures.exporting.models import Export
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from tests.integration import queue_rows
from tests.integration.console_visits import HTTPS, Visitor, application, words_of
from tests.integration.test_exports import calls

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def cora(settings, at):
    at(queue_rows.TUESDAY)
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="it")


def ids():
    with db.transaction() as session:
        return list(session.scalars(select(Export.id).order_by(Export.id)))


def made(cora, **words):
    """A file that was asked for with these words and made; its id."""
    sent = cora.post("/exports", {"what": "calls", "form": "csv"} | words)
    assert sent.status_code == 303 and sent.location == "/exports", words_of(sent)
    making.make(ids()[-1])
    return ids()[-1]


def fetched(cora, export_id, **headers):
    return cora.get(f"/exports/{export_id}/file", headers={"Accept-Encoding": "gzip, br"} | headers)


def test_what_the_log_shows_is_asked_for_watched_fetched_in_ones_language_and_deleted(cora):
    calls(12)
    page = cora.get("/calls?language=bn")
    assert 'name="language" value="bn"' in page.text and "Salva come XLSX" in words_of(page)
    days = {"from": "2026-11-20", "to": "2026-11-24"}
    sent = cora.post("/exports", {"what": "calls", "form": "csv", "language": "bn"} | days)
    assert sent.status_code == 303
    assert Queue("slow", connection=db.redis()).jobs[-1].args == (ids()[-1],)
    watched = cora.get("/exports/rows", headers={"X-Live": "1"})
    assert watched.status_code == 200 and "attende il suo turno" in words_of(watched)
    making.make(ids()[-1])
    assert cora.get("/exports/rows").status_code == 286, "there is nothing to look for any more"
    words = words_of(cora.get("/exports"))
    assert "pronto 12 righe" in words and "Scarica CSV" in words
    assert "da venerdì 20 novembre 2026 · fino a martedì 24 novembre 2026 · Bangla" in words
    got = fetched(cora, ids()[-1])
    assert got.headers["Content-Encoding"] == "gzip" and int(got.headers["Content-Length"]) == len(got.data)
    assert got.headers["Content-Disposition"] == 'attachment; filename="chiamate-2026-11-24.csv"'
    assert got.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(got.data).decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 12 and rows[0]["Lingua"] == "Bangla" and "informazioni" in rows[0]["Esito"]
    assert rows[0]["Scarto"] == "UTC+1" and rows[0]["Inizio (Roma)"].startswith("2026-11-24 ")
    assert cora.post(f"/exports/{ids()[-1]}/remove").status_code == 303 and ids() == []
    assert fetched(cora, 1).status_code == 404


def progress(page):
    """How much of the file the bar says is made, in hundredths (None: it says nothing), and the numbers beside it."""
    attributes, said = re.search(r"<progress([^>]*)></progress> <span[^>]*>([^<]*)<", page.text).groups()
    value = re.search(r'value="(\d+)"', attributes)
    return int(value[1]) if value else None, [int(number) for number in re.findall(r"\d+", said)]


def test_how_much_is_made_grows_with_each_piece_and_is_shown(cora, monkeypatch):
    monkeypatch.setattr(reading, "SEVERAL", {What.CALLS: 7})
    calls(30)
    assert cora.post("/exports", {"what": "calls", "form": "csv"}).status_code == 303
    (export_id,) = ids()
    assert "<progress" not in cora.get("/exports").text, "nobody is at it yet"
    seen = []
    for _ in range(4):
        making.make(export_id, at_a_time=0)
        watched = cora.get("/exports/rows", headers={"X-Live": "1"})
        assert watched.status_code == 200 and progress(watched) == progress(cora.get("/exports"))
        seen.append(progress(watched))
    assert seen == [(23, [7, 30]), (46, [14, 30]), (70, [21, 30]), (93, [28, 30])]
    with db.transaction() as session:
        session.get_one(Export, export_id).total = None
    assert progress(cora.get("/exports")) == (None, []), (
        "not known: the bar says that it goes on, and no share"
    )
    making.make(export_id, at_a_time=0)
    done = cora.get("/exports")
    assert "<progress" not in done.text and "pronto 30 righe" in words_of(done)


def test_a_file_is_handed_to_the_server_in_one_piece(cora):
    """The server takes the thread that answers calls for as long as there is another piece to come."""
    calls(3)
    export_id = made(cora, form="xlsx")
    assert len(list(fetched(cora, export_id).response)) == 1
    got = fetched(cora, export_id)
    assert zipfile.is_zipfile(io.BytesIO(got.data)) and "Content-Encoding" not in got.headers
    part = fetched(cora, export_id, Range="bytes=10-19")
    assert (part.status_code, part.data) == (206, got.data[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(got.data)}"


def test_who_cannot_unpack_what_is_on_its_way_gets_it_packed(cora):
    calls(3)
    got = fetched(cora, made(cora, form="jsonl", what="steps"), **{"Accept-Encoding": "identity"})
    assert got.headers["Content-Disposition"] == 'attachment; filename="passi-2026-11-24.jsonl.gz"'
    assert got.mimetype == "application/gzip" and len(gzip.decompress(got.data).splitlines()) == 6


def test_what_cannot_be_made_is_said_and_nothing_is_asked_for(cora, monkeypatch):
    calls(3)
    wrong = cora.post("/exports", {"what": "people", "form": "pdf", "from": "yesterday", "outcome": "bliss"})
    assert wrong.status_code == 422 and words_of(wrong).count("Scelga una di queste") == 2 and ids() == []
    assert cora.post("/exports", {"what": "calls", "form": "csv", "search": "x"}).status_code == 404
    assert cora.post("/exports", {"what": "calls", "form": "csv"}).status_code == 303
    busy = cora.post("/exports", {"what": "calls", "form": "csv"})
    assert busy.status_code == 422 and "in preparazione: attenda" in words_of(busy) and len(ids()) == 1
    making.make(ids()[0])
    monkeypatch.setattr(asking, "MOST_KEPT", 1)
    assert "prima ne elimini uno" in words_of(cora.post("/exports", {"what": "calls", "form": "csv"}))


def test_a_kept_search_is_saved_and_the_calls_of_one_number_are_not(cora):
    calls(4)
    kept = cora.post("/calls", {"name": "in bangla", "language": "bn"}).location.partition("search=")[2]
    assert f'name="search" value="{kept}"' in cora.get(f"/calls?search={kept}").text
    made(cora, search=kept)
    assert "4 righe" in words_of(cora.get("/exports"))
    of_one = cora.post("/calls", {"caller": "333 0000001", "why": "they ask"}).location.partition("search=")[
        2
    ]
    refused = cora.post("/exports", {"what": "calls", "form": "csv", "search": of_one})
    assert refused.status_code == 422 and "una sola persona" in words_of(refused) and len(ids()) == 1
    assert "as-file" not in cora.get(f"/calls?search={of_one}").text


def test_a_search_by_a_step_for_one_part_of_italy_is_no_file_kept_or_not(cora):
    calls(2)
    days = {"from": "2026-11-20", "to": "2026-11-24"}
    for chosen in ({"step": "area_islands"}, {"passed": "office_south"} | days):
        kept = cora.post("/calls", {"name": "un’isola"} | chosen).location.partition("search=")[2]
        for words in (chosen, {"search": kept}):
            refused = cora.post("/exports", {"what": "calls", "form": "csv"} | words)
            assert refused.status_code == 422 and "in quale parte d’Italia" in words_of(refused)
    assert ids() == []


def test_nobody_else_sees_fetches_or_deletes_it_and_each_fetching_is_written_down(cora, settings):
    calls(2)
    export_id = made(cora)
    other = Visitor(application(settings)).sign_in("carl", roles=(Role.COORDINATOR,), locale="en")
    assert "No file yet" in words_of(other.get("/exports"))
    assert fetched(other, export_id).status_code == 404
    assert other.post(f"/exports/{export_id}/remove").status_code == 404
    fetched(cora, export_id), fetched(cora, export_id)
    with db.transaction() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.what == "downloaded")).all()
    assert [(line.who, line.about, line.details["rows"]) for line in lines] == 2 * [
        (f"person {cora.who.id}", f"export {export_id}", 2)
    ]


def downloads():
    """What is written down of files that were taken, in order."""
    with db.transaction() as session:
        wanted = select(AuditLine).where(AuditLine.what == "downloaded").order_by(AuditLine.id)
        return [line.details["part"] for line in session.scalars(wanted)]


def test_what_was_not_taken_is_not_written_down_and_what_was_taken_in_parts_once(cora):
    calls(2)
    export_id = made(cora)
    path, packed = f"/exports/{export_id}/file", {"Accept-Encoding": "gzip"}
    assert cora.client.head(path, base_url=HTTPS, headers=packed).status_code == 200
    fresh = fetched(cora, export_id)
    assert downloads() == ["whole"]
    assert fetched(cora, export_id, **{"If-None-Match": fresh.headers["ETag"]}).status_code == 304
    assert fetched(cora, export_id, Range="bytes=9000000-").status_code == 416
    assert fetched(cora, export_id, Range="bytes=5-").status_code == 206
    assert downloads() == ["whole"], "the rest of what was begun belongs to it"
    assert fetched(cora, export_id, Range="bytes=0-3").data == fresh.data[:4]
    assert downloads() == ["whole", "first"]


def test_a_file_without_its_first_byte_is_taken_all_the_same(cora):
    calls(2)
    export_id = made(cora)
    for _ in range(2):
        assert fetched(cora, export_id, Range="bytes=1-").status_code == 206
    assert downloads() == ["later"]


def test_no_page_and_no_mail_of_others_leads_a_browser_to_take_a_file(cora):
    calls(2)
    export_id = made(cora)
    for elsewhere in ("cross-site", "same-site"):
        assert fetched(cora, export_id, **{"Sec-Fetch-Site": elsewhere}).status_code == 403
    assert downloads() == []
    for ours in ("same-origin", "none"):
        assert fetched(cora, export_id, **{"Sec-Fetch-Site": ours}).status_code == 200


def test_a_file_that_was_not_made_says_why(cora, monkeypatch):
    calls(2)
    monkeypatch.setattr(making, "MOST_BYTES", 10)
    made(cora)
    assert "scelga un periodo più breve" in words_of(cora.get("/exports"))
