"""Which tables there are, and how both databases are brought to their newest state."""

from sqlalchemy import make_url

from bot import (
    answers,
    credentials,
    discussions,
    former_names,
    groups,
    handling,
    meters,
    outbound,
    outbox,
    people,
    places,
    policies,
    reconcile,
    schedule,
    tasks,
    teams,
    upkeep,
)
from bot.audit import tables as audit_tables
from bot.credits import tables as credit_tables
from bot.hooks_out import tables as hook_tables
from bot.mail import tables as mail_tables
from bot.maintaining import tables as maintainers_tables
from bot.milestones import tables as milestone_tables
from bot.money import lost
from bot.outcomes import tables as outcome_tables
from bot.roadmap import asking, foreign, signals, similar
from bot.roadmap import tables as roadmap_tables
from bot.roadmap.board import tables as board_tables
from bot.roadmap.intents import tables as intent_tables
from bot.roadmap.loop import tables as loop_tables
from bot.roadmap.outlets import hiding
from bot.roadmap.ranking import tables as ranking_tables
from bot.roadmap.silence import tables as silence_tables
from bot.roadmap.updates import tables as update_tables
from bot.selling import tables as sale_tables
from core import lease, migrations, sign_ins
from core.config import Settings
from core.db import Database, metadata
from donations import calls as stripe_calls
from donations import settling
from donations import tables as money_tables
from donations.asking import tables as asking_tables
from donations.budgets import tables as budget_tables
from donations.giving import naming, successors
from donations.giving import tables as giving_tables
from donations.payouts import tables as payout_tables
from donations.pledges import tables as pledge_tables
from donations.receipts import tables as receipt_tables
from donations.sharing import tables as sharing_tables
from licensing import (
    addresses,
    coverage,
    declarations,
    details,
    papers,
    provenance,
    relying,
    waiting,
    waivers,
)
from licensing import tables as licensing_tables
from licensing.companies import tables as company_tables
from licensing.imports import tables as import_tables
from licensing.releases import tables as release_tables
from licensing.sold import tables as sold_tables
from webhooks import deliveries

TABLES = (
    addresses.proven_address,
    answers.answer,
    audit_tables.audit_result,
    asking_tables.appeal_gift,
    budget_tables.organisation,
    company_tables.company,
    coverage.coverage,
    credentials.github_app,
    credit_tables.credit,
    declarations.declaration,
    deliveries.delivery,
    discussions.discussion,
    money_tables.entry,
    details.signer_detail,
    import_tables.import_batch,
    papers.guardian_paper,
    upkeep.upkeep,
    giving_tables.gift,
    naming.gift_posted,
    successors.gift_successor,
    pledge_tables.purse,
    groups.group,
    hook_tables.hook,
    handling.processed,
    lease.lease,
    licensing_tables.signature,
    mail_tables.mail,
    maintainers_tables.api_token,
    milestone_tables.milestone,
    outcome_tables.milestone_taken,
    meters.meter,
    outbound.outbound,
    outbox.outbox,
    people.account,
    policies.policy,
    provenance.provenance,
    reconcile.reconciled,
    places.repository,
    relying.reliance,
    asking.asking,
    foreign.foreign_edit,
    board_tables.move,
    intent_tables.intent_act,
    loop_tables.notice,
    silence_tables.silence,
    ranking_tables.ranked,
    roadmap_tables.request,
    signals.story,
    similar.request_stem,
    receipt_tables.receipt,
    sharing_tables.statement,
    release_tables.release,
    sale_tables.sale,
    schedule.tick,
    update_tables.outcome_update,
    stripe_calls.stripe_call,
    settling.ruling,
    lost.project_lost,
    payout_tables.reward,
    former_names.former_name,
    hiding.hidden_page,
    sign_ins.sign_in,
    sold_tables.licence,
    tasks.task,
    teams.meant_team,
    waiting.waiting,
    waivers.waiver,
)
"""One table of each store: importing them here is what makes `metadata` complete."""


def parts_of(settings: Settings) -> tuple[tuple[str, frozenset[str]], ...]:
    """Give each database's address and the parts that it holds; one entry where they are the same."""
    if make_url(settings.database_url) == make_url(settings.inbox_database_url):
        return ((settings.database_url, migrations.BOTH),)
    return (
        (settings.database_url, frozenset({"app"})),
        (settings.inbox_database_url, frozenset({"inbox"})),
    )


def migrate(settings: Settings) -> None:
    """Bring both databases to their newest state."""
    for url, parts in parts_of(settings):
        database = Database(url)
        migrations.upgrade(database, parts)
        database.close()


def check(settings: Settings) -> None:
    """Raise where the tables in the code and the migrations differ."""
    for url, parts in parts_of(settings):
        database = Database(url)
        migrations.check(database, parts, metadata)
        database.close()
