"""A request for help to return, from the first question to R7, in all nine languages, and what is saved of it.

Promise 4 (offers only with the recorded agreement of the adult it is about: which text, language, when) is held here
and in test_consent.py."""

from collections.abc import Callable

import pytest

from helpline.callbacks.models import Callback, Plan
from helpline.calls.models import Clip
from helpline.intake.models import Agreement, Ask
from helpline.ivr.actions.help_to_return import consent_version
from helpline.routing.models import Offer, Request
from helpline.voice.catalogue import Catalogue
from tests.calls.caller import Caller
from tests.calls.ways import (
    LANGUAGES,
    agrees_and_skips,
    asks_for_help,
    fields_of,
    goes_to_consent,
    one,
    outcome,
    rows,
)

FIRST_COUNTRY = {
    "it": "AL",
    "en": "NG",
    "fr": "SN",
    "es": "PE",
    "ru": "MD",
    "uk": "UA",
    "ar": "MA",
    "bn": "BD",
    "hi": "IN",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_way_is_walked_in_one_language_and_the_request_is_offered(
    caller: Caller, texts: Catalogue, language: str
) -> None:
    caller.dials().chooses(language).presses("3").hears("help_intro", "help_go_on", "help_back")
    caller.presses("1").hears("help_whom_self", "help_whom_family", "help_whom_other")
    caller.presses("2").hears("adult", "adult_yes", "adult_no")
    caller.presses("1").hears("consent_offer", "consent_answers", "consent_yes", "consent_no")
    caller.presses("1").hears("region_code", "region_code_yes", "region_code_no")
    caller.presses("1").hears("region_digits").presses("00185").hears(
        "region_is", "region_lazio", "region_right"
    )
    caller.presses("1").hears("country_choose", "digit_1", "country_other").presses("1")
    caller.hears("number_safe").presses("1").hears("window_any").presses("4").hears("quiet", "name").says(2)
    caller.hears(
        "help_saved", "help_shared", "call_by_tomorrow", "called_from", "code_is", "code_again", "saved_again"
    )
    code = caller.value_after("code_is")
    assert len(code) == 4 and caller.value_after("code_again") == code == one(Ask).code
    caller.keeps_silent(2).hears("goodbye").afterwards()
    request, agreement = one(Request), one(Agreement)
    wanted = ("lazio", FIRST_COUNTRY[language], "family", language, "offered", "everywhere")
    assert fields_of(request, "region", "country", "group", "language", "state", "entity_id") == wanted
    version = consent_version(texts, language)
    assert fields_of(agreement, "text_version", "language", "key") == (version, language, "1")
    assert (request.agreement_id, one(Offer).state, one(Clip).kind) == (agreement.id, "pending", "name")
    assert outcome() == "request" and not rows(Callback)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_region_is_found_by_its_part_of_italy_and_another_country_is_spoken(
    caller: Caller, language: str
) -> None:
    goes_to_consent(caller.dials().chooses(language)).presses("1", "2")
    caller.hears("area_north_west", "area_north_east", "area_centre", "area_south", "area_islands")
    caller.presses("4").hears(
        "region_choose", "region_abruzzo", "digit_1", "region_campania", "region_other", "digit_4"
    )
    caller.presses("4").hears("region_puglia", "region_basilicata", "region_calabria").presses("3")
    key_of_another = caller.hears("country_other").value_after("country_other")
    caller.presses(key_of_another).hears("country_say").says(2).hears("number_safe").presses("1", "1").hears(
        "name"
    ).presses("1")
    caller.hears("help_saved").hangs_up()
    request = one(Request)
    assert (request.region, request.country, request.state) == ("calabria", None, "offered")
    assert [(clip.kind, clip.state) for clip in rows(Clip)] == [("country", "held"), ("name", "absent")]


@pytest.mark.parametrize(
    ("area", "regions"),
    [
        ("1", ["piemonte", "valle_d_aosta", "lombardia", "liguria"]),
        ("2", ["trentino_alto_adige", "veneto", "friuli_venezia_giulia", "emilia_romagna"]),
        ("3", ["toscana", "umbria", "marche", "lazio"]),
        ("5", ["sicilia", "sardegna"]),
    ],
)
def test_every_part_of_italy_names_its_regions_and_keeps_the_one_chosen(
    caller: Caller, area: str, regions: list[str]
) -> None:
    goes_to_consent(caller.dials().chooses("it")).presses("1", "2", area).hears(
        *(f"region_{r}" for r in regions)
    )
    caller.presses(str(len(regions)), "1", "1", "1", "1").hears("help_saved").hangs_up()
    assert one(Request).region == regions[-1]


def test_optional_answers_are_skipped_by_silence_and_saved_as_not_known(caller: Caller) -> None:
    goes_to_consent(caller.dials().chooses("ar")).presses("1").keeps_silent(2).hears(
        "country_choose"
    ).keeps_silent(2)
    caller.hears("number_safe").presses("1", "3").hears("name").keeps_silent().hears("help_saved").hangs_up()
    assert fields_of(one(Request), "region", "country", "group") == (None, None, "self")
    assert not rows(Clip)


def test_the_hash_key_skips_what_is_optional(caller: Caller) -> None:
    goes_to_consent(caller.dials().chooses("es")).presses("1", "#").hears("country_choose").presses("#")
    caller.hears("number_safe")


def test_a_region_that_is_wrong_is_corrected_from_the_list(caller: Caller) -> None:
    goes_to_consent(caller.dials().chooses("fr")).presses("1", "1", "20100").hears(
        "region_lombardia"
    ).presses("2")
    caller.hears("area_north_west").presses("3", "1", "1", "1", "1", "1").hears("help_saved").hangs_up()
    assert one(Request).region == "toscana"


def test_a_region_that_is_wrong_and_then_skipped_is_not_kept(caller: Caller) -> None:
    goes_to_consent(caller.dials().chooses("fr")).presses("1", "1", "20100", "2").keeps_silent(2).hears(
        "country_choose"
    )
    caller.presses("1", "1", "1", "1").hears("help_saved").hangs_up()
    assert one(Request).region is None


def test_what_is_no_postal_code_is_explained_and_after_three_the_list_is_offered(caller: Caller) -> None:
    goes_to_consent(caller.dials().chooses("ru")).presses("1", "1", "99999").hears(
        "region_not_valid", "region_digits"
    )
    caller.presses("4900").hears("too_few_digits").presses("49000").hears("region_not_valid")
    caller.presses("77777").hears("area_north_west").does_not_hear("region_not_valid")


def test_a_request_waits_with_another_number_that_was_read_back(caller_from: Callable[..., Caller]) -> None:
    caller = caller_from("anonymous").dials().chooses("uk")
    goes_to_consent(caller).presses("1").keeps_silent(2).presses("1").hears("number_enter")
    caller.presses("3330000456").hears("number_is").presses("1", "2", "1").hears("help_saved").hangs_up()
    assert fields_of(one(Plan), "number", "number_proved") == ("+393330000456", False)
    assert one(Request).country == "UA"


def test_two_people_ask_with_one_telephone(caller: Caller) -> None:
    first, second = asks_for_help(caller, "bn"), asks_for_help(caller.hangs_up(), "hi")
    caller.hangs_up()
    assert first != second and [request.language for request in rows(Request)] == ["bn", "hi"]
    assert len(rows(Plan)) == 1


def test_nobody_who_is_offered_a_request_is_told_name_or_number(caller: Caller) -> None:
    asks_for_help(caller)
    caller.hangs_up()
    told = str([vars(row) for row in (*rows(Offer), *rows(Request))])
    assert "3330000123" not in told


def test_going_back_from_the_first_question_is_the_main_menu(caller: Caller) -> None:
    caller.dials().chooses("en").presses("3", "8").hears("main_information", "main_help")


def test_the_words_are_heard_again_with_nine(caller: Caller) -> None:
    goes_to_consent(caller.dials().chooses("en")).presses("9").hears(
        "consent_offer", "consent_answers", "consent_yes"
    )
    agrees_and_skips(caller).hears("help_saved")
