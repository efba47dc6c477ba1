"""Options of the whole suite."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-letters",
        action="store_true",
        help="write tests/letters/snapshots anew from what letters say now",
    )
