"""A small part of the built-in corpus, prepared once."""

import pytest

from enface.data.prepared import PreparedFolder
from tests.unit.embeddings.made import write_prepared


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> PreparedFolder:
    return PreparedFolder(write_prepared(tmp_path_factory.mktemp("corpus") / "prepared", train=200))
