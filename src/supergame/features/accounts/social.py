"""Sign-in providers that are known by name but not configured: clients get the answer that Nakama gives in that state."""

from __future__ import annotations

from supergame.features.accounts.model import ProviderNotConfigured, ProviderTokenMissing
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.api import AccountSocial, Empty, Session

Refusal = type[ProviderNotConfigured] | type[ProviderTokenMissing]

_REFUSALS: dict[str, Refusal] = {
    "apple": ProviderNotConfigured,
    "facebook": ProviderTokenMissing,
    "facebookinstantgame": ProviderTokenMissing,
    "gamecenter": ProviderTokenMissing,
    "google": ProviderTokenMissing,
    "steam": ProviderNotConfigured,
}


def routes() -> Routes:
    routes = Routes()
    for provider, refusal in _REFUSALS.items():
        _provider(routes, provider, refusal)
    for provider in ("facebook", "steam"):
        _friends(routes, provider, _REFUSALS[provider])
    return routes


def _provider(routes: Routes, provider: str, refusal: Refusal) -> None:
    @routes.post(f"/v2/account/authenticate/{provider}", auth=Auth.SERVER_KEY, name=f"authenticate_{provider}")
    async def authenticate(ctx: Context, request: AccountSocial) -> Session:
        raise refusal

    @routes.post(f"/v2/account/link/{provider}", auth=Auth.SESSION, name=f"link_{provider}")
    async def link(ctx: Context, request: AccountSocial) -> Empty:
        raise ProviderTokenMissing if provider == "steam" else refusal

    @routes.post(f"/v2/account/unlink/{provider}", auth=Auth.SESSION, name=f"unlink_{provider}")
    async def unlink(ctx: Context, request: AccountSocial) -> Empty:
        return Empty()  # nothing can be linked, so nothing is left to take away


def _friends(routes: Routes, provider: str, refusal: Refusal) -> None:
    @routes.post(f"/v2/friend/{provider}", auth=Auth.SESSION, name=f"import_{provider}_friends")
    async def import_friends(ctx: Context, request: AccountSocial) -> Empty:
        raise refusal
