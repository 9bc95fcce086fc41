"""What these tests share with the others: the browser of the page tests, a PostgreSQL of their own."""

from __future__ import annotations

import pytest

from tests.browser.conftest import browser as browser
from tests.databases import Postgres


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """The URL of a fresh, migrated PostgreSQL database."""
    return postgres.fresh()
