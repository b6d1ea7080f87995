"""What a network takes a word for, while it listens."""

from collections.abc import Sequence

import numpy as np
import torch
from matplotlib.figure import Figure
from torch import nn

from rnn_course.plotting.showing import described
from rnn_course.training.drawing import End, label_ends, style
from rnn_course.training.evaluation import mode

_RATE, _HOP = 16_000, 512


def beliefs(model: nn.Module, features: np.ndarray) -> np.ndarray:
    """Return the probabilities (T, K) that a model gives after each time step.

    The model is shown the first step only, then the first two, and so on.

    Args:
        model: maps features (B, T, D) to logits (B, K).
        features: (T, D) of one clip.
    """
    steps = torch.as_tensor(features)[None]
    weight = next(model.parameters())
    with mode(model, training=False), torch.no_grad():
        logits = [
            model(steps[:, :t].to(weight.device, weight.dtype))
            for t in range(1, steps.shape[1] + 1)
        ]
    return torch.cat(logits).softmax(dim=1).cpu().numpy()


def heard(model: nn.Module, samples: np.ndarray, classes: Sequence[str]) -> Figure:
    """Draw a clip above what the model takes it for, from the first frame to the last.

    Args:
        model: maps features (B, T, 20) to logits (B, K).
        samples: (16000,) at 16 kHz.
        classes: the K words.
    """
    from rnn_course.data.features import mfcc  # librosa takes a second to import

    found = beliefs(model, mfcc(np.asarray(samples)[None])[0])
    figure = Figure(figsize=(8.5, 4.4), layout="constrained")
    wave, ax = figure.subplots(2, 1, sharex=True, height_ratios=[1, 2])
    wave.plot(np.arange(len(samples)) / _RATE, samples, color="black", linewidth=0.5)
    wave.set(ylabel="amplitude")
    times = np.arange(len(found)) * _HOP / _RATE
    ends = []
    for k, word in enumerate(classes):
        look = style(k)
        ax.plot(times, 100 * found[:, k], markevery=4, **look)
        ends.append(End(times[-1], 100 * found[-1, k], word, look["color"]))
    ax.set(xlabel="time (s)", ylabel="probability (%)", ylim=(-3, 103))
    label_ends(ax, ends)
    last = int(found[-1].argmax())
    said = f"“{classes[last]}”, with {100 * found[-1, last]:.0f} %"
    wave.set_title(f"At the end it hears {said}", fontsize=11)
    order = [classes[k] for k in found.argmax(axis=1)]
    changes = [word for t, word in enumerate(order) if t == 0 or word != order[t - 1]]
    return described(
        figure,
        "A sound wave, and below it the probability of each word after every frame. The most "
        f"likely word is in turn {', '.join(changes)}. At the end the network hears {said}.",
    )
