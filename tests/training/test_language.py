import math

import numpy as np
import pytest
import torch
from torch import nn

from rnn_course.errors import TrainingError
from rnn_course.training import fit_language_model

TEXT = np.arange(400) % 5


class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.embedding, self.out = nn.Embedding(5, 8), nn.Linear(8, 5)

    def forward(self, ids, state=None):
        return self.out(self.embedding(ids)), state


def run(model=None, **changes):
    knobs = {"epochs": 3, "lr": 0.05, "num_steps": 7, "batch_size": 4, "seed": 0}
    knobs |= {"device": "cpu", "progress": False, **changes}
    return fit_language_model(model or Tiny(), TEXT, TEXT[:52], **knobs)


def test_it_learns_a_text_in_which_each_token_follows_from_the_last():
    history = run(epochs=12, lr=0.02)
    assert history.valid[-1] < 1.1
    assert history.valid[0] > 1.5
    assert len(history.train) == len(history.valid) == 12


def test_the_same_seed_gives_the_same_numbers():
    assert run().valid == run().valid != run(seed=1).valid


def test_the_validation_perplexity_is_the_mean_over_tokens():
    model = Tiny()
    history = run(model, epochs=1)
    ids = torch.as_tensor(TEXT[:52])
    loss = nn.functional.cross_entropy(model(ids[:-1])[0], ids[1:])
    assert history.valid[-1] == pytest.approx(math.exp(loss.item()), rel=1e-5)


def test_a_text_that_is_unlike_anything_has_a_huge_perplexity_and_no_overflow():
    model = Tiny()
    model.out.bias.data[0] = 9000.0
    history = run(model, epochs=1, lr=1e-6)
    assert 1e300 < history.valid[-1] < math.inf


def test_a_loss_that_is_not_finite_says_at_which_step():
    model = Tiny()
    model.out.bias.data[0] = math.nan
    with pytest.raises(TrainingError, match=r"a finite loss\. Got a loss of nan at step 1\."):
        run(model)


def test_an_unknown_optimizer_is_refused():
    with pytest.raises(TrainingError, match=r"optimizer 'adam' or 'sgd'\. Got 'adamw'"):
        run(optimizer="adamw")


def test_whoever_watches_sees_the_model_at_powers_of_two_in_evaluation_mode():
    seen = []

    def watch(model, updates):
        seen.append((updates, model.training, model.out.weight.sum().item()))

    model = Tiny()
    history = run(model, watch=watch)
    assert [updates for updates, _, _ in seen] == [0, 1, 2, 4, 8, 16, 32]
    assert not any(training for _, training, _ in seen)
    assert len({weight for _, _, weight in seen}) == len(seen)
    assert history.valid == run().valid
