"""What the fork server imports and does once, so that no fork of it has to."""

import importlib
from contextlib import suppress

from rnn_course.checks.coursework import COURSEWORKS

MODULES = (
    "numpy",
    "scipy",
    "scipy.signal",
    "scipy.stats",
    "scipy.special",
    "scipy.optimize",
    "torch",
    "torch.nn",
    "torch.utils.data",
    "torch.optim",
    "torch.overrides",
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
    "pygments.lexers.python",
    "pygments.formatters.terminal256",
    "stack_data",
    "executing",
    "matplotlib_inline.backend_inline",
    "IPython.display",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "ipywidgets",
    "safetensors.torch",
    "pexpect",
    "psutil",
    "rnn_course.data",
    "rnn_course.training",
    "rnn_course.plotting",
    "rnn_course.shapes",
    "rnn_course.checks",
    "rnn_course.checks.observe",
    "rnn_course.checks.notebook",
    # what a notebook's first cell imports: its questions, and the data's way to the network
    *(f"rnn_course.courseworks.{name}" for name in COURSEWORKS),
    "requests",
    "rnn_course.data.speech_commands",
    "rnn_course.data.features",
    "ipykernel.debugger",
    "tornado.platform.asyncio",
    "rnn_course.grading.sandbox.supervisor",
    "landlock",
    "pyseccomp",
)


def preload() -> None:
    """Import everything, and use once what is slow the first time; start no thread."""
    for name in MODULES:
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)
    import librosa
    import matplotlib.pyplot as plt
    import numpy as np
    import torch

    from rnn_course.checks.observe import perform
    from rnn_course.checks.requests import Describe

    torch.set_num_threads(1)
    clip = np.sin(np.arange(16000.0, dtype=np.float32))
    librosa.feature.mfcc(y=clip, sr=16000, hop_length=512, n_fft=2048)
    figure = plt.figure()
    figure.gca().plot([0, 1])
    figure.canvas.draw()
    plt.close("all")
    model = torch.nn.LSTM(2, 2)
    model(torch.zeros(1, 1, 2))
    # imports torch's compiler. No backward pass: it would start autograd's threads
    torch.optim.Adam(model.parameters()).step()
    perform({}, Describe("nothing"))
