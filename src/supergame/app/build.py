"""The wiring page: every part of a node is made here, by hand, and given what it needs. Read it from top to bottom."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from argon2 import PasswordHasher

from supergame import __version__
from supergame.app.config import Config
from supergame.app.folder import take_folder
from supergame.app.keys import KeyRing, load_keys, title_keys
from supergame.app.node import Node
from supergame.app.own_rpcs import add_own_rpcs
from supergame.app.pages import page_folder
from supergame.app.plugins import Parts, find_plugins
from supergame.app.reload import Reloader
from supergame.base.clock import Clock, SystemClock
from supergame.base.errors import FailedPrecondition
from supergame.base.events import Notices
from supergame.base.ids import Chance
from supergame.console import api as console_api
from supergame.console.audit_pages import AuditPages
from supergame.console.operators import Operators
from supergame.console.router import ConsoleRouter
from supergame.console.signins import SignIns
from supergame.console.trail import Trail
from supergame.content.publisher import Publisher
from supergame.content.remote import store_at
from supergame.content.signing import Keys as ReleaseKeys
from supergame.db import migrate
from supergame.db.port import Database
from supergame.db.sqlite import Sqlite
from supergame.features.accounts import api as accounts_api
from supergame.features.accounts import console as accounts_console
from supergame.features.accounts import social as accounts_social
from supergame.features.accounts.model import PersonErased
from supergame.features.accounts.passwords import Passwords
from supergame.features.accounts.service import Accounts
from supergame.features.chat import api as chat_api
from supergame.features.chat import console as chat_console
from supergame.features.chat import rt as chat_rt
from supergame.features.chat.model import NoGroups
from supergame.features.chat.service import Chat
from supergame.features.config import api as config_api
from supergame.features.config import console as config_console
from supergame.features.config import jobs as config_jobs
from supergame.features.config.service import LiveConfig
from supergame.features.dev import api as dev_api
from supergame.features.feedback import api as feedback_api
from supergame.features.feedback import console as feedback_console
from supergame.features.feedback.service import Feedback
from supergame.features.friends import api as friends_api
from supergame.features.friends.service import Friends
from supergame.features.ledger import console as ledger_console
from supergame.features.ledger import jobs as ledger_jobs
from supergame.features.ledger.service import Ledger
from supergame.features.licences import api as licences_api
from supergame.features.licences import console as licences_console
from supergame.features.licences import jobs as licences_jobs
from supergame.features.licences.push import Push
from supergame.features.licences.service import Licences
from supergame.features.matches import api as matches_api
from supergame.features.matches import console as matches_console
from supergame.features.matches import rt as matches_rt
from supergame.features.matches.running import Parts as MatchParts
from supergame.features.matches.service import Matches
from supergame.features.matches.spectate import Taps
from supergame.features.notifications import api as notifications_api
from supergame.features.notifications import rt as notifications_rt
from supergame.features.notifications.service import Notifications
from supergame.features.previews import console as previews_console
from supergame.features.previews.service import Previews
from supergame.features.privacy import console as privacy_console
from supergame.features.privacy.service import Privacy
from supergame.features.releases import api as releases_api
from supergame.features.releases import console as releases_console
from supergame.features.releases import jobs as releases_jobs
from supergame.features.releases.service import JOBS_QUEUED_MAX as CONTENT_JOBS_QUEUED_MAX
from supergame.features.releases.service import Releases
from supergame.features.reports import api as reports_api
from supergame.features.reports import console as reports_console
from supergame.features.reports import jobs as reports_jobs
from supergame.features.reports.service import Reports
from supergame.features.royalties import console as royalties_console
from supergame.features.royalties import jobs as royalties_jobs
from supergame.features.royalties.service import Royalties
from supergame.features.rpc import api as rpc_api
from supergame.features.rpc import rt as rpc_rt
from supergame.features.rpc.service import Functions
from supergame.features.sanctions import jobs as sanctions_jobs
from supergame.features.sanctions.service import Sanctions
from supergame.features.sessions import api as sessions_api
from supergame.features.sessions import jobs as sessions_jobs
from supergame.features.sessions.service import Sessions
from supergame.features.status import rt as status_rt
from supergame.features.status.service import StatusService
from supergame.features.storage import api as storage_api
from supergame.features.storage import console as storage_console
from supergame.features.storage import jobs as storage_jobs
from supergame.features.storage.service import Storage
from supergame.features.streams.service import Streams
from supergame.features.system import api as system_api
from supergame.features.system import console as system_console
from supergame.features.system import jobs as system_jobs
from supergame.features.system import rt as system_rt
from supergame.features.system.model import Title
from supergame.features.system.pulse import Pulse
from supergame.features.system.service import System
from supergame.features.titles import console as titles_console
from supergame.features.titles import jobs as titles_jobs
from supergame.features.titles.model import Settings
from supergame.features.titles.model import Title as ServedTitle
from supergame.features.titles.service import Titles
from supergame.features.wallets import console as wallets_console
from supergame.features.wallets.service import Wallets
from supergame.game import Game
from supergame.game.services import Services
from supergame.gateway import assets, title_pages
from supergame.gateway.cors import Cors
from supergame.gateway.http import HttpProtocol
from supergame.gateway.server import HttpServer
from supergame.gateway.socket import Flusher, PlayerSocket
from supergame.gateway.ws import WebSockets
from supergame.realtime.router import MessageRouter
from supergame.realtime.session import SessionRegistry
from supergame.realtime.tracker import Tracker
from supergame.routing import openapi
from supergame.routing.auth import Authenticator
from supergame.routing.context import Context
from supergame.routing.hooks import Hooks
from supergame.routing.http import Router
from supergame.routing.rt import RtRouter
from supergame.runtime.outbox import Outbox
from supergame.runtime.pool import Pool
from supergame.runtime.ticker import Ticker
from supergame.runtime.watchdog import Watchdog
from supergame.telemetry.logging import logger
from supergame.telemetry.metrics import Metrics
from supergame.wire.rtapi import FROM_CLIENTS
from supergame.wire.token import Tokens

log = logger("node")


class EngineMissing(FailedPrecondition):
    """PostgreSQL needs a package more: pip install "supergame[postgres]"."""

    code = "node.engine_missing"


async def build(
    config: Config,
    games: list[Game],
    *,
    clock: Clock | None = None,
    chance: Chance | None = None,
    hasher: PasswordHasher | None = None,
    reloader: Reloader | None = None,
) -> Node:
    """A node that is ready to `serve`: its database migrated, its features wired, its games installed, live if there is a reloader."""
    folder_lock, db = take_folder(config.data_dir), None
    try:
        db = await open_database(config)
        node = await wire(config, db, games, clock or SystemClock(), chance or Chance(), hasher, reloader)
    except BaseException:  # a start that fails leaves nothing open
        if db is not None:
            await db.close()
        folder_lock.close()
        raise
    node.on_stopped = folder_lock.close
    return node


async def wire(
    config: Config,
    db: Database,
    games: list[Game],
    clock: Clock,
    chance: Chance,
    hasher: PasswordHasher | None,
    reloader: Reloader | None,
) -> Node:
    """Every part, from the bottom up."""
    limits = config.limits
    titles = [game.id for game in games]
    keys = load_keys(config.data_dir, titles, chance)

    metrics = Metrics()
    watchdog = Watchdog(metrics)
    plugins = list(find_plugins())
    await migrate.migrate(db, migrate.load(), clock.now())
    for plugin in plugins:
        await migrate.migrate(db, plugin.migrations, clock.now(), plugin.name)

    outbox = Outbox(db, clock, chance, metrics, limits.outbox_batch)
    notices = Notices(lambda name, error: log.error("notice not heard", notice=name, exc_info=error))
    registry, tracker = SessionRegistry(), Tracker()
    message_router = MessageRouter(tracker)
    hash_pool = Pool("hash", threads=2, jobs_queued_max=limits.hash_jobs_queued_max)
    work_pool = Pool("work", threads=1, jobs_queued_max=limits.work_jobs_queued_max)

    key_ring = KeyRing(config.data_dir, keys, titles, clock, chance, well_known=config.has_well_known_keys)
    served = [ServedTitle(game.id, game.name, config.titles.get(game.id, Settings())) for game in games]
    options = Settings(single_socket=config.single_socket, single_match=config.single_match)
    titles_service = Titles(db, clock, served, options, key_ring)
    await titles_service.load()
    sessions = Sessions(db, clock, chance, bytes.fromhex(keys.session_secret), config.lifetimes, registry, limits)
    await sessions.load()
    sanctions = Sanctions(db, clock, chance, limits)
    await sanctions.load()
    accounts = Accounts(db, clock, chance, sessions, sanctions, Passwords(hash_pool, hasher), outbox, notices, limits)
    storage = Storage(db, clock, outbox, limits)
    notifications = Notifications(db, clock, chance, accounts, registry, outbox, notices, limits, titles_service.has_single_socket)
    status = StatusService(accounts, tracker, message_router, limits)
    friends = Friends(db, clock, accounts, notifications, status, tracker, outbox, titles)
    access = NoGroups(friends.may_talk)
    chat = Chat(db, clock, chance, accounts, sanctions, notifications, tracker, message_router, outbox, limits, access)
    reports = Reports(db, clock, chance, accounts, sanctions, chat, outbox, limits)
    streams = Streams(registry, tracker, message_router, limits)
    live_config = LiveConfig(db, clock, notifications, registry, tracker, watchdog.guard)
    await live_config.load()
    ticker = Ticker(clock)
    taps = Taps(clock, ticker, limits)
    match_parts = MatchParts(tracker, message_router, ticker, watchdog, clock, chance, metrics, limits, taps)
    match_tokens = Tokens(bytes.fromhex(keys.session_secret), "match")
    matches = Matches(match_parts, match_tokens, has_single_match=titles_service.has_single_match)
    ledger = Ledger(db, clock, chance)
    wallets = Wallets(db, clock, chance, accounts, ledger, outbox)
    licences = Licences(db, clock, chance, Push(matches, registry, notifications))
    await licences.load()
    royalties = Royalties(db, clock, chance, ledger, licences)
    await royalties.load()
    content_pool = Pool("content", threads=2, jobs_queued_max=CONTENT_JOBS_QUEUED_MAX)
    release_keys = ReleaseKeys(config.data_dir / "release-keys.json", chance)
    publisher = Publisher(store_at(config.content or str(config.data_dir / "content")), release_keys, clock, "the server")
    server: HttpServer  # made last, below
    releases = Releases(publisher, content_pool, lambda: server.unsent_bytes())
    await releases.look()
    functions = Functions()
    shown_titles = [Title(id=game.id, name=game.name) for game in games]
    system = System(clock, functions, __version__, db.engine, shown_titles, not config.has_well_known_keys, reloader is not None)

    hooks = Hooks()
    services = Services(
        accounts,
        storage,
        notifications,
        chat,
        streams,
        functions,
        hooks,
        clock,
        matches,
        live_config,
        licences,
        royalties,
        friends,
        wallets,
    )
    auth = Authenticator(key_ring.valid(), sessions, titles_service.check_open)
    key_ring.on_change(auth.accept)
    router = Router(auth, hooks, metrics, watchdog.guard, limits)
    router.add(system_api.routes(system))
    router.add(sessions_api.routes(sessions))
    router.add(releases_api.checked(accounts_api.routes(accounts, status.is_online), releases))
    router.add(accounts_social.routes())
    router.add(friends_api.routes(friends))
    router.add(storage_api.routes(storage))
    router.add(notifications_api.routes(notifications))
    router.add(chat_api.routes(chat))
    router.add(reports_api.routes(reports))
    router.add(matches_api.routes(matches))
    router.add(rpc_api.routes(functions))
    router.add(config_api.routes(live_config))
    feedback = Feedback(db, clock, chance, outbox)
    privacy = Privacy(clock, accounts, limits)
    privacy.add("account", accounts.held_of)
    privacy.add("sanctions", sanctions.held_of)
    privacy.add("notes", sanctions.notes_held_of)
    privacy.add("friends", friends.held_of)
    privacy.add("storage", storage.held_of)
    privacy.add("notifications", notifications.held_of)
    privacy.add("messages", chat.held_of)
    privacy.add("reports_made", reports.complaints_of)
    privacy.add("reports_received", reports.about)
    privacy.add("feedback", feedback.held_of)
    privacy.add("wallet", wallets.held_of)
    privacy.add("ownerships", licences.held_of)
    outbox.subscribe(PersonErased, licences.forget)
    router.add(feedback_api.routes(feedback))
    router.add(releases_api.routes(releases))
    router.add(licences_api.routes(licences))
    for plugin in plugins:
        router.add(plugin.build(Parts(db, clock, limits, outbox, services)))
    if reloader is not None:
        router.add(dev_api.routes(reloader.reports))
    router.add(openapi.routes(router.endpoints, __version__, work_pool.run))
    web = Path(str(resources.files("supergame"))) / "_web"
    router.add(assets.routes(web))
    pages = {game.id: page_folder(game, web) for game in games}
    router.add(title_pages.routes(pages, lambda title_id: key_ring.current(title_id).server_key, is_live=reloader is not None))
    add_own_rpcs(router, functions)

    trail, operator_passwords = Trail(db, clock, chance), Passwords(hash_pool, hasher)
    operators = Operators(db, clock, chance, operator_passwords, trail)
    signins = SignIns(db, clock, chance, operator_passwords, trail, limits, asks_for_totp=not config.is_console_loopback)
    console_router = ConsoleRouter(auth, signins, trail, frozenset(config.console_names), metrics, watchdog.guard, limits)
    console_router.add(system_api.console_routes(system, metrics, work_pool))
    pulse = Pulse(clock, metrics.tally, registry, matches, db)
    console_router.add(system_console.console_routes(pulse, router))
    console_router.add(matches_console.console_routes(matches, limits))
    console_router.add(accounts_console.console_routes(accounts, sanctions, limits))
    console_router.add(wallets_console.console_routes(wallets))
    console_router.add(chat_console.console_routes(chat, sanctions, limits))
    console_router.add(privacy_console.console_routes(privacy))
    console_router.add(reports_console.console_routes(reports))
    console_router.add(storage_console.console_routes(storage, limits))
    console_router.add(config_console.console_routes(live_config))
    console_router.add(feedback_console.console_routes(feedback))
    console_router.add(releases_console.console_routes(releases))
    console_router.add(licences_console.console_routes(licences))
    console_router.add(royalties_console.console_routes(royalties))
    console_router.add(ledger_console.console_routes(ledger))
    console_router.add(console_api.session_routes(signins, config.has_console_tls))
    console_router.add(console_api.access_routes(operators))
    console_router.add(titles_console.console_routes(titles_service))
    console_router.add(previews_console.console_routes(Previews(config.data_dir, clock)))
    console_router.add(console_api.audit_routes(AuditPages(trail)))
    console_router.add(openapi.routes(console_router.endpoints, __version__, work_pool.run))
    console_router.add(assets.console_routes(web))

    hookable = {endpoint.name for endpoint in router.endpoints if not endpoint.is_raw} | FROM_CLIENTS
    if reloader is not None:
        reloader.install(services, hookable, watchdog.guard)
        game_jobs = [reloader.run()]
    else:
        for game in games:
            game.install(services, hookable)
        game_jobs = [timer.run() for game in games for timer in game.timers(services, watchdog.guard)]

    rt_router = RtRouter(hooks, watchdog.guard, limits)
    rt_router.add(system_rt.messages())
    rt_router.add(rpc_rt.messages(functions))
    rt_router.add(notifications_rt.messages(notifications))
    rt_router.add(status_rt.messages(status))
    rt_router.add(chat_rt.messages(chat))
    rt_router.add(matches_rt.messages(matches, tracker))
    flusher = Flusher(config.flush_ms)

    def open_socket(ctx: Context, query: dict[str, list[str]]) -> PlayerSocket:
        return PlayerSocket(ctx, chance.uuid4(), rt_router, registry, tracker, flusher, metrics, limits, query)

    sockets = WebSockets(auth, open_socket, limits)
    cors = Cors(config.allowed_origins)
    server = HttpServer(HttpProtocol, router.dispatch, sockets.upgrade, limits, metrics, cors, config.trusted_proxies)
    return Node(
        config=config,
        db=db,
        watchdog=watchdog,
        auth=auth,
        registry=registry,
        tracker=tracker,
        rt_router=rt_router,
        router=router,
        console_router=console_router,
        operators=operators,
        ticker=ticker,
        matches=matches,
        outbox=outbox,
        sessions=sessions,
        titles=titles_service,
        key_ring=key_ring,
        sanctions=sanctions,
        accounts=accounts,
        chat=chat,
        reports=reports,
        privacy=privacy,
        storage=storage,
        live_config=live_config,
        releases=releases,
        ledger=ledger,
        wallets=wallets,
        licences=licences,
        royalties=royalties,
        pools=[hash_pool, work_pool, content_pool],
        server=server,
        console_server=HttpServer(HttpProtocol, console_router.dispatch, None, limits, metrics, Cors(()), config.trusted_proxies),
        jobs=[
            outbox.run(),
            ticker.run(),
            system_jobs.feel_pulse(pulse),
            sessions_jobs.forget_expired(sessions),
            titles_jobs.forget_replaced_keys(titles_service),
            sanctions_jobs.forget_expired(sanctions),
            storage_jobs.forget_expired(storage),
            reports_jobs.forget_decided(reports),
            config_jobs.look(live_config),
            releases_jobs.look(releases),
            ledger_jobs.check(ledger),
            licences_jobs.refresh(licences),
            royalties_jobs.flush(royalties),
            *game_jobs,
        ],
        keys=title_keys(keys, titles, well_known=config.has_well_known_keys),
        on_stopping=(lambda: None) if reloader is None else reloader.reports.close,
    )


async def open_database(config: Config) -> Database:
    """The engine that the operator chose."""
    jobs_max = config.limits.db_jobs_queued_max
    if config.database == "sqlite":
        return Sqlite(config.data_dir / "supergame.db", jobs_max)
    try:
        from supergame.db.postgres import Postgres  # an optional dependency
    except ImportError:
        raise EngineMissing from None
    return await Postgres.open(config.database, jobs_queued_max=jobs_max)
