"""What people type in a form or a spreadsheet, read as far as it can be.

A place is not refused for an address or a number that does not work: what is none is left out.
"""

from __future__ import annotations

import re
from typing import Any


def items(value: Any, between: str = "[;|]") -> list[str]:
    """The values of a field that holds several: a list, or a text with a sign `between` them."""
    if not value:
        return []
    values = value if isinstance(value, list) else re.split(between, str(value))
    return [item for item in (str(part).strip() for part in values) if item]


def first_email(value: Any) -> str | None:
    """The first address of a field that may hold several, None when none is one."""
    for word in re.split(r"[\s;|,/]+", " ".join(items(value))):
        if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)*\.[a-zA-Z]{2,}", word, re.ASCII):
            return word
    return None


def first_page(value: Any) -> str | None:
    """The address of the first page of a field, with its scheme; None when it is none."""
    for item in items(value, between=r"[;|]|,(?=\s*http)"):
        address = item if "://" in item else f"https://{item}"
        if re.fullmatch(r"https?://[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?", address):
            return address
    return None


def number(value: Any) -> float | None:
    """A number, with a point or a comma; None when it is none."""
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return None


def phone(value: Any) -> str | None:
    """A French number in E.164 form where it is one; else as it is written."""
    if not value:
        return None
    digits = re.sub(r"[\s.\-/()]", "", str(value))
    if re.fullmatch(r"0[1-9]\d{8}", digits):
        return f"+33{digits[1:]}"
    if re.fullmatch(r"33[1-9]\d{8}", digits):
        return f"+{digits}"
    return digits if re.fullmatch(r"\+\d{8,15}|\d{4}", digits) else str(value).strip()
