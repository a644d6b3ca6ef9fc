"""A probe tells once that the line is down and once that it is back, however it flickers, and never after one bad look alone."""

from hypothesis import given
from hypothesis import strategies as some

from helpline.alerts.watching import News, Watch, after, heard


@given(some.lists(some.booleans(), max_size=60))
def test_down_and_up_take_turns_and_down_needs_two_bad_looks(looks):
    watch, told = Watch(), []
    for place, good in enumerate(looks):
        watch, news = after(watch, good=good)
        if news:
            watch = heard(watch, news)
            told.append(news)
            assert news is News.UP or looks[place - 1 : place + 1] == [False, False]
    assert told == [News.DOWN, News.UP] * (len(told) // 2) + [News.DOWN] * (len(told) % 2)


def test_what_nobody_heard_is_told_again():
    watch, _ = after(Watch(), good=False)
    for _ in range(3):
        watch, news = after(watch, good=False)
        assert news is News.DOWN
    watch, news = after(heard(watch, News.DOWN), good=True)
    assert news is News.UP
    assert after(watch, good=True)[1] is News.UP
