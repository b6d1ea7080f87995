"""What the fork server imports and does once, so that no fork of it has to."""

import importlib
import sys
from collections.abc import Sequence
from contextlib import suppress

ALWAYS = (
    "numpy",
    "torch",
    "torch.overrides",
    "pygments.lexers.python",
    "pygments.formatters.terminal256",
    "stack_data",
    "executing",
    "matplotlib_inline.backend_inline",
    "IPython.display",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "safetensors.torch",
    "psutil",
    "rnn_course.checks",
    "rnn_course.checks.observe",
    "rnn_course.checks.notebook",
    "ipykernel.debugger",
    "tornado.platform.asyncio",
    "rnn_course.grading.sandbox.supervisor",
    "landlock",
    "pyseccomp",
)
"""What every kernel uses, whatever the coursework."""

HELPERS = (
    "scipy",
    "scipy.signal",
    "scipy.stats",
    "scipy.special",
    "scipy.optimize",
    "torch.nn",
    "torch.utils.data",
    "torch.optim",
    "librosa",
    "librosa.feature",
    "librosa.display",
    "soundfile",
    "sklearn",
    "sklearn.datasets",
    "sklearn.metrics",
    "matplotlib.pyplot",
    "tqdm.auto",
    "pooch",
    "ipywidgets",
    "requests",
    "rnn_course.data",
    "rnn_course.data.features",
    "rnn_course.data.speech_commands",
    "rnn_course.training",
    "rnn_course.plotting",
    "rnn_course.shapes",
)
"""What our helper package imports as soon as it is used."""


def preload(modules: Sequence[str]) -> None:
    """Import everything, and use once what is slow the first time; start no thread.

    Args:
        modules: what the notebook imports.
    """
    ours = any(name.startswith(("rnn_course.data", "rnn_course.training")) for name in modules)
    for name in (*ALWAYS, *modules, *(HELPERS if ours else ())):
        with suppress(Exception):  # the notebook's own cell will say what is wrong with it
            importlib.import_module(name)
    import torch

    from rnn_course.checks.observe import perform
    from rnn_course.checks.requests import Describe
    from rnn_course.grading.sandbox import removal

    torch.set_num_threads(1)
    if "librosa" in sys.modules:
        _compile_features()
    if "matplotlib.pyplot" in sys.modules:
        _draw()
    model = torch.nn.LSTM(2, 2)
    model(torch.zeros(1, 1, 2))
    # imports torch's compiler. No backward pass: it would start autograd's threads
    torch.optim.Adam(model.parameters()).step()
    perform({}, Describe("nothing"))
    removal.recurrent(), removal.differentiable()


def _compile_features() -> None:
    import librosa
    import numpy as np

    clip = np.sin(np.arange(16000.0, dtype=np.float32))
    librosa.feature.mfcc(y=clip, sr=16000, hop_length=512, n_fft=2048)


def _draw() -> None:
    import matplotlib.pyplot as plt

    figure = plt.figure()
    figure.gca().plot([0, 1])
    figure.canvas.draw()
    plt.close("all")
