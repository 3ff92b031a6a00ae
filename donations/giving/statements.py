"""What is asked of gifts at every word of the bank, put into words once."""

from sqlalchemy import bindparam, select

from donations.giving.tables import act, gift, terms

BY_KEY = select(gift).where(gift.c.key == bindparam("_key"))
BY_ID = select(gift).where(gift.c.id == bindparam("_id"))
HOLD = select(gift.c.id).where(gift.c.id == bindparam("_id")).with_for_update()
TERMS = select(terms.c.text).where(terms.c.sha256 == bindparam("_sha256"))
ACTS = (
    select(act.c.deed, act.c.evidence, act.c.at, act.c.minor, act.c.payment)
    .where(act.c.gift_id == bindparam("_gift_id"), act.c.id > bindparam("_after"))
    .order_by(act.c.at, act.c.id)
)
