"""The least that any telephone application does: check the signature with twilio's validator, answer a constant."""

import os

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import VoiceResponse

app = Flask(__name__)
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
public_url = os.environ["HELPLINE_PUBLIC_URL"]

answer = VoiceResponse()
answer.say("Hello.", voice="Polly.Amy-Neural", language="en-GB")
ANSWER = answer.to_xml()


@app.post("/voice/<path:where>")
def voice(where: str) -> Response:
    signature = request.headers.get("X-Twilio-Signature", "")
    if not validator.validate(public_url + request.full_path.rstrip("?"), request.form, signature):
        abort(403)
    return Response(ANSWER, content_type="text/xml; charset=utf-8")
