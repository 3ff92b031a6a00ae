"""Every page of outcomes; with them come their days in a project's calendar."""

from bot.outcomes import deadlines, feeds, pages, update_pages

ALL = (pages.blueprint, update_pages.blueprint, feeds.blueprint)
CALENDAR = (deadlines.of_milestones, deadlines.of_campaigns)
