"""A blueprint of the console: guarded before every request, dressed after it, its errors pages in one's language."""

from typing import Any

from flask import Blueprint, request

from helpline.console import errors, rendering
from helpline.console.access import keep_out


class Pages(Blueprint):
    """A blueprint whose views stand behind `people.access`: each has a guard, or nobody may see it.

    `name` is the folder of its templates, and what `url_for` calls it. `largest`: how many bytes a request may bring,
    where pages take files; nothing of it is read before the guard let somebody in.
    """

    def __init__(self, name: str, *, largest: int | None = None, **options: Any) -> None:
        super().__init__(name, "helpline.console", template_folder="templates", **options)
        if largest is not None:
            self.before_request(lambda: setattr(request, "max_content_length", largest))
        self.before_request(keep_out)
        self.after_request(rendering.dress)
        self.register_error_handler(Exception, errors.page_for)
