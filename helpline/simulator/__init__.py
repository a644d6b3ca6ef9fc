"""A stand-in for the telephone carrier, written from TWILIO.md alone: it shares no code with ivr/ or telephony/."""

from helpline.simulator.call import Call, Heard
from helpline.simulator.carrier import Carrier, Number
from helpline.simulator.mischief import Mischief
from helpline.simulator.refusal import CarrierRefused, NotPossible
from helpline.simulator.transport import into_wsgi, over_http
from helpline.simulator.webhooks import Exchange

__all__ = [
    "Call",
    "Carrier",
    "CarrierRefused",
    "Exchange",
    "Heard",
    "Mischief",
    "NotPossible",
    "Number",
    "into_wsgi",
    "over_http",
]
