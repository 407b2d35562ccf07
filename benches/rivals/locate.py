"""The county of a point by turnout-geo, shapely and PostGIS; run by bench_rivals.sh. The last line is JSON: what is in the
last line of the file that is given, and these.

Five rounds, the three taking turns; the least of each counts. Points and polygons are the same, and so have the answers of
all three to be, but for points within 2e-7 degrees of a border, where each has a rule of its own.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
import shapefile
import shapely

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("TURNOUT_SHARED", ROOT.parent / "shared"))
ROUNDS = 5
POSTGIS_POINTS = 100_000
NEAR = 2e-7


def ours(*arguments):
    command = ["cargo", "bench", "-q", "-p", "turnout-geo-benches", "--bench", "geo", "--", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def polygons():
    reader = shapefile.Reader(str(SHARED / "data/counties_500k/cb_2016_us_county_500k.shp"), encoding="utf8")
    records = sorted(reader.iterShapeRecords(), key=lambda record: record.record["GEOID"])
    shapes = [shapely.geometry.shape(record.shape.__geo_interface__) for record in records]
    return numpy.array([shapely.set_precision(shape, 0) for shape in shapes])


def timed(work, points):
    begun = time.perf_counter()
    answer = work()
    return (time.perf_counter() - begun) * 1e9 / points, answer


class Shapely:
    def __init__(self, areas, coordinates):
        self.areas, self.x, self.y = areas, *coordinates.T
        shapely.prepare(areas)
        self.points = shapely.points(coordinates)
        self.tree = shapely.STRtree(areas)

    def tree_query(self):
        return self.tree.query(self.points, predicate="intersects")

    def boxes_then_prepared(self):
        point, area = self.tree.query(self.points)
        inside = shapely.contains_xy(self.areas[area], self.x[point], self.y[point])
        return point[inside], area[inside]

    def tree_of_points(self):
        return shapely.STRtree(self.points).query(self.areas, predicate="contains")[::-1]


class Postgis:
    def __init__(self, areas, coordinates, folder):
        self.url = os.environ["TURNOUT_TEST_POSTGRES_URL"]
        for table, geometries in (("area", areas), ("point", shapely.points(coordinates[:POSTGIS_POINTS]))):
            wkb = shapely.to_wkb(shapely.set_srid(geometries, 4326), hex=True, include_srid=True)
            (folder / table).write_text("".join(f"{number}\t{one}\n" for number, one in enumerate(wkb)))
        self.sql("create extension postgis")
        for table in ("area", "point"):
            self.sql(f"create table {table} (id int primary key, geom geometry)")
            self.sql(f"\\copy {table} from '{folder / table}'")
        self.sql("create index on area using gist (geom)")
        self.sql("vacuum analyze")

    def sql(self, text):
        return subprocess.run(["psql", self.url, "-XAtqc", text], check=True, capture_output=True, text=True).stdout

    def join(self):
        return self.sql("select count(*) from point join area on ST_Intersects(area.geom, point.geom)")

    def answers(self):
        pairs = self.sql("copy (select point.id, area.id from point join area on ST_Intersects(area.geom, point.geom)) to stdout")
        return numpy.array(pairs.split(), dtype="uint32").reshape(-1, 2).T


def differences(areas, coordinates, answers, found):
    """How many points another puts elsewhere, and how many of them though no border is near."""
    theirs = numpy.full(len(coordinates), 0xFFFFFFFF, dtype="uint32")
    theirs[found[0]] = found[1]
    differ = numpy.flatnonzero(theirs != answers)
    borders = shapely.boundary(areas)
    tree = shapely.STRtree(borders)
    _, distances = tree.query_nearest(shapely.points(coordinates[differ]), return_distance=True, all_matches=False)
    return len(differ), int((distances > NEAR).sum())


def main():
    areas = polygons()
    least = {}
    with tempfile.TemporaryDirectory(dir=ROOT / "target") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        ours("--points", str(folder))
        sets = {name: numpy.fromfile(folder / name, dtype="<f8").reshape(-1, 2) for name in ("populated", "uniform")}
        rivals = {name: Shapely(areas, coordinates) for name, coordinates in sets.items()}
        postgis = Postgis(areas, sets["populated"], folder)

        def take(name, nanoseconds):
            least[name] = min(least.get(name, float("inf")), nanoseconds)

        for _ in range(ROUNDS):
            for name, nanoseconds in json.loads(ours("--answers", str(folder)).splitlines()[-1]).items():
                take(f"turnout_{name}_ns", nanoseconds)
            for name, rival in rivals.items():
                for form in ("tree_query", "boxes_then_prepared", "tree_of_points"):
                    nanoseconds, found = timed(getattr(rival, form), len(sets[name]))
                    take(f"shapely_{form}_{name}_ns", nanoseconds)
            take("postgis_populated_ns", timed(postgis.join, POSTGIS_POINTS)[0])
        compared = [(f"shapely_{name}", name, rival.boxes_then_prepared()) for name, rival in rivals.items()]
        compared.append(("postgis_populated", "populated", postgis.answers()))
        wrong = []
        for label, name, found in compared:
            count = POSTGIS_POINTS if label.startswith("postgis") else len(sets[name])
            answers = numpy.fromfile(folder / f"{name}.answers", dtype="<u4", count=count)
            differ, away = differences(areas, sets[name][:count], answers, found)
            least[f"{label}_compared"] = count
            least[f"{label}_differences"], least[f"{label}_differences_away_from_borders"] = differ, away
            wrong += [label] if away else []

    for name in sets:
        fastest = min(value for key, value in least.items() if key.startswith("shapely") and key.endswith(f"{name}_ns"))
        least[f"fastest_shapely_ratio_{name}"] = fastest / least[f"turnout_{name}_ns"]
    least["postgis_ratio_populated"] = least["postgis_populated_ns"] / least["turnout_populated_ns"]
    figures = {name: round(value, 1) for name, value in least.items()}
    for name, value in figures.items():
        print(f"{name:<44} {value:>12}")
    before = json.loads(pathlib.Path(sys.argv[1]).read_text().splitlines()[-1])
    print(json.dumps(before | figures))
    if wrong:
        sys.exit(f"answers differ though no border is near: {', '.join(wrong)}")


main()
