"""Our carrier, answered by the stand-in in this process: what `telephony.twilio` asks over REST, without the wire."""

from dataclasses import dataclass
from datetime import datetime

from helpline.simulator.carrier import Carrier as SimulatedCarrier
from helpline.telephony.carrier import CarrierCall, Recording


@dataclass
class StandIn:
    """The four things we ask of a carrier."""

    simulated: SimulatedCarrier

    def recording(self, sid: str) -> bytes | None:
        found = self.simulated.recordings.find(sid)
        return found.wav if found and found.status(self.simulated.now()) == "completed" else None

    def delete_recording(self, sid: str) -> None:
        found = self.simulated.recordings.find(sid)
        if found:
            found.deleted = True

    def recordings(self, since: datetime) -> list[Recording]:
        return [
            Recording(one.sid, one.call_sid, one.seconds, one.created)
            for one in self.simulated.recordings.all()
            if one.created >= since
        ]

    def call(self, sid: str) -> CarrierCall | None:
        found = self.simulated.calls.get(sid)
        if found is None:
            return None
        return CarrierCall(sid, found.from_, found.to, found.status, None, found.duration)
