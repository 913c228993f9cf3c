"""The action server with its clock stopped on a known day, for tests: `-m tests.frozen_actions`."""

import time_machine

from actions.__main__ import main

TODAY = "2026-11-23T10:00:00+01:00"  # a Monday

if __name__ == "__main__":
    with time_machine.travel(TODAY, tick=True):
        main()
