"""The line's settings, as they are now and as they were; knows nothing of calls, requests or entities."""

from helpline.line.current import NEUTRAL, WELCOME, Line, Notice, ProjectDates, current, forget, read

__all__ = ["NEUTRAL", "WELCOME", "Line", "Notice", "ProjectDates", "current", "forget", "read"]
