"""What each action of the menu may answer; the flow must route exactly these. Pure: the actions themselves live apart."""

ACTIONS: dict[str, frozenset[str]] = {
    name: frozenset(outcomes.split())
    for name, outcomes in {
        "greet": "welcome redial",
        "find_person": "free busy closed holiday nobody_free unavailable",
        "join_hold": "waiting behind unavailable",
        "look_around": "wait told offer nobody unavailable",
        "keep_place": "kept taken unavailable",
        "leave_hold": "left taken unavailable",
        "know_number": "known unknown",
        "use_this_number": "kept unavailable",
        "check_number": "callable foreign toll_free premium short not_valid too_many stuck unavailable",
        "use_keyed_number": "kept unavailable",
        "number_purpose": "ask change unavailable",
        "window_purpose": "callback minor help not_offered too_many unavailable",
        "save_callback": "saved too_many unavailable",
        "save_message": "saved nothing unavailable",
        "check_code": "right closed wrong blocked unavailable",
        "change_begins": "begun unavailable",
        "change_window": "changed gone not_offered too_many unavailable",
        "change_number": "changed gone too_many unavailable",
        "cancel_ask": "cancelled gone unavailable",
        "remember_minor": "minor ask",
        "record_agreement": "recorded minor unavailable",
        "check_postal_code": "found not_valid too_many unavailable",
        "check_place": "place no_place unavailable",
        "save_request": "saved no_place too_many unavailable",
        "cancel_draft": "cancelled unavailable",
    }.items()
}
UNAVAILABLE = "unavailable"

# The fields of the draft that a menu may keep, and the words that the actions know for each.
WORDS: dict[str, frozenset[str]] = {
    field: frozenset(words.split())
    for field, words in {
        "way": "information callback help office data person change",
        "window": "morning afternoon evening any",
        "new_window": "morning afternoon evening any",
        "age": "adult minor",
        "whom": "self family other",
        "consent": "yes no",
        "region_said": "right wrong",
        "waits": "yes no",
        "code_for": "this keyed",
    }.items()
}
LISTED = frozenset({"region", "country"})
DIGITS = frozenset({"number_keyed", "code_number", "code_keyed", "cap_keyed"})
CLIPS = frozenset({"message", "name", "country"})

DAYS = (
    "today",
    "tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "two_weeks",
)
STATES = ("waiting", "tried", "offered", "accepted", "no_place", "done")

# Prompts that ivr/values.py chooses among where a step says {slot}.
SLOTS: dict[str, tuple[str, ...]] = {
    "languages": ("language_line",),
    "free_call": ("free_call",),
    "project_state": ("no_project", "project_contact"),
    "notices": (),
    "office_contact": ("focal_point", "project_contact"),
    "opening": ("open_again", "open_from", "open_to"),
    "call_by": tuple(f"call_by_{day}" for day in DAYS),
    "hold_place": ("hold_place",),
    "hold_rough": ("hold_soon", "hold_ten", "hold_long"),
    **{f"window_{window}": (f"window_{window}",) for window in ("morning", "afternoon", "evening", "any")},
    "ask_state": tuple(f"state_{state}" for state in STATES),
}

# Values that stand last in a text, and the prompts they are spoken with.
VALUES: dict[str, tuple[str, ...]] = {
    "code": tuple(f"digit_{d}" for d in range(10)),
    "number": tuple(f"digit_{d}" for d in range(10)),
    "callback_number": tuple(f"digit_{d}" for d in range(10)),
    "contact": tuple(f"digit_{d}" for d in range(10)),
    "day": tuple(f"day_{day}" for day in DAYS),
    "from_hour": tuple(f"hour_{hour}" for hour in range(7, 22)),
    "to_hour": tuple(f"hour_{hour}" for hour in range(7, 22)),
    "region": (),
    "place": tuple(f"digit_{d}" for d in range(1, 10)),
}
