"""Start the worker: the same as `aftercare worker`."""

import sys

from aftercare.cli import main

if __name__ == "__main__":
    main(["worker", *sys.argv[1:]])
