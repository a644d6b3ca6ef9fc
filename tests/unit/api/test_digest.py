"""When a mailbox of the network gets its next mail, and what one that tells of many things says."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from helpline.api import digest
from helpline.api.network_messages import ToldFocalPoint
from helpline.db.outbox import NetworkKind

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
SIGNAL, OFFICE = NetworkKind.SIGNAL_CAME, NetworkKind.OFFICE_CALLED


def mails(arrivals):
    """At which moments mails go, and how many things each tells, when this comes at these moments (in minutes)."""
    due = [(NOW + timedelta(minutes=minutes)) for minutes in arrivals]
    rests, sent = None, []
    while due:
        now = min(due)
        if until := digest.waits_until(rests, now):
            due[due.index(now)] = until
            continue
        sent.append(((now - NOW) / timedelta(minutes=1), sum(at <= now for at in due)))
        due = [at for at in due if at > now]
        rests = digest.rests_until(now)
    return sent


def test_the_first_goes_at_once_and_what_comes_while_the_mailbox_rests_goes_in_one():
    assert mails([0]) == [(0, 1)]
    assert mails([minute / 60 for minute in range(12)]) == [(0, 1), (30, 11)]
    assert mails([0, 45]) == [(0, 1), (45, 1)], "after the rest the next goes at once, too"


@pytest.mark.parametrize("every", [1, 7, 29, 31])
def test_nothing_is_lost_and_no_mailbox_gets_more_than_one_in_half_an_hour(every):
    sent = mails(range(0, 600, every))
    assert sum(count for _, count in sent) == len(range(0, 600, every))
    assert all(after - before >= 30 for (before, _), (after, _) in pairwise(sent))


def test_a_mailbox_that_could_not_be_reached_rests_until_the_next_try_and_no_longer_than_usual():
    assert digest.rests_until(NOW, NOW + timedelta(seconds=30)) == NOW + timedelta(seconds=30)
    assert digest.rests_until(NOW, NOW + timedelta(hours=8)) == NOW + digest.EVERY
    assert digest.wakes_at(NOW + timedelta(hours=8), NOW + digest.EVERY) == NOW + digest.EVERY


def said(*kinds):
    things = tuple((number + 5, kind) for number, kind in enumerate(kinds))
    told = ToldFocalPoint(things, NOW, "https://line.example.org")
    mail = told.mail("helpline@line.example.org", "roma@example.org")
    return mail["Subject"], mail.get_content(), told.message_id


def test_a_mail_of_one_thing_says_what_it_is_and_one_of_many_how_many_and_a_link():
    subject, _, id = said(SIGNAL)
    assert subject == "Nuova segnalazione nella Sua regione" and id == "msg_5"
    subject, body, id = said(*[SIGNAL] * 7)
    assert subject == "Dalla Sua regione: 7 segnalazioni" and id == "msg_5-11-7"
    assert "from your region: 7 signals." in body and "https://line.example.org/network\n" in body
    subject, body, _ = said(OFFICE, OFFICE)
    assert "2 uffici che hanno chiamato" in subject and "https://line.example.org/network/offices\n" in body
    subject, body, _ = said(SIGNAL, OFFICE)
    assert "1 segnalazione e 1 ufficio che ha chiamato" in subject
    assert "1 signal and 1 office that called" in body and "https://line.example.org/network\n" in body
    with pytest.raises(ValueError, match="nothing"):
        digest.counted(0, 0)
