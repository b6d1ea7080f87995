"""A task that a small network learns in a second, shared by the tests of training and plotting."""

import torch
from torch import nn
from torch.utils.data import Dataset, TensorDataset

from rnn_course.training import History, ValidPoint, fit


def clips(count, seed=0, dtype=torch.float32):
    """Three classes, told apart by the mean of one of three features, in noise."""
    rng = torch.Generator().manual_seed(seed)
    labels = torch.randint(3, (count,), generator=rng)
    features = torch.randn(count, 6, 3, generator=rng, dtype=dtype)
    features[torch.arange(count), :, labels] += 1.0
    return TensorDataset(features, labels)


class OneByOne(Dataset):
    """The same samples, without tensors to index."""

    def __init__(self, data):
        self.data = data

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        features, label = self.data[index]
        return features, int(label)


class LastStep(nn.Module):
    def __init__(self, dropout=0.0):
        super().__init__()
        self.rnn = nn.GRU(3, 16, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(16, 3)

    def forward(self, x):
        return self.out(self.dropout(self.rnn(x)[0][:, -1]))


def build(**settings):
    torch.manual_seed(0)
    return LastStep(**settings)


def train(model, data=None, valid=None, **changes):
    """Call fit with small settings, on the CPU and without a bar."""
    settings = {"epochs": 2, "lr": 0.01, "batch_size": 16, "seed": 0, "device": "cpu"}
    data = clips(100) if data is None else data
    valid = clips(40, seed=1) if valid is None else valid
    return fit(model, data, valid, **{**settings, "progress": False, **changes})


def history(losses=(1.0, 0.8, 0.6, 0.5), accuracies=(0.5, 0.75), stopped="finished"):
    """A run of two epochs, validated after each, the better one being the last best."""
    points = tuple(
        ValidPoint(2 * (i + 1), 1.0 - 0.25 * i, accuracy) for i, accuracy in enumerate(accuracies)
    )
    best = max(points, key=lambda point: point.accuracy).step if points else None
    return History(tuple(losses), points, best, 2, 1.5, stopped, {"lr": 0.1})
