"""What people and organisations say of themselves: e-mail addresses, and teams."""

from bot.sandbox.consent import Consent
from bot.sandbox.records import Account, Team
from bot.sandbox.state import act
from core.clock import Clock


class People(Consent):
    """What somebody does in their own settings, and an organisation in its own."""

    def __init__(self, clock: Clock, base_id: int | None = None) -> None:
        """Start without teams."""
        super().__init__(clock, base_id)
        self.teams: dict[tuple[int, str], Team] = {}

    @act
    def add_email(self, who: Account, address: str, *, verified: bool = True) -> None:
        """Add an address to an account; one that is not verified links no commits."""
        (who.emails if verified else who.unverified).add(address)
        if verified:
            who.unverified.discard(address)

    @act
    def team(self, organization: Account, slug: str, *members: Account) -> Team:
        """Make a team of an organisation."""
        team = Team(self.new_id(), organization, slug, {who.id: who for who in members})
        self.teams[organization.id, slug] = team
        return team

    @act
    def rename_team(self, team: Team, slug: str) -> None:
        """Give a team another name; the old one is free again."""
        del self.teams[team.organization.id, team.slug]
        team.slug = slug
        self.teams[team.organization.id, slug] = team
