"""One thread, since the tests are too small for more, and one seed."""

import pytest
import torch


@pytest.fixture(autouse=True)
def seeded():
    torch.set_num_threads(1)
    torch.manual_seed(1)
