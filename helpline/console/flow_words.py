"""What the steps of the menu are called by those who look at calls. Knows no page; a test asks for every step."""

from collections.abc import Mapping

from flask_babel import LazyString

from helpline.console.words import lazy_gettext
from helpline.ivr import formerly

STEPS: Mapping[str, LazyString] = {
    "language": lazy_gettext("Language menu"),
    "language_help": lazy_gettext("Language menu, once more"),
    "message_any": lazy_gettext("Message without a language"),
    "message_any_thanks": lazy_gettext("Thanks for the message"),
    "goodbye_any": lazy_gettext("Goodbye without a language"),
    "redial": lazy_gettext("Calls our number back"),
    "welcome": lazy_gettext("Welcome and main menu"),
    "main": lazy_gettext("Main menu, again"),
    "about": lazy_gettext("Information: which topic"),
    "info_what": lazy_gettext("What the help includes"),
    "info_who": lazy_gettext("Who can ask"),
    "info_steps": lazy_gettext("How it works, step by step"),
    "info_effects": lazy_gettext("What changes for you"),
    "info_data": lazy_gettext("Your data and privacy"),
    "data": lazy_gettext("More about data"),
    "data_notice": lazy_gettext("How we use data"),
    "closed": lazy_gettext("Closed: nobody is there now"),
    "holiday": lazy_gettext("Closed: a holiday"),
    "nobody_free": lazy_gettext("Nobody is free"),
    "office": lazy_gettext("Offices: which part of Italy"),
    "office_north_west": lazy_gettext("Offices: region, north west"),
    "office_north_east": lazy_gettext("Offices: region, north east"),
    "office_centre": lazy_gettext("Offices: region, centre"),
    "office_south": lazy_gettext("Offices: region, south"),
    "office_far_south": lazy_gettext("Offices: region, far south"),
    "office_islands": lazy_gettext("Offices: region, islands"),
    "difficult_call": lazy_gettext("Difficult: callback or message"),
    "hold": lazy_gettext("Waits for a person"),
    "callback": lazy_gettext("To be called back"),
    "number_safe": lazy_gettext("Is it safe to call this number"),
    "number_enter": lazy_gettext("Keys a telephone number"),
    "number_foreign": lazy_gettext("Number is not Italian"),
    "number_special": lazy_gettext("Number cannot be called"),
    "number_short": lazy_gettext("Number is too short"),
    "number_not_valid": lazy_gettext("Number does not exist"),
    "number_confirm": lazy_gettext("Is the number right"),
    "window": lazy_gettext("When to call"),
    "quiet": lazy_gettext("How discreetly we call; a message"),
    "message_add": lazy_gettext("Message beside the callback"),
    "callback_saved": lazy_gettext("Callback saved: the code"),
    "code_number_which": lazy_gettext("Code: for which number"),
    "code_number": lazy_gettext("Code: keys the number"),
    "code_enter": lazy_gettext("Code: keys the code"),
    "code_wrong": lazy_gettext("Code is wrong"),
    "asked": lazy_gettext("How it stands: keep, change, cancel"),
    "asked_closed": lazy_gettext("How it stands: closed"),
    "asked_window": lazy_gettext("Changes the time"),
    "asked_changed": lazy_gettext("Change saved"),
    "asked_cancel": lazy_gettext("Cancels: really?"),
    "asked_cancelled": lazy_gettext("Cancelled"),
    "help_intro": lazy_gettext("Help to return: what it is"),
    "help_whom": lazy_gettext("Help to return: for whom"),
    "adult": lazy_gettext("Is the caller an adult"),
    "consent": lazy_gettext("Agreement to pass it on"),
    "region_code": lazy_gettext("Knows the postal code"),
    "region_digits": lazy_gettext("Keys the postal code"),
    "region_confirm": lazy_gettext("Is the region right"),
    "area": lazy_gettext("Which part of Italy"),
    "area_north_west": lazy_gettext("Region, north west"),
    "area_north_east": lazy_gettext("Region, north east"),
    "area_centre": lazy_gettext("Region, centre"),
    "area_south": lazy_gettext("Region, south"),
    "area_far_south": lazy_gettext("Region, far south"),
    "area_islands": lazy_gettext("Region, islands"),
    "country": lazy_gettext("Which country"),
    "country_say": lazy_gettext("Says the country"),
    "name": lazy_gettext("Says a name"),
    "help_no_place": lazy_gettext("No place: wait for one?"),
    "help_saved": lazy_gettext("Request saved: the code"),
    "help_cancelled": lazy_gettext("Request cancelled"),
    "leave_message": lazy_gettext("Leaves a message"),
    "message_kept": lazy_gettext("Message kept"),
    "sorry": lazy_gettext("The service does not work"),
    "goodbye": lazy_gettext("Goodbye"),
}
OLDER: Mapping[str, LazyString] = {}
"""Steps that the menu does not have any more, under no name, and that calls still hold: a word goes here from `STEPS` when
its step is taken out, until the last of those calls is forgotten."""
GROUPS: Mapping[str, LazyString] = {
    "office_north_west": lazy_gettext("Offices: which region"),
    "area_north_west": lazy_gettext("Which region"),
}
"""Steps of one kind that stand for one in the picture, by the first of them."""


def step_word(step: str | None) -> str:
    """What a step is called, as the one that it became where it was renamed; its own name where it has no other (calls keep
    the names of older menus)."""
    name = formerly.now(step or "")
    return str(STEPS.get(name) or OLDER.get(name, name))


def group_word(step: str, members: int) -> str:
    """What a stop of the picture is called: a step, or several of one kind."""
    return str(GROUPS[step]) if members > 1 and step in GROUPS else step_word(step)


FILTERS = {"step_word": step_word}
