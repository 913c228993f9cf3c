"""List the messages least understood, grouped, ready to be labelled: `make review`.

Reads the folder of JALON_REVIEW (var/review by default), prints the groups, and writes them as
training sentences in its file `a_etiqueter.yml`. `--add FILE` appends a file so prepared, once
someone has read it, to the files of `data/nlu/`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Container
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.cluster import AgglomerativeClustering

from bot import review
from bot.places.gazetteer import fold
from bot.review.files import (
    DAYS,
    MASKS,
    OLDEST,
    TO_LABEL,
    day_files,
    expire,
    locked,
    read_lines,
)
from bot.tables import read_yaml

NLU = Path(__file__).parents[2] / "data" / "nlu"
DEFAULT_FOLDER = Path("var/review")
ALIKE = 0.6  # cosine: mean likeness of the messages of one group
MOST = 3_000  # messages compared at once, the latest; more would take minutes

_MASK = re.compile("|".join(map(re.escape, MASKS)))
_INTENT = re.compile(r"^- intent: (\S+)", re.M)
_HEADER = f"""\
# Messages mal compris, masqués. À relire avant de les apprendre :
#   1. changez le nom après « intent: » s'il est faux (la liste : docs/architecture.md) ;
#   2. déplacez ou supprimez les lignes qui n'y sont pas à leur place, ou qui nomment quelqu'un ;
#   3. make review ARGS="--add FICHIER", puis make evaluate.
# Les mots masqués ({", ".join(MASKS)}) sont retirés à ce moment-là.
# Ce fichier est écrit de nouveau à chaque « make review ». Il est supprimé quand son plus ancien
# message a {DAYS} jours, et dès qu'une personne efface les siens : relancez alors « make review ».
# Une copie garde ces messages effacés : ne la gardez pas d'un jour à l'autre.
"""


@dataclass(frozen=True)
class Kept:
    """A message of the log: its text, how many times it came, the likeliest intents, and the day
    when it first came."""

    text: str
    times: int
    proposed: Counter[str]
    since: date


class ReviewError(Exception):
    """Nothing can be done; the message says why, in one line."""


def read(folder: Path) -> list[Kept]:
    """The messages of the folder, the latest first, each text once.

    Raises:
        ReviewError: there is no such folder.
    """
    if not folder.is_dir():
        raise ReviewError(
            f"Pas de dossier {folder} : démarrez Jalon avec {review.VARIABLE}={folder}, "
            "puis attendez des messages."
        )
    expire(folder)
    intents = _topics(NLU).keys()
    times: Counter[str] = Counter()
    proposed: dict[str, Counter[str]] = {}
    since: dict[str, date] = {}
    for day, path in reversed(list(day_files(folder))):
        for line in reversed(list(read_lines(path))):
            text = " ".join(line["texte"].split())
            times[text] += 1
            proposed.setdefault(text, Counter()).update(_likely(line.get("propositions"), intents))
            since[text] = day
    return [Kept(text, times[text], proposed[text], since[text]) for text in times if text][:MOST]


def _likely(value: Any, intents: Container[str]) -> dict[str, float]:
    """What the log proposes, without what only another model or a damaged line can say."""
    found = value.items() if isinstance(value, dict) else ()
    return {i: p for i, p in found if i in intents and isinstance(p, int | float) and 0 <= p <= 1}


def grouped(messages: list[Kept]) -> list[list[Kept]]:
    """Messages that mean nearly the same together; the largest and most doubtful groups first."""
    groups: dict[int, list[Kept]] = {}
    for label, message in zip(_labels(messages), messages, strict=True):
        groups.setdefault(label, []).append(message)
    return sorted(groups.values(), key=lambda g: (-sum(m.times for m in g), _likeliest(g)[1]))


def _labels(messages: list[Kept]) -> list[int]:
    if len(messages) < 2:
        return [0] * len(messages)
    with redirect_stderr(StringIO()):  # Rasa's libraries warn about one another
        from bot.components.encoder import encoder

    vectors = np.vstack(encoder().encode([_unmasked(m.text) or m.text for m in messages]))
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    # Between vectors of length 1, the Euclidean distance grows as the cosine falls.
    clustering = AgglomerativeClustering(
        n_clusters=None, linkage="average", distance_threshold=(2 - 2 * ALIKE) ** 0.5
    )
    labels: list[int] = clustering.fit_predict(vectors).tolist()
    return labels


def _likeliest(group: list[Kept]) -> tuple[str, float]:
    """The intent that the messages of a group suggest, and its mean probability."""
    total: Counter[str] = Counter()
    for message in group:
        total.update(message.proposed)
    intent, probability = total.most_common(1)[0] if total else ("hors_sujet", 0.0)
    return intent, probability / sum(message.times for message in group)


def to_label(groups: list[list[Kept]]) -> str:
    """The groups as a file of training sentences."""
    oldest = min(message.since for group in groups for message in group)
    blocks = [f"{OLDEST}{oldest}\n", _HEADER, 'version: "3.1"\nnlu:\n']
    for group in groups:
        intent, probability = _likeliest(group)
        blocks.append(f"# {_size(group)}, {intent} à {probability:.0%}\n")
        blocks.append(f"- intent: {intent}\n  examples: |\n")
        blocks += [f"    - {message.text}\n" for message in group]
    return "".join(blocks)


def _size(group: list[Kept]) -> str:
    count = sum(message.times for message in group)
    return f"{count} message{'s' if count > 1 else ''}"


def add(file: Path, nlu: Path = NLU) -> tuple[dict[str, int], list[str]]:
    """Append labelled sentences to `data/nlu/`; how many were new, by file, and what is to be said
    of the sentences left out because they are already under another intent.

    Raises:
        ReviewError: the file cannot be read, a line lacks its dash, or an intent is not trained.
            Then nothing is written.
    """
    topics = _topics(nlu)
    known = _known(topics)
    additions: dict[Path, list[str]] = {}
    count: Counter[str] = Counter()
    elsewhere: list[str] = []
    for intent, sentences in _labelled(file):
        if intent not in topics:
            raise ReviewError(f"{file} : l'intention « {intent} » n'existe pas dans {nlu}.")
        new = []
        for sentence in sentences:
            key = _key(sentence)
            if key and key not in known:
                known[key] = intent
                new.append(sentence)
            elif key and known[key] != intent:
                there = topics[known[key]].name
                elsewhere.append(f"« {sentence} » : déjà sous {known[key]} dans data/nlu/{there}")
        if new:
            count[topics[intent].name] += len(new)
            lines = "".join(f"    - {sentence}\n" for sentence in new)
            block = f"- intent: {intent}\n  examples: |\n{lines}"
            additions.setdefault(topics[intent], []).append(block)
    for topic, blocks in additions.items():
        before = topic.read_text("utf-8").rstrip("\n")
        title = f"# Messages relus le {date.today():%d/%m/%Y}\n"
        topic.write_text(f"{before}\n{title}{''.join(blocks)}", "utf-8")
    return dict(count), elsewhere


def _topics(nlu: Path) -> dict[str, Path]:
    """The file of each intent that is trained: of `detail/frais`, and of `detail` too."""
    return {
        name: file
        for file in sorted(nlu.glob("*.yml"))
        for intent in _INTENT.findall(file.read_text("utf-8"))
        for name in (intent, intent.split("/")[0])
    }


def _known(topics: dict[str, Path]) -> dict[str, str]:
    """The intent of each training sentence, by its key."""
    known: dict[str, str] = {}
    for topic in set(topics.values()):
        for line in topic.read_text("utf-8").splitlines():
            if found := _INTENT.match(line):
                intent = found[1]
            elif line.startswith("    - "):
                known[_key(line[6:])] = intent
    return known


def _labelled(file: Path) -> list[tuple[str, list[str]]]:
    """The intents of a file, each with its sentences without their masks."""
    try:
        items = [(item["intent"], item["examples"].splitlines()) for item in read_yaml(file)["nlu"]]
    except OSError as error:
        raise ReviewError(f"{file} : {error.strerror}.") from error
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise ReviewError(f"{file} n'a plus la forme d'un fichier de {NLU.name}/.") from error
    for intent, lines in items:
        if not isinstance(intent, str):
            raise ReviewError(f"{file} : « intent: {intent} » doit être un seul nom.")
        for line in lines:
            if line.strip() and not line.startswith("- "):
                raise ReviewError(f"{file} : il manque « - » devant « {line.strip()} ».")
    return [(intent, [_unmasked(line[2:]) for line in lines]) for intent, lines in items]


def _unmasked(text: str) -> str:
    return " ".join(_MASK.sub(" ", text).split())


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def list_groups(folder: Path) -> None:
    """Print the groups, and write them in the folder."""
    messages = read(folder)
    if not messages:
        print(f"Aucun message à relire dans {folder}.")
        return
    groups = grouped(messages)
    for number, group in enumerate(groups, start=1):
        intent, probability = _likeliest(group)
        print(f"{number}. {_size(group)}, peut-être {intent} ({probability:.0%})")
        for message in group:
            print(f"   - {message.text}" + (f"  (× {message.times})" if message.times > 1 else ""))
    file = folder / TO_LABEL
    with locked(folder):
        _write_list(file, groups)
    print(f"\nÀ étiqueter : {file} (explications en tête du fichier)")


def _write_list(file: Path, groups: list[list[Kept]]) -> None:
    """Write the groups to be labelled, without what was erased while they were compared."""
    there = {message.text for message in read(file.parent)}
    groups = [left for group in groups if (left := [m for m in group if m.text in there])]
    file.touch(0o600)
    file.write_text(to_label(groups) if groups else "", "utf-8")


def main() -> int:
    """The exit status is 1 when there is nothing to read from, or a file is refused."""
    arguments = argparse.ArgumentParser(prog="make review", description=__doc__)
    arguments.add_argument("--add", type=Path, metavar="FILE", help="append labelled sentences")
    asked = arguments.parse_args()
    try:
        if asked.add:
            added, elsewhere = add(asked.add)
            for name, count in added.items():
                print(f"data/nlu/{name} : {count} de plus")
            for line in elsewhere:
                print(line)
            print(
                "Lancez make evaluate : il apprend, et montre ce qui change."
                if added
                else "Aucune phrase nouvelle."
            )
        else:
            list_groups(review.folder() or DEFAULT_FOLDER)
    except (ReviewError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
