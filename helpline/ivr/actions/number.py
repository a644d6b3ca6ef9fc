"""Who calls, who could answer, and which number is safe to ring."""

from helpline import phone
from helpline.intake.wishes import agreed
from helpline.ivr.actions import promises
from helpline.ivr.actions.registry import keeping, needing_nothing
from helpline.ivr.caller import Caller
from helpline.ivr.outcomes import UNAVAILABLE

MOST_NUMBERS = 3
MOST_NUMBERS_UNSEEN = (
    2  # a withheld or foreign caller who keys no Italian number twice is not sent round again
)
CHANGE = "change"  # the way of a caller who changes the number of an earlier ask


@needing_nothing
def greet(caller: Caller) -> str:
    """Which welcome: a neutral one on the number from which we call people back, since telephones are shared, and on
    those of ours for which the line's settings say so."""
    return "redial" if caller.hears_neutral else "welcome"


@needing_nothing
def know_number(caller: Caller) -> str:
    """Whether the call comes from a number that we may call back."""
    return "known" if caller.judged.number else "unknown"


@keeping
def use_this_number(caller: Caller) -> str:
    """The number from which the call comes is safe to ring."""
    number = caller.judged.number
    if number is None:
        return UNAVAILABLE
    caller.keep(number=number.e164, number_proved=True, cancelled=False)
    return "kept"


@keeping
def check_number(caller: Caller) -> str:
    """Judge the number that was keyed. After too many, a message is better than another round."""
    draft = caller.draft()
    judged = phone.judge(draft.get("number_keyed") or "")
    if judged.number and judged.number.e164 in caller.ours:
        judged = phone.Judged(phone.Verdict.TOLL_FREE)  # our own: as little to be called as a free number
    tries = draft.get("number_tries", 0) + 1
    caller.keep(number_tries=tries, candidate=judged.number.e164 if judged.number else None)
    if judged.verdict is phone.Verdict.FOREIGN:
        most = MOST_NUMBERS if caller.judged.number else MOST_NUMBERS_UNSEEN
        return "too_many" if tries >= most else "foreign"
    if tries > MOST_NUMBERS or (not judged.number and tries >= MOST_NUMBERS):
        return "stuck"
    return "not_valid" if judged.verdict is phone.Verdict.HIDDEN else judged.verdict.value


@keeping
def use_keyed_number(caller: Caller) -> str:
    """The number read back was right."""
    candidate = caller.draft().get("candidate")
    if not candidate:
        return UNAVAILABLE
    own = caller.judged.number
    proved = own is not None and own.e164 == candidate
    caller.keep(number=candidate, number_proved=proved, number_tries=0, cancelled=False)
    return "kept"


@keeping
def number_purpose(caller: Caller) -> str:
    """A number for a new ask, or for one that was made before."""
    return "change" if caller.draft().get("way") == CHANGE else "ask"


@keeping
def window_purpose(caller: Caller) -> str:
    """What all the answers so far amount to: a child's call, a request that was agreed to, or a call back.

    A part of the day that was not offered counts as a wrong key.
    """
    draft = caller.draft()
    refused = promises.refused_window(caller, draft.get("window"))
    if refused:
        caller.keep(window=None)
        return refused
    if draft.get("age") == "minor":
        return "minor"
    return "help" if agreed(draft) else "callback"
