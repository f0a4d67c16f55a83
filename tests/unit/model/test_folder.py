import hashlib
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import save_file

from enface.errors import TrainingError
from enface.model.folder import WEIGHTS, load_embedding, weights_sha256

EMBEDDING = np.arange(12, dtype=np.float32).reshape(4, 3)


def test_the_embedding_alone_is_read(tmp_path):
    save_file({"embedding.weight": EMBEDDING, "other": np.zeros(5)}, tmp_path / WEIGHTS)
    assert np.array_equal(load_embedding(tmp_path), EMBEDDING)
    assert weights_sha256(tmp_path) == hashlib.sha256((tmp_path / WEIGHTS).read_bytes()).hexdigest()


def test_a_missing_model_is_an_error_that_says_what_to_run(tmp_path):
    with pytest.raises(TrainingError) as caught:
        load_embedding(tmp_path)
    assert str(caught.value) == f"{tmp_path / WEIGHTS}: no trained model; run `dvc repro train`"


@pytest.mark.parametrize("broken", [True, False])
def test_what_is_no_model_of_ours_is_refused(tmp_path, broken):
    if broken:
        (tmp_path / WEIGHTS).write_bytes(b"nothing of the kind")
    else:
        save_file({"other": EMBEDDING}, tmp_path / WEIGHTS)
    with pytest.raises(TrainingError) as caught:
        load_embedding(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path / WEIGHTS}: broken, or without an embedding.weight; run `dvc repro -f train`"
    )


def test_it_is_free_of_torch():
    code = "import sys, enface.model.folder; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
