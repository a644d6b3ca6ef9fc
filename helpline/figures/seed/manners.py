"""What callers do at each step, and what the line answers: how often which. Nouns and numbers; `walking` throws the dice.

A key stands for itself; `-` is silence, `x` a wrong key, the empty word hanging up.
"""

from collections.abc import Mapping

Odds = Mapping[str, float]
HANGS_UP, SILENT, WRONG = "", "-", "x"

_MAIN = {"1": 40, "2": 17, "3": 12, "4": 5, "0": 10, "9": 3, SILENT: 4, WRONG: 2, HANGS_UP: 12}
_CLOSED = {"1": 22, "2": 42, HANGS_UP: 36}
_SAVED = {"9": 12, SILENT: 6, HANGS_UP: 82}
_NOT_THIS_NUMBER = {"1": 40, HANGS_UP: 60}
_AREA = {"1": 38, "2": 26, "3": 20, "4": 11, "5": 5}
_WINDOW = {"1": 22, "2": 20, "3": 31, "4": 24, HANGS_UP: 3}

PRESSED: Mapping[str, Odds] = {
    "redial": {"1": 40, "2": 52, HANGS_UP: 8},
    "welcome": _MAIN,
    "main": _MAIN,
    "about": {"1": 30, "2": 20, "3": 15, "4": 10, "5": 8, "0": 2, "8": 3, SILENT: 3, WRONG: 1, HANGS_UP: 8},
    "data": {"1": 60, "2": 22, HANGS_UP: 18},
    "closed": _CLOSED,
    "holiday": _CLOSED,
    "nobody_free": _CLOSED,
    "asked_closed": _CLOSED,
    "office": _AREA,
    "area": _AREA,
    "difficult_call": {"1": 38, "2": 26, HANGS_UP: 36},
    "callback": {"1": 84, "2": 8, HANGS_UP: 8},
    "number_safe": {"1": 79, "2": 8, "3": 2, SILENT: 4, HANGS_UP: 7},
    "number_foreign": _NOT_THIS_NUMBER,
    "number_special": _NOT_THIS_NUMBER,
    "number_short": _NOT_THIS_NUMBER,
    "number_not_valid": _NOT_THIS_NUMBER,
    "number_confirm": {"1": 84, "2": 11, HANGS_UP: 5},
    "window": _WINDOW,
    "asked_window": _WINDOW,
    "quiet": {"1": 24, "2": 62, SILENT: 9, HANGS_UP: 5},
    "callback_saved": _SAVED,
    "help_saved": _SAVED,
    "help_cancelled": _SAVED,
    "asked_changed": _SAVED,
    "asked_cancelled": _SAVED,
    "code_number_which": {"1": 72, "2": 20, HANGS_UP: 8},
    "code_wrong": {"1": 52, "2": 18, HANGS_UP: 30},
    "asked": {"1": 60, "2": 16, "3": 5, "4": 8, HANGS_UP: 11},
    "asked_cancel": {"1": 68, "2": 28, HANGS_UP: 4},
    "help_intro": {"1": 76, HANGS_UP: 24},
    "help_whom": {"1": 64, "2": 23, "3": 8, HANGS_UP: 5},
    "adult": {"1": 91, "2": 3, HANGS_UP: 6},
    "consent": {"1": 80, "2": 8, SILENT: 4, HANGS_UP: 8},
    "region_code": {"1": 34, "2": 54, "#": 6, HANGS_UP: 6},
    "region_confirm": {"1": 91, "2": 7, HANGS_UP: 2},
    "help_no_place": {"1": 62, "2": 20, HANGS_UP: 18},
}
IN_A_LANGUAGE: Mapping[tuple[str, str], Odds] = {
    ("welcome", "it"): {**_MAIN, "1": 30, "4": 20},
    ("about", "ar"): {**PRESSED["about"], "3": 22},
}
TOPIC: Odds = {"1": 22, "2": 14, "3": 10, "0": 5, "8": 3, HANGS_UP: 46}
"""After a message."""
LISTED: Odds = {"#": 5, HANGS_UP: 3}
"""In a menu of names, beside the names themselves, of which the first are the commonest."""
ELSEWHERE: Odds = {HANGS_UP: 40, SILENT: 10}
"""Where nothing is said above: beside this, each key alike."""
KEYED: Odds = {"digits": 86, WRONG: 3, SILENT: 4, HANGS_UP: 7}
RECORDED: Odds = {"recorded": 62, "nothing": 22, HANGS_UP: 16}

LOST = 0.45
"""Who pressed nothing that was understood: so often nothing is pressed the next time either."""

DONE: Mapping[str, Odds] = {
    "greet": {"welcome": 98, "redial": 2},
    "leave_hold": {"left": 1},
    "keep_place": {"kept": 1},
    "know_number": {"known": 90, "unknown": 10},
    "use_this_number": {"kept": 1},
    "check_number": {"callable": 86, "foreign": 6, "not_valid": 6, "toll_free": 1, "short": 1},
    "use_keyed_number": {"kept": 1},
    "save_callback": {"saved": 1},
    "save_message": {"saved": 1},
    "check_code": {"right": 74, "closed": 10, "wrong": 16},
    "change_begins": {"begun": 1},
    "change_window": {"changed": 1},
    "change_number": {"changed": 1},
    "cancel_ask": {"cancelled": 1},
    "remember_minor": {"ask": 1},
    "record_agreement": {"recorded": 1},
    "check_postal_code": {"found": 92, "not_valid": 8},
    "check_place": {"place": 84, "no_place": 16},
    "save_request": {"saved": 1},
    "cancel_draft": {"cancelled": 1},
}
ON_SHIFT: Mapping[str, Odds] = {
    "it": {"free": 62, "busy": 22, "nobody_free": 16},
    "en": {"free": 55, "busy": 22, "nobody_free": 23},
    "ar": {"free": 46, "busy": 24, "nobody_free": 30},
}
RARELY: Odds = {"free": 26, "busy": 12, "nobody_free": 62}
"""Most languages have one speaker on shift, or none (DOMAIN §1.1)."""

HELD: Odds = {"done": 62, "left": 17, "kept": 15, "nobody": 6}
WENT: Odds = {"helped": 66, "written_down": 22, "silent": 4, "not_for_us": 7, "emergency": 1}
