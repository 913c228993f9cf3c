"""Rasa's own command line, without the warnings of its old libraries: `python -m bot run …`.

They fill the screen of whoever starts the product, and ask nothing of an operator.
"""

import sys
import warnings


def main() -> None:
    """Run the command line of Rasa."""
    # Libraries reset the filters of warnings as they load: what shows them is replaced instead.
    warnings.showwarning = lambda *_, **__: None
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
