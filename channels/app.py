"""The public web application: pages, API, and the guards around every request."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import hdrs, web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.typedefs import Middleware

from channels import texts
from channels.errors import Refusal
from channels.pause import Pause
from channels.rasa import Rasa
from channels.settings import Settings
from channels.sms.demo import PhoneDemo
from channels.sms.webhooks import create_sms_channel
from channels.web import pages
from channels.web.api import MAX_BODY, Api
from channels.web.chat import Chat
from channels.web.conversations import Conversations
from channels.web.limits import RateLimit
from channels.web.sessions import Sessions

logger = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Server": "Jalon",
}
PREFLIGHT_AGE = 600  # seconds


def create_app(settings: Settings) -> web.Application:
    """The application, complete; it opens its connections to Rasa when it starts."""
    if settings.secret_is_random:
        logger.warning("JALON_SECRET is not set: conversations end when this process stops")
    rasa = Rasa(settings.rasa_url, settings.rasa_timeout, settings.rasa_connect_timeout, "web")
    sms = create_sms_channel(settings)
    sms_rasa = Rasa(settings.rasa_url, settings.rasa_timeout, settings.rasa_connect_timeout, "sms")
    pause = Pause(settings.pause_file)
    phone = PhoneDemo(sms_rasa, bool(settings.review), pause)
    api = Api(
        sessions=Sessions(settings.secret),
        conversations=Conversations(rasa),
        session_limit=RateLimit(settings.session_burst, settings.session_rate),
        address_limit=RateLimit(settings.address_burst, settings.address_rate),
        proxies=settings.proxies,
        review=bool(settings.review),
        pause=pause,
        policy_url=settings.policy_url,
        map_url=settings.map_url,
        phone=phone,
        crossing=sms.crossing() if sms else None,
    )

    async def keep_rasa_open(_: web.Application) -> AsyncIterator[None]:
        async with rasa:
            yield

    app = web.Application(
        client_max_size=MAX_BODY,
        middlewares=[_protect, _share_with(settings.origins), _refuse_in_json],
    )
    app.cleanup_ctx.append(keep_rasa_open)
    app.cleanup_ctx.append(phone.running)
    app.router.add_get("/healthz", _healthz)
    app.router.add_routes(pages.routes(texts.KEPT_FOR_REVIEW if settings.review else ""))
    app.router.add_routes(api.routes())
    app.router.add_routes(Chat(api).routes())
    if sms:
        app.cleanup_ctx.append(sms.running)
        app.router.add_routes(sms.routes())
    return app


async def _healthz(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


@web.middleware
async def _protect(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    response.headers.update(SECURITY_HEADERS)
    if request.path.startswith("/api/"):
        response.headers[hdrs.CACHE_CONTROL] = "no-store"
    return response


def _share_with(origins: tuple[str, ...]) -> Middleware:
    """CORS: pages of these origins, and no other, may call the API."""

    @web.middleware
    async def share(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith("/api/"):
            return await handler(request)
        origin = request.headers.get(hdrs.ORIGIN)
        preflight = request.method == hdrs.METH_OPTIONS
        response = web.Response(status=204) if preflight else await handler(request)
        response.headers[hdrs.VARY] = hdrs.ORIGIN
        if origin in origins:
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
            if preflight:
                response.headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = hdrs.METH_POST
                response.headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = hdrs.CONTENT_TYPE
                response.headers[hdrs.ACCESS_CONTROL_MAX_AGE] = str(PREFLIGHT_AGE)
        return response

    return share


@web.middleware
async def _refuse_in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refusal as refusal:
        return refusal.response()
    except web.HTTPRequestEntityTooLarge:
        return Refusal(413, "body_too_large", texts.TOO_LONG).response()
    except web.HTTPNotFound:
        return Refusal(404, "not_found", texts.NOT_FOUND).response()
    except web.HTTPMethodNotAllowed as error:
        response = Refusal(405, "method_not_allowed", texts.NOT_UNDERSTOOD_BY_SERVER).response()
        response.headers[hdrs.ALLOW] = error.headers[hdrs.ALLOW]
        return response
    except web.HTTPException:
        raise
    except Exception as error:
        # Not the traceback: an exception's text may quote what the person wrote.
        logger.error("%s failed: %s", _route(request), type(error).__name__)
        return Refusal(500, "internal_error", texts.INTERNAL_ERROR).response()


class AccessLogger(AbstractAccessLogger):
    """One line a request, with nothing personal: no address, no query, no path typed by hand."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Log the method, the route, the status and the duration (`time`, in seconds)."""
        self.logger.info(
            "%s %s %d %.0f ms", request.method, _route(request), response.status, time * 1000
        )


def _route(request: web.BaseRequest) -> str:
    resource = request.match_info.route.resource if isinstance(request, web.Request) else None
    return resource.canonical if resource else "(unknown)"
