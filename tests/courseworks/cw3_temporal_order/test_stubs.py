import numpy as np
import pytest
import torch
from torch.nn import functional as F

from rnn_course.courseworks.cw3_temporal_order.stubs import (
    Examined,
    Scripted,
    as_told,
    classes,
    predicted,
)
from rnn_course.data import temporal_order


def batch(n, seed=0):
    return [torch.from_numpy(part) for part in temporal_order(n, seed=seed)]


def test_classes_are_read_off_the_symbols():
    inputs, _, labels = temporal_order(500, seed=1)
    assert np.array_equal(classes(inputs), labels)


def test_training_follows_the_script():
    model = Scripted(wrong_at=(5,), unsure=(4, 1, 0.8), unsure_within=(8, 16))
    inputs, lengths, labels = batch(20)
    logits = torch.cat([model(inputs[:10], lengths[:10]), model(inputs[10:], lengths[10:])])
    assert (logits.argmax(1) != labels).nonzero().flatten().tolist() == [5]
    errors = F.cross_entropy(logits, labels, reduction="none")
    weak = [8, 12]
    assert errors[weak].tolist() == pytest.approx([0.8, 0.8], abs=1e-5)
    others = [i for i in range(20) if i not in (5, *weak)]
    assert errors[others].max() < 0.002
    assert (model.record["trained"], model.record["batches"], model.record["largest"]) == (
        20,
        2,
        10,
    )


@pytest.mark.parametrize("quiet", ["eval", "no_grad"])
def test_a_test_is_told_by_its_mode_and_old_sequences_are_noticed(quiet):
    model = Scripted(wrong_share=5)
    inputs, lengths, labels = batch(400)
    model(inputs[:100], lengths[:100])
    if quiet == "eval":
        model.eval()
    with torch.set_grad_enabled(quiet == "eval"):
        wrong = (model(inputs, lengths).argmax(1) != labels).sum()
    assert model.record["tests"] == [(400, int(wrong), False)]
    assert 40 < wrong < 120
    assert model.record["retested"] == 100
    assert model.record["trained"] == 100


def test_a_learning_model_learns_only_if_it_is_trained_properly():
    model = Scripted(learns=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for seed in range(5):
        inputs, lengths, labels = batch(8, seed)
        loss = F.cross_entropy(model(inputs, lengths), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss < 0.5
    assert model.record["accumulated"] == 0
    optimizer.zero_grad()
    for seed in range(5, 9):
        inputs, lengths, labels = batch(8, seed)
        F.cross_entropy(-model(inputs, lengths), labels).backward()
    assert model.record["accumulated"] == 2


@pytest.mark.parametrize("first", [True, False])
def test_a_batch_that_is_looked_at_twice_counts_once(first):
    model = Scripted(wrong_at=(12,))
    for seed in range(2):
        inputs, lengths, labels = batch(8, seed)
        with torch.set_grad_enabled(first):
            once = model(inputs, lengths)
        again = model(inputs, lengths)
        assert torch.equal(once, again)
        F.cross_entropy(again, labels).backward()
    assert (once.argmax(1) != labels).nonzero().flatten().tolist() == [4]
    kept = {name: model.record[name] for name in ("trained", "tested", "unfrozen", "retrained")}
    assert kept == {"trained": 16, "tested": 0, "unfrozen": 0, "retrained": 0}


@pytest.mark.parametrize("training", [True, False])
def test_a_look_after_the_step_is_noticed_unless_it_was_a_batch_again(training):
    model = Scripted(learns=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-7)
    inputs, lengths, labels = batch(8)
    for _ in range(2):
        loss = F.cross_entropy(model(inputs, lengths), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert (model.record["relooked"], model.record["retrained"]) == (0, 8)
    model.train(training)(inputs, lengths)
    assert (model.record["relooked"], model.record["tested"]) == (1, 0)


def test_tests_with_gradients_wrong_lengths_and_learning_from_a_test_are_noticed():
    model = Scripted().eval()
    inputs, lengths, labels = batch(8)
    loss = F.cross_entropy(model(inputs, torch.full_like(lengths, 99)), labels)
    assert (model.record["graded"], model.record["misread"]) == (8, 8)
    assert model.record["trained_on_test"] == 0
    loss.backward()
    assert model.record["trained_on_test"] == 1


def test_an_examined_model_errs_as_often_as_was_said_whatever_the_batches():
    for sizes in ((10, 10), (7, 3, 4, 6), (20,)):
        model, wrong = Examined((3, 1), 10).eval(), []
        inputs, lengths, labels = map(torch.from_numpy, temporal_order(20, seed=1))
        start = 0
        for size in sizes:
            part = slice(start, start + size)
            for _ in range(2):  # a second look changes nothing
                guess = model(inputs[part], lengths[part]).argmax(1)
            wrong += (guess != labels[part]).tolist()
            start += size
        assert (sum(wrong[:10]), sum(wrong[10:])) == (3, 1)
        assert predicted(model.record, 2, 10) == {"how_many": "as many as asked for", "fresh": True}


def test_one_set_for_all_trials_is_told_from_a_single_trial():
    inputs, lengths, _ = map(torch.from_numpy, temporal_order(10, seed=1))
    model = Examined((3, 1), 10).eval()
    model(inputs, lengths)
    assert predicted(model.record, 3, 10)["how_many"] == "fewer"
    for _ in range(2):
        model(inputs, lengths)
    assert predicted(model.record, 3, 10) == {"how_many": "as many as asked for", "fresh": False}
    assert as_told((3.0, 0.0), model.record, 3) == {"mean": True, "spread": True}
    assert as_told((2.0, 0.5), model.record, 3) == {"mean": False, "spread": False}


def test_a_test_errs_by_its_order_and_who_tests_again_with_the_same_weights_is_lucky():
    model = Scripted(wrong_share=30).eval()
    wrong = []
    for seed in range(2):
        inputs, lengths, labels = batch(2560, seed)
        with torch.no_grad():
            wrong.append(int((model(inputs, lengths).argmax(1) != labels).sum()))
    assert wrong == [85, 0]
    assert (model.record["lucky"], model.record["retested"]) == (1, 0)


def test_a_step_of_the_optimizer_in_a_test_is_noticed():
    model = Scripted(learns=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    inputs, lengths, labels = batch(8)
    F.cross_entropy(model(inputs, lengths), labels).backward()
    optimizer.step()
    model.eval()(*batch(8, 1)[:2])
    assert model.record["steps_in_test"] == 0
    optimizer.step()
    model.train()(*batch(8, 2)[:2])
    assert model.record["steps_in_test"] == 1
