"""What would help somebody who waits: the same as by looking at each project in turn, for many who wait at once."""

from collections import Counter
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from helpline.routing.filters import why_not
from helpline.routing.helping import Helping, Row
from helpline.routing.values import ANY, Limits, Project, Reason, Used, Wanted

HERE = date(2026, 11, 24)
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
LATER = {
    Reason.FULL: "place", Reason.HELD: "place", Reason.SAID_FULL: "place", Reason.PAUSED: "resume",
    Reason.COOLING: "answer", Reason.NOT_RUNNING: "begin", Reason.DECLINED: "entity",
}  # fmt: skip
SOLE = {
    Reason.REGION: "region",
    Reason.COUNTRY: "country",
    Reason.GROUP: "group",
    Reason.LANGUAGE: "language",
}
LISTS = st.sampled_from([(ANY,), ("lazio", "BD", "self", "bn"), ("molise", "MA", "family", "ar")])
PROJECTS = st.lists(
    st.builds(
        Project,
        id=st.just("p"),
        entity_id=st.sampled_from(["one", "other"]),
        starts_on=st.sampled_from([date(2026, 1, 1), date(2027, 1, 1)]),
        ends_on=st.sampled_from([date(2026, 6, 1), date(2028, 1, 1)]),
        limits=st.just(Limits(total=1)),
        used=st.sampled_from([Used(), Used(total=1)]),
        regions=LISTS, countries=LISTS, groups=LISTS, languages=LISTS,
        paused=st.booleans(), full_by_word=st.booleans(),
    ),
    max_size=8,
)  # fmt: skip
WANTED = st.builds(
    Wanted,
    id=st.just(1), language=st.sampled_from(["bn", "ar"]), region=st.sampled_from(["lazio", None]),
    country=st.sampled_from(["BD", "MA", None]), group=st.sampled_from(["self", "family"]), waiting_since=st.just(SINCE),
    declined_by=st.sampled_from([frozenset(), frozenset({"one"})]),
    cooling=st.sampled_from([frozenset(), frozenset({"other"})]),
)  # fmt: skip


def row(one):
    return Row(
        1, one.language, one.region, one.country, one.group, False, SINCE, None, "waiting", "wait", None, None, None, None,
        False,
    )  # fmt: skip


def refused(one, project):
    """All lists of a project that leave somebody out, else the first other reason."""
    lists = ((Reason.REGION, project.regions, one.region), (Reason.COUNTRY, project.countries, one.country),
             (Reason.GROUP, project.groups, one.group), (Reason.LANGUAGE, project.languages, one.language))  # fmt: skip
    out = tuple(reason for reason, allowed, value in lists if ANY not in allowed and value not in allowed)
    return out or ((why_not(one, project, HERE) or Reason.FULL),)


def kind_of(one, projects):
    alive = [project for project in projects if project.ends_on >= HERE]
    if not alive:
        return "open_project"
    found = Counter(refused(one, project) for project in alive)
    for reason, kind in LATER.items():
        if found[(reason,)]:
            return kind
    alone = [(count, reasons[0]) for reasons, count in found.items() if len(reasons) == 1]
    return (
        SOLE[max(alone, key=lambda each: (each[0], -list(Reason).index(each[1])))[1]] if alone else "project"
    )


@given(PROJECTS, st.lists(WANTED, min_size=1, max_size=4))
def test_what_would_help_is_what_looking_at_each_project_in_turn_says(projects, waiting):
    helping = Helping(projects, HERE)
    for one in waiting:
        assert helping.of(row(one), one).kind == kind_of(one, projects)


def test_who_is_held_by_a_person_or_finds_no_open_project_is_told_so():
    one = Wanted(1, "bn", "lazio", "BD", "self", SINCE)
    assert Helping([], HERE).of(row(one), one).kind == "open_project"
    assert Helping([], HERE).of(row(one), None).kind == "open_project"
