"""Rasa's own command line, without TensorFlow nor the warnings of old libraries.

`python -m bot run …`: the warnings fill the screen of whoever starts the product, and ask nothing
of an operator.
"""

import sys
import warnings

from bot import light


def main() -> None:
    """Run the command line of Rasa."""
    # Libraries reset the filters of warnings as they load: what shows them is replaced instead.
    warnings.showwarning = lambda *_, **__: None
    light.install()
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
