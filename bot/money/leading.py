"""Forms that lead to the bank's page: browsers follow a form to another site only where we name it."""

from urllib.parse import urlsplit

from core.web.headers import allow_form_to
from core.web.house import house

STRIPE = "https://api.stripe.com"
CHECKOUT = "https://checkout.stripe.com"
"""Where Stripe's pages are, https://docs.stripe.com/security/guide#content-security-policy."""


CONNECT = "https://connect.stripe.com"
"""Where people say who they are, so that they can be paid."""


def let_forms_lead_to_bank(place: str = CHECKOUT) -> None:
    """Let the forms of the present page end on the page where one pays, or another `place`.

    Chromium holds a policy's `form-action` also against where the answer to a form leads.
    """
    stripe = house().settings.stripe
    if stripe is None:
        return
    base = urlsplit(stripe.api_base)
    origin = f"{base.scheme}://{base.netloc}"
    allow_form_to(place if origin == STRIPE else origin)
