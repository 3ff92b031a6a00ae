"""May it be sold now? The same as the page, for programs; no names and no addresses of people."""

from flask import Response

from bot.api import door
from bot.api.audit_answers import AuditBlocker, AuditOf, Audits
from bot.api.frame import BASE, blueprint, encoded
from bot.audit import shown
from bot.audit.shown import Looked
from core.web.house import house
from licensing.sold import armour
from licensing.sold.purposes import Purpose


@blueprint.get(f"{BASE}/audit")
def audits(owner: str, name: str) -> Response:
    """Answer for the newest release and the default branch."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    with house().app.read() as connection:
        found = shown.things(connection, repo.id)
    return encoded(Audits("commercial", [_of(one) for one in found]))


def _of(one: Looked) -> AuditOf:
    facts = one.result.facts if one.result else {}
    token = one.certificate.token if one.certificate else None
    return AuditOf(
        release=one.tag or None,
        commit=one.commit,
        sellable={"yes": True, "no": False}.get(one.answer),
        lines=one.result.lines if one.result else 0,
        blocked=one.result.blocked if one.result else 0,
        standings=facts.get("standings", {}),
        blockers=[
            AuditBlocker(
                shown.account(it["who"]), it["reason"], it["remedy"], it["lines"], it["file_count"]
            )
            for it in facts.get("blockers", [])[: shown.BLOCKERS]
        ],
        broken_promises=list(facts.get("broken", [])),
        certificate=armour.put_on(token, Purpose.AUDIT) if token else None,
        running=one.run is not None and one.run.under_way,
        looked_at=one.result.judged_at if one.result else None,
    )
