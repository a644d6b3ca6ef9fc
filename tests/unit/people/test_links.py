"""Whatever is done to the lines of a day by somebody who cannot sign is found."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.people.links import Head, Line, faults_between_days, faults_of_day, link, to_sign

DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def sign(said):
    return sha256(b"a key that only we have" + said.encode()).hexdigest()


def anybodys(said):
    return sha256(b"some other key" + said.encode()).hexdigest()


def chained(lines, day=DAY):
    previous, done = "", []
    for position, line in enumerate(lines, start=1):
        placed = replace(line, day=day, position=position)
        previous = link(previous, placed)
        done.append(replace(placed, hash=previous))
    return done


def headed(lines, key=sign, before=None):
    head = Head(DAY, before, len(lines), lines[-1].hash if lines else "")
    return replace(head, signature=key(to_sign(head)))


def faults(lines, head):
    placed = sorted(lines, key=lambda line: (line.position is None, line.position or 0))
    return list(faults_of_day(DAY, placed, head, sign))


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
lines = st.builds(
    Line,
    id=st.integers(1, 10_000),
    day=st.just(DAY),
    position=st.none(),
    at=st.integers(0, 10**9).map(lambda n: NOON + timedelta(microseconds=n)),
    who=words,
    what=words,
    about=words,
    details=st.dictionaries(words, st.one_of(words, st.integers(), st.booleans(), st.none()), max_size=3),
)
days = st.lists(lines, min_size=1, max_size=8, unique_by=lambda line: line.id).map(chained)


@given(days)
def test_a_day_that_nobody_touched_has_no_fault(day):
    assert faults(day, headed(day)) == []


@given(days, st.data())
def test_a_line_that_was_removed_is_found(day, data):
    gone = data.draw(st.integers(0, len(day) - 1))
    assert faults(day[:gone] + day[gone + 1 :], headed(day))


@given(days, st.data())
def test_a_line_that_was_changed_is_found_and_named(day, data):
    which = data.draw(st.integers(0, len(day) - 1))
    field = data.draw(st.sampled_from(["at", "who", "what", "about", "details", "day", "id"]))
    line = day[which]
    other = {
        "at": line.at + timedelta(microseconds=1),
        "details": {**line.details, "more": 1},
        "day": DAY + timedelta(days=1),
        "id": line.id + 20_000,
    }.get(field, str(getattr(line, field)) + "x")
    changed = replace(line, **{field: other})
    found = faults([*day[:which], changed, *day[which + 1 :]], headed(day))
    assert [fault.line_id for fault in found] == [changed.id]


@given(days, lines, st.data())
def test_a_line_that_was_put_in_is_found(day, extra, data):
    where = data.draw(st.integers(0, len(day)))
    position = data.draw(st.sampled_from([None, where + 1]))
    made_up = replace(extra, id=99_999, position=position, hash=None if position is None else "0" * 64)
    moved = [
        replace(line, position=line.position + 1) if position and line.position > where else line
        for line in day
    ]
    assert faults([*moved, made_up], headed(day))


@given(days.filter(lambda day: len(day) > 1), st.data())
def test_two_lines_that_changed_places_are_found(day, data):
    one, other = data.draw(st.lists(st.integers(0, len(day) - 1), min_size=2, max_size=2, unique=True))
    swapped = list(day)
    swapped[one] = replace(day[one], position=day[other].position)
    swapped[other] = replace(day[other], position=day[one].position)
    assert faults(swapped, headed(day))


@given(days, st.data())
def test_who_makes_all_hashes_anew_still_cannot_sign(day, data):
    which = data.draw(st.integers(0, len(day) - 1))
    rewritten = chained([replace(line, who="nobody" * (n == which)) for n, line in enumerate(day)])
    if rewritten == day:
        return
    assert faults(rewritten, headed(day)), "with the head that stood there"
    assert faults(rewritten, headed(rewritten, key=anybodys)), "with a head signed by another key"


@given(days)
def test_a_head_without_lines_and_lines_without_a_head_are_found(day):
    assert faults([], headed(day))
    assert faults(day, None)
    assert faults([], None) == []


@given(days)
def test_a_head_may_not_be_made_to_say_another_day_before(day):
    head = headed(day, before=DAY - timedelta(days=1))
    assert faults(day, head) == []
    assert faults(day, replace(head, before=None))


def test_a_whole_day_that_is_missing_is_named_unless_its_time_had_passed():
    days = [DAY + timedelta(days=n) for n in range(4)]
    heads = [Head(day, before, 0, "") for before, day in zip([None, *days], days, strict=False)]
    kept = [heads[0], heads[3]]
    found = list(faults_between_days(kept, {days[0], days[3]}, due=days[1]))
    assert [(fault.day, fault.reason) for fault in found] == [(days[2], "the whole day is missing")]
    assert list(faults_between_days(kept, {days[0], days[3]}, due=days[3])) == []


@pytest.mark.parametrize("line_id", [None, 7])
def test_a_fault_reads_as_a_sentence(line_id):
    [fault] = faults_of_day(DAY, chained([Line(7, DAY, None, NOON, "a", "b", "c", {})]), None, sign)
    assert str(replace(fault, line_id=line_id)).startswith("2026-11-22")
