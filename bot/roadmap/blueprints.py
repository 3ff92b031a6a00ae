"""Every page of the roadmap, in the order in which they are looked for."""

from bot.credits import maintain_pages as maintain_credits
from bot.credits import pages as credit_pages
from bot.roadmap import asking_pages, pages, saying_pages
from bot.roadmap.board import moving_pages
from bot.roadmap.board import pages as board
from bot.roadmap.intents import forms as intent_forms
from bot.roadmap.intents import member_pages
from bot.roadmap.intents import pages as intents
from bot.roadmap.loop import pages as loop
from bot.roadmap.outlets.blueprints import ALL as OUTLETS
from bot.roadmap.ranking import pages as ranking

ALL = (
    pages.blueprint,
    saying_pages.blueprint,
    asking_pages.blueprint,
    ranking.blueprint,
    board.blueprint,
    moving_pages.blueprint,
    intents.blueprint,
    intent_forms.blueprint,
    member_pages.blueprint,
    loop.blueprint,
    credit_pages.blueprint,
    maintain_credits.blueprint,
    *OUTLETS,
)
