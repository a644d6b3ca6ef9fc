"""What was not as usual at the steps of the menu, language by language, with the day, the way and the reason where the rows say it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from helpline.calls.steps import UNPLAYED
from helpline.figures import counting, unusual
from helpline.figures.traffic import Traffic
from helpline.figures.unusual import Compared, Part
from helpline.ivr import formerly
from helpline.ivr.engine import NO_LANGUAGE

LOOKED_AT = 200
"""So many calls that ended at an unusual step are looked at, whether what was sent could be played."""
CLOSELY = 12
"""And of so many unusual things: the first, which are told one by one."""
MOSTLY = 0.5
"""From where so much of the usual comes, more may well come."""
DAYS_TOLD = 31
"""In periods of so many days it is told on which of them most of it happened."""
_BY_DAY = """
SELECT language, step, day, coalesce(sum(passed) FILTER (WHERE to_step = ''), 0), sum(passed)
  FROM step_days WHERE day BETWEEN :first AND :last AND step = ANY(:steps) AND step <> to_step GROUP BY 1, 2, 3
UNION ALL
SELECT language, '', day, sum(nobody), sum(wanted_person)
  FROM call_days WHERE day BETWEEN :first AND :last AND wanted_person > 0 GROUP BY 1, 3"""
_PLAYED = f"""
SELECT w.place, count(*), count(*) FILTER (WHERE EXISTS (
         SELECT FROM steps t WHERE t.call_sid = c.sid AND t.to_step = w.step AND t.did LIKE '%{UNPLAYED}=%'))
  FROM unnest(CAST(:places AS int[]), CAST(:steps AS text[]), CAST(:languages AS text[]), CAST(:begins AS timestamptz[]),
              CAST(:ends AS timestamptz[])) w (place, step, language, begins, ends)
 CROSS JOIN LATERAL (SELECT s.call_id FROM call_sums s WHERE s.last_step = w.step AND s.language = w.language
                        AND s.hour >= w.begins AND s.hour < w.ends ORDER BY s.hour DESC LIMIT {LOOKED_AT}) e
  JOIN calls c ON c.id = e.call_id GROUP BY w.place"""  # noqa: S608 - our own words alone


@dataclass(frozen=True)
class Found:
    """Something that was not as usual, in one language. `step` empty: nobody was there for those who wanted a person (`now` and
    `usual` count them among those who did). `worst`: the day on which most of it happened, and what it was like then.
    `came_from`: the step from which many more came than usual, and how many of all that was. `unplayed`: of so many calls
    (of so many that were looked at) the carrier could not play what was sent there."""

    language: str
    step: str
    more: float
    now: Part
    usual: Part
    stayed: str = ""
    seconds: float | None = None
    usual_seconds: float | None = None
    worst: date | None = None
    worst_part: Part | None = None
    came_from: str = ""
    came: Part | None = None
    unplayed: Part | None = None


@dataclass(frozen=True)
class People:
    """Who asked for a person: how many waited for one, found nobody there any more, and talked with one."""

    asked: int
    nobody: int
    talked: int


def found(
    session: Session,
    days: tuple[date, date],
    steps: tuple[Mapping[str, Traffic], Mapping[str, Traffic]],
    people: tuple[Mapping[str, People], Mapping[str, People]],
    ends: Mapping[str, bool],
    holds: Collection[str],
    language: str = "",
) -> Sequence[Found]:
    """What was not as usual, most of it first; of one language where that is chosen.

    `steps`, `people`: of the period, and of the weeks before it; `ends`: whether calls end as they should at a step (at one that
    is not there, because the menu has it no more, they do not); `holds`: at which callers wait for a person.
    """
    first, last = days
    told = _ordered([*_odd_steps(*steps, ends, language), *_odd_waits(*people, language)], holds)
    if (last - first).days >= DAYS_TOLD:
        return told
    if last > first:
        told = [*_with_worst(session, first, last, told)]
    return _with_unplayed(session, first, last, told)


def _ordered(told: Sequence[Found], holds: Collection[str]) -> Sequence[Found]:
    """Most of it first; but that nobody was there stands before the step to which those who waited in vain were sent on:
    who reads from above reads the cause first."""
    sent_on: dict[str, float] = {}
    for one in told:
        if one.came_from in holds:
            sent_on[one.language] = max(one.more, sent_on.get(one.language, 0))

    def rank(one: Found) -> tuple[float, str, str]:
        more = one.more if one.step else max(one.more, sent_on.get(one.language, 0))
        return -more, one.language, one.step

    return sorted(told, key=rank)


def _odd_steps(
    now: Mapping[str, Traffic], usual: Mapping[str, Traffic], ends: Mapping[str, bool], language: str
) -> list[Found]:
    found = list[Found]()
    for code, here in now.items():
        if language not in {"", code}:
            continue
        before = usual.get(code, Traffic())
        for step, stay in here.stays.items():
            each = unusual.compared(stay, before.at(step), ends=ends.get(step, False))
            if each.odd:
                found.append(
                    _told(
                        _code(code),
                        step,
                        each,
                        *(_came_from(step, here, before) if each.more else ("", None)),
                    )
                )
    return found


def _came_from(step: str, now: Traffic, usual: Traffic) -> tuple[str, Part | None]:
    """From where many more came to this step than usual, where there is such a one: not that from which most come anyway."""
    sources, usually = now.sources(step), usual.sources(step)
    came, before = sum(sources.values()), sum(usually.values())
    above = {}
    for source, count in sources.items():
        then = Part(usually.get(source, 0), before)
        if then.share < MOSTLY:
            above[source] = unusual.above(Part(count, came), then)
    source = max(above, key=lambda each: (above[each], each), default="")
    return (source, Part(sources[source], came)) if source and above[source] else ("", None)


def _told(code: str, step: str, each: Compared, came_from: str, came: Part | None) -> Found:
    now, usual = each.now, each.usual
    return Found(
        code, step, each.more, Part(now.ended, now.reached), Part(usual.ended, usual.reached), each.stayed,
        now.mean_ended if each.more else now.mean, usual.mean, came_from=came_from, came=came,
    )  # fmt: skip


def _odd_waits(now: Mapping[str, People], usual: Mapping[str, People], language: str) -> list[Found]:
    found = []
    for code, people in now.items():
        before = usual.get(code, People(0, 0, 0))
        here, then = Part(people.nobody, people.asked), Part(before.nobody, before.asked)
        more = unusual.above(here, then)
        if more and language in {"", code}:
            found.append(Found(code, "", more, here, then))
    return found


def _with_worst(session: Session, first: date, last: date, found: Sequence[Found]) -> Sequence[Found]:
    """The same, with the day on which most of it happened, where that day alone holds half of what is above the usual."""
    ended, reached = defaultdict[tuple[str, str], dict[date, int]](dict), defaultdict[tuple[str, str], dict[date, int]](dict)  # fmt: skip
    given = {
        "first": first,
        "last": last,
        "steps": sorted(
            {name for one in found if one.step and one.more for name in formerly.every(one.step)}
        ),
    }
    for code, name, day, some, of in session.execute(text(_BY_DAY), given):
        which = _code(code), formerly.now(name)
        ended[which][day] = ended[which].get(day, 0) + some
        reached[which][day] = reached[which].get(day, 0) + of
    return [_worst(one, ended[one.language, one.step], reached[one.language, one.step]) for one in found]


def _worst(one: Found, ended: Mapping[date, int], reached: Mapping[date, int]) -> Found:
    above = {day: some - one.usual.share * reached[day] for day, some in ended.items()}
    day = max(above, key=lambda each: above[each], default=None)
    if day is None or not one.more or above[day] < one.more / 2:
        return one
    return replace(one, worst=day, worst_part=Part(ended[day], reached[day]))


def _with_unplayed(session: Session, first: date, last: date, told: Sequence[Found]) -> Sequence[Found]:
    """The same, with of how many of the calls that ended there the carrier could not play what was sent: of the day on which
    most of it happened, or of the last of them. Of the first of them alone, which are told one by one."""
    asked = [place for place, one in enumerate(told[:CLOSELY]) if one.step and one.more]
    if not asked:
        return told
    # A step is looked for under each name it had: rows of one place are added up.
    named = [(place, name) for place in asked for name in formerly.every(told[place].step)]
    each = [told[place] for place, _ in named]
    spans = [counting.moments(one.worst or first, one.worst or last) for one in each]
    given = {
        "places": [place for place, _ in named],
        "steps": [name for _, name in named],
        "languages": [one.language for one in each],
        "begins": [span["begins"] for span in spans],
        "ends": [span["ends"] for span in spans],
    }
    found = [*told]
    for place, of, some in session.execute(text(_PLAYED), given):
        if some:
            found[place] = replace(told[place], unplayed=Part(some, of))
    return found


def _code(language: str) -> str:
    """A language as calls have it: of who chose none there is none."""
    return "" if language == NO_LANGUAGE else language
