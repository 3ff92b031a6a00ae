"""What the worker says to the inbox at every turn, put into words once."""

from sqlalchemy import Integer, String, bindparam, func, select, update

from webhooks.deliveries import IN_STATE, delivery

RECEIVED = (
    select(delivery)
    .where(IN_STATE["received"])
    .order_by(delivery.c.id)
    .limit(bindparam("_most", type_=Integer))
)
SORTED = (
    update(delivery)
    .where(delivery.c.id == bindparam("_id"), IN_STATE["received"])
    .values(
        state=bindparam("_state"),
        entity=bindparam("_entity"),
        error=bindparam("_note"),
        event=func.coalesce(bindparam("_event", type_=String), delivery.c.event),
        due_at=bindparam("_now"),
        finished_at=bindparam("_finished_at"),
    )
)
ONE = select(delivery).where(delivery.c.id == bindparam("_id"))
