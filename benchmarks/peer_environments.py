"""The environments that other people's tools run in, each by itself, so that none of them meets ours.

They are made once under one folder, from the package index that pip is set up for. A folder with `.ready` in it is
whole; one without is begun anew.
"""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

_READY = ".ready"

_TORCH = ["torch==2.13.0"]
_BOTH = ["numpy", "sacrebleu", "pyyaml", "tensorboard", "six", "psutil"]
_JOEYNMT = [
    *("sacremoses", "sentencepiece==0.2.0", "subword-nmt", "packaging", "pandas", "matplotlib", "seaborn", "future"),
    *("pillow", "wrapt", "setuptools", "importlib_metadata"),
]
_OPENNMT = [
    *("sentencepiece", "configargparse", "ctranslate2", "rapidfuzz", "pyonmttok>=1.37,<2", "pyahocorasick", "flask"),
    "waitress",
]

STEPS: dict[str, list[list[str]]] = {
    "joeynmt": [_TORCH, ["--no-deps", "joeynmt==2.3.0"], _BOTH + _JOEYNMT],
    "onmt": [_TORCH, ["--no-deps", "OpenNMT-py==3.5.1"], _BOTH + _OPENNMT],
    "eflomal": [["eflomal==2.0.0"]],
    "ctranslate2": [["ctranslate2==4.8.5", "safetensors"]],
}
"""What is installed, one `pip install` after the other. The toolkits' own lists of packages cannot be met with this
torch, hence `--no-deps` and what training needs of them."""


def make_environment(folder: Path, name: str) -> Path:
    """The Python of the environment `name` under `folder`, which is made if it is not there.

    Raises:
        SystemExit: pip could not install something; the message names it and says what to do.
    """
    environment = folder / name
    python = environment / "bin" / "python"
    if (environment / _READY).exists():
        return python
    print(f"making {environment}: some minutes, once", flush=True)
    shutil.rmtree(environment, ignore_errors=True)
    venv.create(environment, with_pip=True, symlinks=True)
    for packages in STEPS[name]:
        _install(python, packages)
    (environment / _READY).touch()
    return python


def _install(python: Path, packages: list[str]) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(
            f"{python.parent.parent}: could not install {' '.join(packages)}; need a package index that has them "
            f"(pip's settings) and some GB of disk. pip says:\n{done.stderr[-2000:]}"
        )
