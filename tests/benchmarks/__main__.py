"""`./run bench [NAME ...] [--write]`: measure, print tables, keep them under reports/ and, if asked, in the docs."""

import argparse
import sys
from collections.abc import Callable

from tests.benchmarks import feeds_bench, import_bench, plan_bench, rush_bench, search_bench, sender_bench, start_bench
from tests.benchmarks.table import Table

#: A new benchmark is a function that measures and gives its table, and its line here.
BENCHMARKS: dict[str, Callable[[], Table]] = {
    "start": start_bench.measure,
    "import": import_bench.measure,
    "feeds": feeds_bench.measure,
    "search": search_bench.measure,
    "rush": rush_bench.measure,
    "sender": sender_bench.measure,
    "plan": plan_bench.measure,
}


def main() -> int:
    """Run the benchmarks that were named, or all of them."""
    asked = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHMARKS)}; all if none is named")
    asked.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    given = asked.parse_args()
    if unknown := sorted(set(given.names) - set(BENCHMARKS)):
        asked.error(f"there is no benchmark {', '.join(unknown)}")
    for name in given.names or BENCHMARKS:
        table = BENCHMARKS[name]()
        print(f"{table.as_text()}\n")
        table.keep(name)
        if given.write:
            table.write_into_docs(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
