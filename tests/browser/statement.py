"""`make accessibility`: the page /accessibilite, from what the browser's tests have shown.

`python -m tests.browser.statement RESULTS.xml`, where the results are pytest's junit file.
"""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import yaml

from actions.directory.words import of_date
from tests.browser.conftest import AXE, CHROMIUM

CHECKS = Path(__file__).parent / "accessibilite.yml"
PAGE = Path(__file__).parents[2] / "channels/web/static/accessibilite.html"

TEMPLATE = """<!doctype html>
<html lang="fr">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Jalon : déclaration d'accessibilité</title>
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/page.css">
</head>
<body>
  <main class="text">
    <h1>Déclaration d'accessibilité</h1>
    <p>Jalon veut être utilisable par toute personne. Cette page dit ce qui a été vérifié, et ce qui ne l'a pas été.</p>
    <h2>État de conformité</h2>
    <p>Jalon n'a pas encore été audité. Sa conformité au RGAA 4.1 n'est donc pas établie.</p>
    <h2>Ce qui a été vérifié</h2>
    <p>Par des tests automatiques, le {date}, avec {browser} et axe-core {axe}.</p>
    <ul>
{checked}
    </ul>
    <h2>Ce qui n'a pas été vérifié</h2>
    <ul>
{unchecked}
    </ul>
    <h2>Vous n'arrivez pas à utiliser Jalon ?</h2>
    <p>Dites-le à l'organisme qui vous propose Jalon : il doit vous donner l'information autrement. La <a href="/chat">page entière</a> fonctionne aussi sans JavaScript.</p>
    <p>Si vous n'obtenez pas de réponse, vous pouvez écrire au Défenseur des droits : <a href="https://formulaire.defenseurdesdroits.fr/">formulaire en ligne</a>, ou courrier gratuit, sans timbre, à Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.</p>
  </main>
</body>
</html>
"""  # noqa: E501


def checks() -> list[dict[str, Any]]:
    """What the page speaks of: `quoi`, and `test` where something proves it."""
    read: list[dict[str, Any]] = yaml.safe_load(CHECKS.read_text("utf-8"))
    return read


def failed(results: Path) -> tuple[set[str], set[str]]:
    """Names of the tests that ran, and of those that did not pass."""
    ran, wrong = set(), set()
    for case in ElementTree.parse(results).iter("testcase"):
        name = str(case.get("name")).split("[")[0]
        ran.add(name)
        if len(case):  # a failure, an error, or a skip
            wrong.add(name)
    return ran, wrong


def write(results: Path, today: date) -> list[str]:
    """Write the page; what could not be said because a test failed or did not run."""
    ran, wrong = failed(results)
    proved, unproved = [], []
    for check in checks():
        tests = set(check.get("test", ()))
        (proved if tests and tests <= ran - wrong else unproved).append(check)

    def rows(found: list[dict[str, Any]]) -> str:
        return "\n".join(f"      <li>{escape(check['quoi'], quote=False)}.</li>" for check in found)

    browser = subprocess.run([CHROMIUM, "--version"], capture_output=True, text=True, check=True)
    page = TEMPLATE.format(
        date=of_date(today).removeprefix("du "),
        browser=" ".join(browser.stdout.split()[:2]),
        axe=AXE.split("axe v")[1].split()[0],
        checked=rows(proved),
        unchecked=rows(unproved),
    )
    PAGE.write_text(page, "utf-8")
    return [check["quoi"] for check in unproved if check.get("test")]


if __name__ == "__main__":
    for what in write(Path(sys.argv[1]), date.today()):
        print(f"Not proved: {what}")
