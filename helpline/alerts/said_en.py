"""What each kind of alert says in English, what it means, and what to do about it. Pure; `{…}` are an alert's facts."""

from collections.abc import Mapping

from helpline.alerts.kinds import Kind

SAID: Mapping[Kind, tuple[str, str, tuple[str, ...]]] = {
    Kind.NOBODY_ON_SHIFT: (
        "{name}: open now, and nobody on shift",
        "The line is open for this language, and the rota names nobody. Who asks for a person is offered a callback.",
        (
            "Ask somebody who speaks the language to take the shift, and load it (helpline shifts load).",
            "If nobody can: shorten the hours of this language, so that callers are told the truth.",
        ),
    ),
    Kind.NOBODY_SOON: (
        "{name}: nobody on shift in {hours} hours, when it is open",
        "The rota has a gap ahead. There is still time to fill it.",
        ("Look at the rota (helpline shifts list) and fill the gap, or shorten the hours of this language.",),
    ),
    Kind.NOBODY_THERE: (
        "{name}: on shift: {count}, but nobody is there",
        "Somebody is on shift and has not said in the console that they are there, so no telephone rings.",
        ("Ask whoever is on shift to open Live calls and say that they are there.", "Two rings that were not taken end that; it has to be said again."),
    ),
    Kind.HELD_LONG: (
        "{name}: callers who wait for a person: {count}, the longest for {lasted}, with somebody there",
        "Somebody is there, and still nobody takes the call: a telephone does not ring, or everybody is in a talk.",
        ("Look at Live calls: who is free, whose telephone rings.", "If telephones do not ring: see the carrier, and the worker of the queue “ring”."),
    ),
    Kind.CALLBACKS_MANY: (
        "{name}: callbacks that wait: {count}",
        "More people wait to be called back in this language than can be called in a day or two.",
        ("Ask more people who speak it to call back, or to swap a live shift for callbacks.", "Look at Callbacks for what stands together: many asks of one day often have one cause."),
    ),
    Kind.CALLBACKS_OLD: (
        "{name}: the oldest callback has waited for {hours} hours",
        "Somebody has waited long for a call in this language.",
        ("Open Callbacks, choose the language, and begin with the oldest.", "“What needs a look” says when there is no window left in which they may be called."),
    ),
    Kind.PROMISES_PASSED: (
        "Callbacks whose promised day has passed without a try: {count}",
        "These people were told a day, and nobody has called them.",
        ("Open Callbacks, “What needs a look”, and have them called first today.",),
    ),
    Kind.REQUESTS_UNDECIDED: (
        "Requests that need a person’s decision: {count}, the oldest for {hours} hours",
        "No organisation is offered these requests until a coordinator has decided.",
        ("Open Requests: each says why it stands still. Have the person called, give it to a project by hand, or let it be offered again.",),
    ),
    Kind.OFFERS_EXPIRING: (
        "{name}: offers that expire unanswered soon: {count}, the first in {lasted}",
        "Where an offer expires, the request goes to another organisation, and the person waits longer.",
        ("Ring the organisation, or give it more time on the request’s page.",),
    ),
    Kind.ENTITY_SILENT: (
        "{name}: does not answer: offers expired in a row: {count}",
        "It is paused by itself, and gets no requests.",
        ("Talk with the organisation; resume it on its page when it answers again.",),
    ),
    Kind.ENTITY_NOT_TOLD: (
        "{name}: nobody is told of its offers",
        "It has no confirmed mailbox and no address for webhooks, or nothing has arrived there for a day.",
        ("Open the organisation’s page, Programs: note another mailbox, or send a test.", "helpline webhooks check names the cause."),
    ),
    Kind.CALLS_STOPPED: (
        "No call for {lasted}; usually {expected} would have come",
        "So long a silence is hardly chance. The number may not reach us, although everything here works.",
        ("Call the number yourself, from a mobile and from a fixed telephone.", "Look at the carrier’s console: is the number active, where does it lead, is there money on the account?"),
    ),
    Kind.LEGS_FAILING: (
        "Calls that we place fail at the carrier: {percent} % ({count} of {all} in the last hour)",
        "Callbacks and live calls do not reach people’s telephones.",
        ("See the runbook, “A call back does not ring”: the carrier’s code in the worker’s log says why.", "20003: token or account; 21215: calls to Italy are switched off; money on the account?"),
    ),
    Kind.CARRIER_ERRORS: (
        "The carrier reports errors: {count} in ten minutes, most often with the number {code}",
        "The carrier could not do what we asked, or did not get our answer.",
        ("Look the number up in the carrier’s debugger; 11200: it did not reach us; 12xxx and 13xxx: our document.",),
    ),
    Kind.DOCUMENTS_FAILING: (
        "The carrier could not run our documents: {count} in ten minutes",
        "These calls were rescued with the carrier’s own voices; callers heard something else than they should.",
        ("The web process’s log names the carrier’s error; was anything published or released a moment ago? Roll it back.",),
    ),
    Kind.WEBHOOKS_REFUSED: (
        "Webhooks without the carrier’s good signature: {count} in ten minutes; good calls: {calls}",
        "With no good call beside them, our address or the token is wrong, and every caller hears an error. With good calls it is somebody who tries.",
        ("No good calls: compare HELPLINE_PUBLIC_URL and TWILIO_AUTH_TOKEN with the carrier’s console; does a proxy rewrite paths?", "Good calls: nothing is lost; have the server in front slow that address down."),
    ),
    Kind.WEBHOOKS_FAILING: (
        "Webhooks that failed with us: {count} in ten minutes",
        "These callers heard an apology instead of the menu.",
        ("The web process’s log says where (a webhook failed). Was a release made a moment ago? Go back to the one before.", "helpline db check says whether the tables are this release’s."),
    ),
    Kind.CLIPS_FAILING: (
        "Clips that could not be given out: {count} in ten minutes",
        "Where a clip is not served the carrier is silent, or a call breaks.",
        ("helpline prompts check --url https://… from another machine names each clip.", "Is the storage of recordings (HELPLINE_CLIPS_URL) reachable?"),
    ),
    Kind.CLIPS_MISSING: (
        "{name}: prompts without a recording in what callers hear: {count}",
        "The others of this language are recorded; these are spoken by the carrier’s voice, and callers take it for a fault.",
        ("Open Prompts, choose the language: record what is missing and publish it, or roll back the set.",),
    ),
    Kind.FIGURES_STOPPED: (
        "Figures were last counted {lasted} ago",
        "Pages of figures and the wallboard show what was.",
        ("The clock’s log says why the sweep failed. What is missed is counted by itself once it works.",),
    ),
    Kind.SWEEP_FAILING: (
        "The regular work “{subject}” has failed for {lasted}",
        "What it looks after stands still until it works again.",
        ("The clock’s log names the kind of error. For retention (privacy) mend it within the day.",),
    ),
    Kind.QUEUE_DOWN: (
        "The queue (Valkey) does not answer",
        "Nothing is lost: the clock finds overdue work. Everything is slower, and live calls ring later.",
        ("Start the queue’s server again, or mend REDIS_URL.",),
    ),
    Kind.QUEUE_LONG: (
        "Jobs that wait in the queue “{subject}”: {count}",
        "The worker does not keep step, or hangs.",
        ("Look at the worker’s log; start one more worker of this queue, or start it anew.",),
    ),
    Kind.WORKER_SILENT: (
        "No worker for the queue “{subject}”",
        "Calls are placed late (ring), recordings and messages stand still (slow), until the clock finds them.",
        ("Start the worker (helpline worker {subject}, or the whole with helpline up).",),
    ),
    Kind.PAGES_SILENT: (
        "The web processes do not answer since {lasted}",
        "Callers hear an error or the document outside, and nobody can use the console.",
        ("Look at the web processes’ log and start them anew; is the disk full, or the memory?",),
    ),
    Kind.MESSAGES_STUCK: (
        "Messages to organisations that wait to be sent: {count}, the oldest for {lasted}",
        "Organisations do not hear of their offers in time.",
        ("Does the worker of the queue “slow” run? Does the mail server (HELPLINE_SMTP_URL) answer?", "helpline webhooks list shows the last error of each."),
    ),
    Kind.DISK_FULL: (
        "Free on the disk of our data: {percent} %",
        "When it is full the database stops, and with it everything that must be saved.",
        ("Make room: old logs, old backups; then a greater disk.",),
    ),
    Kind.PROBE_SILENT: (
        "The probe “{subject}” last reached the line {lasted} ago",
        "Seen from there the line cannot be reached, or nobody looks from there any more.",
        ("Open the line’s address from elsewhere: does it answer?", "Does helpline probe still run there? If it was given up on purpose, forget it on this page."),
    ),
}  # fmt: skip
