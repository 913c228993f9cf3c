"""The action server: `python -m actions` serves Rasa's custom actions, on localhost by default."""

import os

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions import rasa_actions
from actions.directory import database


def main() -> None:
    """Serve until stopped; `HOST` and `ACTIONS_PORT` say where."""
    executor = ActionExecutor()
    for name, function in rasa_actions.register(database.session_factory()).items():
        executor.register_function(name, function)
    app = create_app(executor)
    app.run(
        host=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("ACTIONS_PORT", "5055")),
        single_process=True,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
