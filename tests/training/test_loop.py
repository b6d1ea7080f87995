import torch
from torch import nn
from torch.utils.data import TensorDataset

from rnn_course.training import evaluate, fit


def clips(count, seed=0, dtype=torch.float32):
    """Three classes, told apart by the mean of one of three features, in noise."""
    rng = torch.Generator().manual_seed(seed)
    labels = torch.randint(3, (count,), generator=rng)
    features = torch.randn(count, 6, 3, generator=rng, dtype=dtype)
    features[torch.arange(count), :, labels] += 1.0
    return TensorDataset(features, labels)


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


def test_fit_learns_and_evaluate_counts_the_test_data_only():
    model = build()
    history = fit(
        model, clips(200), clips(60, 1), epochs=5, lr=0.01, batch_size=16, seed=0, progress=False
    )
    metrics = evaluate(model, clips(100, 2))
    assert history.stopped == "finished"
    assert metrics.count == 100
    assert metrics.accuracy > 0.85
