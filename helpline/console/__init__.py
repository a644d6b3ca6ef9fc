"""Pages for people: signing in, one's own account, and the shell that every page stands in. No queries, no rules."""

from flask import Blueprint, Flask

from helpline.config import Settings
from helpline.console.access import current

__all__ = ["create", "current"]


def create(settings: Settings) -> list[Blueprint]:
    """All pages of the console. Registering the first of them also gives the application its words and filters."""
    from helpline.console import (
        account,
        alerts,
        audit,
        callbacks,
        calls,
        errors,
        figures,
        figures_exports,
        figures_menu,
        figures_reports,
        figures_returns,
        figures_staffing,
        figures_wall,
        files,
        handbook,
        handbook_house,
        handbook_phrases,
        home,
        invitations,
        ledger,
        line,
        line_days,
        line_heard,
        line_hours,
        line_limits,
        line_numbers,
        live,
        mailboxes,
        network,
        notices,
        offers,
        offers_counts,
        people,
        programs,
        projects,
        prompts,
        prompts_check,
        prompts_listening,
        prompts_preview,
        prompts_record,
        prompts_sets,
        prompts_telephone,
        prompts_upload,
        public_sheet,
        requests,
        signalling,
        signing_in,
        style,
    )

    pages: list[Blueprint] = [
        errors.pages,
        files.pages,
        home.pages,
        signing_in.pages,
        invitations.pages,
        callbacks.pages,
        live.pages,
        offers.pages,
        offers_counts.pages,
        requests.pages,
        projects.pages,
        programs.pages,
        prompts_check.pages,
        prompts_listening.pages,
        prompts_preview.pages,
        prompts_telephone.pages,
        prompts_record.pages,
        prompts_upload.pages,
        prompts_sets.pages,
        calls.pages,
        figures.pages,
        figures_menu.pages,
        figures_exports.pages,
        figures_returns.pages,
        figures_staffing.pages,
        figures_wall.pages,
        figures_reports.pages,
        ledger.pages,
        line.pages,
        line_hours.pages,
        line_days.pages,
        line_numbers.pages,
        line_limits.pages,
        line_heard.pages,
        prompts.pages,
        network.pages,
        mailboxes.pages,
        notices.pages,
        signalling.pages,
        alerts.pages,
        account.pages,
        people.pages,
        handbook.pages,
        handbook_house.pages,
        handbook_phrases.pages,
        audit.pages,
        public_sheet.pages,
    ]
    if not settings.real_carrier:
        pages.append(style.pages)
    return pages


def register(app: Flask, settings: Settings) -> None:
    """Add the console to an application."""
    from helpline.console import rendering

    rendering.prepare(app, settings)
    for blueprint in create(settings):
        app.register_blueprint(blueprint)
