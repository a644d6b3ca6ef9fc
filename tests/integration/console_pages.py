"""Every page of the console: who may open it, and what somebody who may gets for a bare request.

A page that is not here fails a test: whoever adds one says here whom it is for. Where an address names a thing, the
bare request is for one that does not exist (id 999), so that nothing is changed and 404 means: let in. 0 stands for
any answer that lets in.
"""

from helpline.people.roles import Role

EVERYBODY = None
SIGNED_IN = frozenset(Role)
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
CALLERS = frozenset({Role.OPERATOR, Role.COORDINATOR})
NETWORK = frozenset({Role.COORDINATOR, Role.FOCAL_POINT})
COORDINATORS = frozenset({Role.COORDINATOR})
KEEPERS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
CONCERNED = KEEPERS | {Role.ENTITY_MEMBER}
MEMBERS = frozenset({Role.ENTITY_MEMBER})

PAGES: dict[str, tuple[frozenset[Role] | None, int]] = {
    # the shell
    "GET /": (SIGNED_IN, 0),  # to the first room, or a page that says there is none
    "GET /welcome": (SIGNED_IN, 200),
    "POST /language": (EVERYBODY, 303),
    "GET /static/<asked>/<path:name>": (EVERYBODY, 404),
    "GET /style": (EVERYBODY, 200),
    "GET /style/live": (EVERYBODY, 200),
    "POST /style": (EVERYBODY, 303),
    # signing in
    "GET /sign-in": (EVERYBODY, 0),  # who is signed in goes on
    "POST /sign-in": (EVERYBODY, 422),
    "GET /sign-in/code": (EVERYBODY, 303),
    "POST /sign-in/code": (EVERYBODY, 303),
    "GET /sign-in/enrol": (EVERYBODY, 303),
    "POST /sign-in/enrol": (EVERYBODY, 303),
    "GET /invited/<token>": (EVERYBODY, 410),
    "POST /invited/<token>": (EVERYBODY, 410),
    # one's own account
    "GET /me": (SIGNED_IN, 200),
    "POST /me": (SIGNED_IN, 422),
    "POST /me/password": (SIGNED_IN, 422),
    "POST /me/telephone-seen": (SIGNED_IN, 303),
    "POST /me/recovery-codes": (SIGNED_IN, 303),
    "POST /me/sessions/<int:session_id>/end": (SIGNED_IN, 303),
    "POST /me/sessions/end": (SIGNED_IN, 303),
    # public: signals and information sheets
    "GET /signal": (EVERYBODY, 303),
    "GET /signal/<tongue>": (EVERYBODY, 404),
    "POST /signal/<tongue>": (EVERYBODY, 404),
    "GET /sheet": (EVERYBODY, 303),
    "GET /sheet/<tongue>": (EVERYBODY, 404),
    "GET /sheet/<tongue>.pdf": (EVERYBODY, 404),
    # a verified service or association
    "GET /signals": (frozenset({Role.NETWORK_MEMBER}), 200),
    "POST /signals": (frozenset({Role.NETWORK_MEMBER}), 422),
    # the network
    "GET /network": (NETWORK, 200),
    "GET /network/offices": (NETWORK, 200),
    "POST /network/signals/<int:signal_id>/contact": (NETWORK, 422),
    "POST /network/signals/<int:signal_id>/again": (frozenset({Role.COORDINATOR}), 303),
    "POST /network/signals/<int:signal_id>/close": (frozenset({Role.COORDINATOR}), 422),
    "GET /network/focal-points": (frozenset({Role.COORDINATOR}), 200),
    "GET /network/focal-points/new": (frozenset({Role.COORDINATOR}), 200),
    "POST /network/focal-points/new": (frozenset({Role.COORDINATOR}), 422),
    "GET /network/focal-points/<focal_id>": (frozenset({Role.COORDINATOR}), 404),
    "POST /network/focal-points/<focal_id>": (frozenset({Role.COORDINATOR}), 404),
    "POST /network/focal-points/<focal_id>/end": (frozenset({Role.COORDINATOR}), 404),
    "GET /network/sessions": (NETWORK, 200),
    "POST /network/sessions": (NETWORK, 422),
    "GET /network/sessions.csv": (NETWORK, 200),
    "GET /network/sessions/<int:session_id>": (NETWORK, 404),
    "POST /network/sessions/<int:session_id>": (NETWORK, 404),
    "POST /network/sessions/<int:session_id>/remove": (NETWORK, 404),
    # people and audit
    "GET /people": (ADMINISTRATORS, 200),
    "GET /people/invite": (ADMINISTRATORS, 200),
    "POST /people/invite": (ADMINISTRATORS, 422),
    "GET /people/<int:person_id>": (ADMINISTRATORS, 404),
    "POST /people/<int:person_id>": (ADMINISTRATORS, 404),
    "POST /people/<int:person_id>/disable": (ADMINISTRATORS, 404),
    "POST /people/<int:person_id>/enable": (ADMINISTRATORS, 404),
    "POST /people/<int:person_id>/link": (ADMINISTRATORS, 404),
    "POST /people/<int:person_id>/second-factor": (ADMINISTRATORS, 404),
    "GET /audit": (ADMINISTRATORS, 200),
    "GET /audit/check": (ADMINISTRATORS, 200),
    "GET /audit/<day>": (ADMINISTRATORS, 404),
    # callbacks
    "GET /callbacks": (CALLERS, 200),
    "GET /callbacks/rows": (CALLERS, 200),
    "GET /callbacks/concerns": (frozenset({Role.COORDINATOR}), 200),
    "POST /callbacks/next": (CALLERS, 0),
    "GET /callbacks/<int:callback_id>": (CALLERS, 404),
    "GET /callbacks/<int:callback_id>/call": (CALLERS, 0),
    "GET /callbacks/<int:callback_id>/clips/<int:clip_id>.wav": (CALLERS, 404),
    "POST /callbacks/<int:callback_id>/beat": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/bridge": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/call": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/claim": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/code": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/dismiss": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/interpreter": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/note": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/number": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/outcome": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/recognised": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/release": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/stop": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/take-over": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/urgent": (CALLERS, 0),
    "POST /callbacks/<int:callback_id>/take-back": (CALLERS, 0),
    "GET /callbacks/<int:callback_id>/request": (CALLERS, 404),
    "POST /callbacks/<int:callback_id>/request": (CALLERS, 404),
    "GET /guide": (CALLERS, 200),
    # live calls
    "GET /live": (CALLERS, 200),
    "GET /live/part": (CALLERS, 200),
    "POST /live/ready": (CALLERS, 0),
    "POST /live/pause": (CALLERS, 0),
    "POST /live/leave": (CALLERS, 0),
    "POST /live/<int:hold_id>/close": (CALLERS, 0),
    "POST /live/<int:hold_id>/code": (CALLERS, 0),
    "POST /live/<int:hold_id>/note": (CALLERS, 0),
    "POST /live/<int:hold_id>/recognised": (CALLERS, 0),
    "POST /live/<int:hold_id>/take-back": (CALLERS, 0),
    "POST /live/<int:hold_id>/interpreter": (CALLERS, 0),
    "POST /live/<int:hold_id>/bridge": (CALLERS, 0),
    "POST /live/<int:hold_id>/dismiss": (CALLERS, 0),
    "GET /live/<int:hold_id>/ask/<kind>": (CALLERS, 404),
    "POST /live/<int:hold_id>/ask/<kind>": (CALLERS, 404),
    # offers, for organisations: 999 is nobody's
    "GET /offers": (MEMBERS, 200),
    "GET /offers/rows": (MEMBERS, 200),
    "GET /offers/<int:offer_id>": (MEMBERS, 404),
    "GET /offers/<int:offer_id>/standing": (MEMBERS, 404),
    "POST /offers/<int:offer_id>/accept": (MEMBERS, 404),
    "POST /offers/<int:offer_id>/decline": (MEMBERS, 404),
    "POST /offers/<int:offer_id>/number": (MEMBERS, 404),
    "POST /offers/<int:offer_id>/outcome": (MEMBERS, 404),
    "GET /offers/<int:offer_id>/call": (MEMBERS, 404),
    "POST /offers/<int:offer_id>/call": (MEMBERS, 404),
    "POST /offers/<int:offer_id>/stop": (MEMBERS, 404),
    "GET /places": (MEMBERS, 200),
    "POST /places/full": (MEMBERS, 422),
    "POST /places/contact": (MEMBERS, 409),  # the form of no page
    "POST /places/pause": (MEMBERS, 422),
    "POST /places/resume": (MEMBERS, 303),
    "GET /places/<project_id>": (MEMBERS, 404),
    "POST /places/<project_id>/limits": (MEMBERS, 404),
    "POST /places/<project_id>/pause": (MEMBERS, 404),
    "POST /places/<project_id>/resume": (MEMBERS, 404),
    # requests, projects, ledger
    "GET /requests": (COORDINATORS, 200),
    "GET /requests/plan": (COORDINATORS, 200),
    "GET /requests/<int:request_id>": (COORDINATORS, 404),
    "POST /requests/<int:request_id>/extend": (COORDINATORS, 404),
    "POST /requests/<int:request_id>/withdraw": (COORDINATORS, 404),
    "POST /requests/<int:request_id>/assign": (COORDINATORS, 404),
    "POST /requests/<int:request_id>/park": (COORDINATORS, 404),
    "POST /requests/<int:request_id>/unpark": (COORDINATORS, 404),
    "POST /requests/<int:request_id>/urgent": (COORDINATORS, 404),
    "POST /requests/<int:request_id>/take-back": (COORDINATORS, 404),
    "GET /projects": (COORDINATORS, 200),
    "GET /projects/<project_id>": (COORDINATORS, 404),
    "POST /projects/<project_id>": (COORDINATORS, 404),
    "POST /projects/<project_id>/pause": (COORDINATORS, 404),
    "POST /projects/<project_id>/resume": (COORDINATORS, 404),
    "GET /entities/<entity_id>": (COORDINATORS, 404),
    "POST /entities/<entity_id>/contact": (COORDINATORS, 404),
    "POST /entities/<entity_id>/pause": (COORDINATORS, 404),
    "POST /entities/<entity_id>/resume": (COORDINATORS, 404),
    "POST /entities/<entity_id>/full": (COORDINATORS, 404),
    "GET /entities/<entity_id>/project": (COORDINATORS, 404),
    "POST /entities/<entity_id>/project": (COORDINATORS, 404),
    # programs of organisations
    "GET /programs": (KEEPERS, 200),
    "GET /entities/<entity_id>/programs": (CONCERNED, 404),
    "GET /entities/<entity_id>/programs/deliveries": (CONCERNED, 0),  # nobody's: none
    "POST /entities/<entity_id>/programs/tokens": (CONCERNED, 404),
    "POST /entities/<entity_id>/programs/tokens/<int:token_id>/end": (CONCERNED, 404),
    "POST /entities/<entity_id>/programs/webhooks": (CONCERNED, 404),
    "POST /entities/<entity_id>/programs/webhooks/<int:endpoint_id>/secret": (CONCERNED, 404),
    "POST /entities/<entity_id>/programs/webhooks/<int:endpoint_id>/pause": (CONCERNED, 404),
    "POST /entities/<entity_id>/programs/webhooks/<int:endpoint_id>/resume": (CONCERNED, 404),
    "POST /entities/<entity_id>/programs/webhooks/<int:endpoint_id>/end": (CONCERNED, 404),
    "POST /entities/<entity_id>/programs/webhooks/<int:endpoint_id>/test": (CONCERNED, 404),
    "POST /entities/<entity_id>/programs/mail/test": (CONCERNED, 404),
    "POST /entities/<entity_id>/programs/deliveries/<int:delivery_id>": (CONCERNED, 404),
    "POST /entities/<entity_id>/programs/deliveries/failed": (CONCERNED, 404),
    "GET /ledger": (COORDINATORS, 200),
    "POST /ledger/export": (COORDINATORS, 200),
    # the very last: afterwards one is signed out
    "POST /sign-out": (SIGNED_IN, 303),
}
