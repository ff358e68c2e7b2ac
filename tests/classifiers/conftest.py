"""The shipped model, loaded once."""

from __future__ import annotations

import pytest

from classifiers.model import StarterModel, load_model


@pytest.fixture(scope="session")
def starter() -> StarterModel:
    return load_model()
