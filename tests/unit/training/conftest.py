"""What the tests of training share: one thread, as figures are compared bit by bit, and one made corpus."""

from collections.abc import Iterator

import pytest
import torch

from enface.data.prepared import PreparedFolder
from tests.unit.training.made import write_prepared


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> PreparedFolder:
    return PreparedFolder(write_prepared(tmp_path_factory.mktemp("prepared")))


@pytest.fixture(scope="package", autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        torch.set_num_threads(1)
        yield
    torch.set_num_threads(threads)
