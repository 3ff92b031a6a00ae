"""Every page about money, in the order in which they are looked for."""

from bot.money import (
    appeal_pages,
    badges,
    budget_pages,
    campaign_pages,
    converting_pages,
    fund_pages,
    kept_pages,
    mine_pages,
    own_pages,
    pledges_pages,
    receipt_pages,
    widget,
    word_pages,
    would_pages,
)

ALL = (
    fund_pages.blueprint,
    badges.blueprint,
    widget.blueprint,
    own_pages.blueprint,
    budget_pages.blueprint,
    converting_pages.blueprint,
    mine_pages.blueprint,
    kept_pages.blueprint,
    receipt_pages.blueprint,
    pledges_pages.blueprint,
    campaign_pages.blueprint,
    appeal_pages.blueprint,
    would_pages.blueprint,
    word_pages.blueprint,
)
