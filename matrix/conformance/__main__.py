"""`python -m simple_deploy_matrix.conformance --platform acme`: see the package."""

import sys

from . import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
