"""A form is read as the standard library reads it, whatever it holds."""

from urllib.parse import parse_qsl, urlencode

from hypothesis import example, given
from hypothesis import strategies as st

from helpline.ivr.posted import pairs


@given(st.lists(st.tuples(st.text(), st.text())))
def test_what_was_encoded_is_read_as_it_was(fields):
    assert pairs(urlencode(fields)) == parse_qsl(urlencode(fields), keep_blank_values=True)


@given(st.text(alphabet="ab&=+%;20ZÀ"))
@example("&&a&=b&a=b=c&+=%2B&%&%zz=%E2%82&")
def test_what_nobody_encoded_is_read_as_the_standard_library_does(body):
    assert pairs(body) == parse_qsl(body, keep_blank_values=True)
