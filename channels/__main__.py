"""The public process: `python -m channels` serves the page, the widget and its API."""

import logging
import sys

from aiohttp import web
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, OperationalError

from channels.app import AccessLogger, create_app
from channels.settings import Settings

SHUTDOWN_TIMEOUT = 10.0  # seconds left to the answers under way; Rasa's are shorter


def main() -> None:
    """Serve until stopped (SIGINT or SIGTERM), letting the answers under way finish."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # aiohttp's own errors quote the address and the bytes of a bad request.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    try:
        settings = Settings()
    except ValidationError as error:
        reasons = "; ".join(f"{e['loc'][0]}: {e['msg']}" for e in error.errors())
        sys.exit(f"Wrong setting: {reasons}")
    try:
        app = create_app(settings)
    except (ArgumentError, ImportError, OSError):
        sys.exit("The database of SMS cannot be opened: see DATABASE_URL")
    try:
        web.run_app(
            app,
            host=settings.host,
            port=settings.port,
            access_log_class=AccessLogger,
            shutdown_timeout=SHUTDOWN_TIMEOUT,
            print=None,
        )
    except OperationalError:
        sys.exit("The database of SMS does not answer: see DATABASE_URL")
    except OSError as error:
        sys.exit(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}")


if __name__ == "__main__":
    main()
