"""Every view has a guard, and one that has none is found."""

import pytest
from flask import Flask
from flask.views import MethodView

from helpline.people import access
from helpline.people.roles import Role
from helpline.people.scopes import Scope


def _app():
    app = Flask("test", static_folder=None)

    @app.get("/open")
    @access.anyone
    def open_view():
        return "open"

    @app.post("/signed")
    @access.carrier_only
    def signed_view():
        return "signed"

    return app


def test_an_application_of_guarded_views_has_nothing_unguarded():
    app = _app()
    assert access.unguarded(app) == []
    assert access.guard_of(app.view_functions["signed_view"]) == access.CARRIER


def test_views_without_a_guard_are_named_with_their_rules():
    app = _app()
    app.add_url_rule("/forgotten/<int:ask_id>", "forgotten", lambda ask_id: "")
    app.add_url_rule("/never", "never_written")
    assert access.unguarded(app) == ["/forgotten/<int:ask_id> -> forgotten", "/never -> never_written"]


def test_the_folder_of_static_files_counts_as_a_view():
    assert access.unguarded(Flask("test")) == ["/static/<path:filename> -> static"]


def test_a_class_of_views_carries_its_guard():
    class Page(MethodView):
        def get(self):
            return ""

    app = _app()
    app.add_url_rule("/page", view_func=access.guarded("coordinator")(Page).as_view("page"))
    assert access.unguarded(app) == []
    assert access.guard_of(app.view_functions["page"]) == "coordinator"


def test_a_view_has_one_guard():
    with pytest.raises(ValueError, match="already"):
        access.anyone(access.carrier_only(lambda: ""))


def test_roles_that_may_pass_are_read_from_the_guard():
    class Views:
        @staticmethod
        @access.allowed(Role.OPERATOR, Role.COORDINATOR)
        def work():
            return ""

        @staticmethod
        @access.signed_in
        def me():
            return ""

    assert access.guard_of(Views.work) == "coordinator or operator"
    everybody = [None, [], *[[role] for role in Role]]
    admitted = {
        name: [roles for roles in everybody if access.admits(guard, roles)]
        for name, guard in {
            "work": access.guard_of(Views.work),
            "me": access.guard_of(Views.me),
            "open": access.ANYONE,
            "carrier": access.CARRIER,
            "none": None,
        }.items()
    }
    assert admitted == {
        "work": [["operator"], ["coordinator"]],
        "me": everybody[1:],
        "open": everybody,
        "carrier": [],
        "none": [],
    }


def test_nobody_is_a_role_that_a_view_can_ask_for():
    with pytest.raises(ValueError, match="needs a role"):
        access.allowed()
    with pytest.raises(ValueError, match="king"):
        access.allowed("king")


def test_a_token_opens_the_guard_of_its_scope_and_a_person_none_of_them():
    view = access.token(Scope.OFFERS_READ)(lambda: "")
    guard = access.guard_of(view)
    assert access.scope_of(guard) is Scope.OFFERS_READ
    assert not access.admits(guard, list(Role))
    assert not access.admits(guard, None)
    assert [access.scope_of(other) for other in (None, access.ANYONE, access.CARRIER, "operator")] == [
        None
    ] * 4


def test_a_scope_that_nobody_knows_is_no_guard():
    with pytest.raises(ValueError, match="offers:sell"):
        access.token("offers:sell")
