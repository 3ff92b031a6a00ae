"""What the stories about maintainers share."""

from datetime import timedelta

from licensing import signing, store
from licensing.signing import Act, Withdrawal
from tests.house import House

BASE = "/potluck-sandbox/garden/maintain"
FIRST = 1000


def signed(house: House, *logins: str, withdrawn: tuple[int, ...] = ()) -> None:
    """Let people with these logins sign, a minute apart, numbered from 1000; some withdraw."""
    with house.app.write() as connection:
        version = store.agreement_in_force(connection, house.garden.repo.id)
        assert version is not None
        began = house.now.replace(second=0, microsecond=0)
        for number, login in enumerate(logins, FIRST):
            at = began + timedelta(minutes=number - FIRST)
            act = Act(version, house.garden.repo.id, number, login, at, comment_id=number)
            signing.sign(connection, act, house.now)
        later = began + timedelta(days=1)
        for number in withdrawn:
            left = Withdrawal(number, number, "I leave.", later)
            signing.withdraw(connection, version.agreement_id, left, house.now)
