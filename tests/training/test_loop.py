import math

import pytest
import torch
from small_task import LastStep, OneByOne, build, clips, train
from torch import nn
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, Subset, TensorDataset

from rnn_course.errors import TrainingError
from rnn_course.training import evaluate


def weights(model):
    return [w.clone() for w in model.state_dict().values()]


def same(one, other):
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_it_learns_what_held_back_clips_confirm():
    model = build()
    history = train(model, clips(200), clips(60, 1), epochs=5)
    assert history.stopped == "finished"
    assert (history.steps, history.epochs) == (65, 5.0)
    assert history.train_loss[0] == pytest.approx(math.log(3), abs=0.2)
    assert evaluate(model, clips(300, 2), device="cpu").accuracy > 0.85


def test_steps_are_those_of_adamw_written_out():
    data, decay = clips(50, dtype=torch.float64), 0.1
    model, reference = build().double(), build().double()
    features, labels = data.tensors
    optimizer = torch.optim.AdamW(reference.parameters(), lr=0.01, weight_decay=decay)
    expected = []
    for _ in range(4):
        loss = cross_entropy(reference(features), labels)
        expected.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(reference.parameters(), 0.05)
        optimizer.step()
    history = train(model, data, data, epochs=4, batch_size=50, weight_decay=decay, clip_norm=0.05)
    assert history.train_loss == pytest.approx(expected, rel=1e-9)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    runs = []
    for seed in (0, 0, 1):
        model = build(dropout=0.5)
        runs.append((train(model, seed=seed), weights(model)))
    (one, one_weights), (again, again_weights), (other, _) = runs
    assert one.train_loss == again.train_loss
    assert one.valid == again.valid
    assert same(one_weights, again_weights)
    assert one.train_loss != other.train_loss


@pytest.mark.parametrize("wrap", [lambda data: data, OneByOne])
def test_the_callers_random_numbers_are_the_same_with_and_without_a_run(wrap):
    model = build(dropout=0.5)
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    train(model, wrap(clips(32)), wrap(clips(16)))
    evaluate(model, wrap(clips(16)), device="cpu")
    assert torch.equal(torch.rand(3), expected)


def test_the_callers_random_numbers_do_not_change_a_run():
    losses = []
    for seed in (1, 2):
        model = build(dropout=0.5)
        torch.manual_seed(seed)
        losses.append(train(model).train_loss)
    assert losses[0] == losses[1]


def test_indexed_tensors_give_the_same_run_as_clips_fetched_one_by_one():
    # Each epoch of a DataLoader draws its order in its own way, so one batch holds everything.
    data, valid = clips(64), clips(40, 1)
    direct = train(build(), data, valid, batch_size=64)
    fetched = train(build(), OneByOne(data), OneByOne(valid), batch_size=64)
    assert fetched.train_loss == pytest.approx(direct.train_loss, abs=1e-5)
    assert [p.accuracy for p in fetched.valid] == [p.accuracy for p in direct.valid]


def test_every_epoch_shows_each_sample_once_in_a_new_order():
    seen = []

    class Spy(LastStep):
        def forward(self, x):
            if self.training:
                seen.extend(x[:, 0, 0].tolist())
            return super().forward(x)

    data = clips(40)
    train(Spy(), data, batch_size=16)
    first, second = seen[:40], seen[40:]
    everything = sorted(data.tensors[0][:, 0, 0].tolist())
    assert sorted(first) == sorted(second) == everything
    assert first != second


def test_the_model_ends_with_the_weights_of_the_best_validation():
    model, valid = build(), clips(50, 1)
    # So large a learning rate makes the run end worse than it was on the way.
    history = train(model, valid=valid, epochs=12, lr=0.3, valid_every=2)
    metrics = evaluate(model, valid, device="cpu")
    assert history.best == max(history.valid, key=lambda point: (point.accuracy, -point.loss))
    assert history.best != history.valid[-1]
    assert (metrics.accuracy, metrics.loss) == pytest.approx(
        (history.best.accuracy, history.best.loss)
    )


def test_it_validates_at_the_asked_steps_and_after_the_last():
    assert [p.step for p in train(build(), valid_every=3).valid] == [3, 6, 9, 12, 14]
    assert [p.step for p in train(build()).valid] == [7, 14]


def test_max_steps_ends_a_run_and_is_named():
    history = train(build(), max_steps=5)
    assert (history.steps, history.stopped) == (5, "max_steps")
    assert [p.step for p in history.valid] == [5]
    assert train(build(), max_steps=50).stopped == "finished"


def test_patience_counts_validations_without_a_new_best():
    model = nn.Sequential(nn.Flatten(), nn.Linear(18, 3))
    # Rounding swallows steps so small, so that no validation is better than the first.
    history = train(model, epochs=9, lr=1e-12, patience=3)
    assert history.stopped == "patience"
    assert len(history.valid) == 4
    assert history.best_step == history.valid[0].step


def test_clipping_shortens_only_gradients_that_are_longer():
    plain, loose, tight = (train(build(), clip_norm=norm) for norm in (None, 1e6, 1e-9))
    assert loose.train_loss == plain.train_loss
    # Adam divides by the size of the gradient; its epsilon of 1e-8 is all that is left here.
    assert tight.train_loss[-1] > plain.train_loss[-1] + 0.05


def test_weight_decay_shrinks_weights():
    norms = []
    for decay in (0.0, 5.0):
        model = build()
        train(model, weight_decay=decay)
        norms.append(model.out.weight.norm())
    assert norms[1] < 0.8 * norms[0]


def test_an_interrupt_returns_the_history_so_far_with_the_best_weights():
    class Interrupted(LastStep):
        calls = 0

        def forward(self, x):
            self.calls += self.training
            if self.calls == 12:
                raise KeyboardInterrupt
            return super().forward(x)

    torch.manual_seed(0)
    model = Interrupted()
    history = train(model, epochs=4)
    assert (history.steps, history.stopped, history.best_step) == (11, "interrupted", 7)
    reference = build()
    train(reference, epochs=1)
    assert same(weights(model), weights(reference))


def test_an_interrupt_before_any_validation_leaves_no_best_step():
    class AtOnce(LastStep):
        def forward(self, x):
            raise KeyboardInterrupt

    history = train(AtOnce())
    assert (history.steps, history.best_step, history.stopped) == (0, None, "interrupted")
    assert history.best is None


def test_modes_of_modules_are_put_back():
    model = build()
    model.eval()
    model.dropout.train()
    train(model)
    assert not model.training
    assert not model.rnn.training
    assert model.dropout.training


def test_settings_are_kept_in_the_history():
    settings = train(build(), clip_norm=1.0).settings
    assert settings["model"] == "LastStep"
    assert (settings["train_samples"], settings["valid_samples"]) == (100, 40)
    assert (settings["lr"], settings["clip_norm"], settings["device"]) == (0.01, 1.0, "cpu")


def test_features_are_converted_to_the_type_of_the_model():
    model = build().double()
    history = train(model, clips(64), clips(32, 1, torch.float16))
    assert all(p.dtype == torch.float64 for p in model.parameters())
    assert history.steps == 8


def test_whole_number_features_reach_an_embedding_unchanged():
    model = nn.Sequential(nn.Embedding(5, 4), nn.Flatten(), nn.Linear(12, 2))
    ids = torch.randint(5, (40, 3), generator=torch.Generator().manual_seed(0))
    data = TensorDataset(ids, (ids[:, 0] > 2).long())
    train(model, data, data, epochs=30)
    assert evaluate(model, data, device="cpu").accuracy == 1.0


def test_subsets_are_indexed_too():
    data = Subset(clips(100), range(0, 100, 2))
    assert evaluate(build(), data, device="cpu").count == 50
    assert train(build(), data).settings["train_samples"] == 50


def test_the_bar_goes_to_stderr_and_silence_is_silent(capsys):
    train(build())
    assert capsys.readouterr() == ("", "")
    history = train(build(), progress=True, epochs=40, valid_every=1)
    out, err = capsys.readouterr()
    assert out == ""
    assert "training" in err
    drawn = err.count("training:")
    assert drawn <= history.seconds / 0.5 + 3, f"{drawn} times in {history.seconds:.1f} s"


class Diverging(LastStep):
    """Answers not-a-number from its fifth training batch on."""

    calls = 0

    def forward(self, x):
        self.calls += self.training
        return super().forward(x) * (math.nan if self.calls >= 5 else 1.0)


def test_a_loss_that_is_not_a_number_names_its_step_and_the_usual_causes():
    with pytest.raises(TrainingError, match=r"finite loss.*nan at step 5.*lr by 10.*clip_norm=1"):
        train(Diverging())


def test_a_diverging_run_leaves_the_best_weights():
    model = Diverging()
    with pytest.raises(TrainingError):
        train(model, valid_every=2)
    assert all(torch.isfinite(w).all() for w in model.parameters())


def test_broken_features_are_told_from_a_diverging_model():
    data = clips(32)
    data.tensors[0][3] = math.inf
    with pytest.raises(TrainingError, match=r"features that are finite.*NaN or infinite features"):
        train(build(), data)


def test_a_validation_loss_that_is_not_a_number_is_an_error():
    valid = clips(16)
    valid.tensors[0][3] = math.nan
    with pytest.raises(TrainingError, match="validation loss of nan after step 7"):
        train(build(), valid=valid)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"epochs": 0}, r"epochs to be a whole number of at least 1\. Got epochs=0"),
        ({"epochs": 1.5}, r"epochs to be a whole number"),
        ({"batch_size": 0}, r"batch_size to be a whole number"),
        ({"batch_size": 101}, r"at most 100, the number of training samples.*batch_size=101"),
        ({"valid_every": 0}, r"valid_every=0"),
        ({"patience": 0}, r"patience=0"),
        ({"max_steps": -1}, r"max_steps=-1"),
        ({"lr": 0.0}, r"lr to be a finite number above 0"),
        ({"lr": math.nan}, r"lr=nan"),
        ({"clip_norm": -1.0}, r"clip_norm=-1.0"),
        ({"weight_decay": -0.1}, r"weight_decay to be a finite number of at least 0"),
        ({"device": "tpu"}, r"a device that this machine has.*'tpu'"),
    ],
)
def test_unusable_settings_are_named(changes, text):
    with pytest.raises(TrainingError, match=text):
        train(build(), **changes)


def empty():
    return TensorDataset(torch.zeros(0, 6, 3), torch.zeros(0, dtype=torch.long))


def labelled(labels):
    return TensorDataset(torch.zeros(len(labels), 6, 3), torch.as_tensor(labels))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (empty(), "at least one sample in the training data"),
        (DataLoader(clips(32)), r"map-style data set.*DataLoader.*loader\.dataset"),
        (iter(clips(3)), "map-style data set"),
        (labelled([0, 1, 2, 3] * 8), "labels from 0 to 2 .there are 3 classes.* from 0 to 3"),
        (labelled([-1, 1] * 16), "labels from -1 to"),
        (labelled([0.0, 1.0] * 16), "whole number.*float32"),
        (labelled([[1, 0, 0]] * 32), r"shape \(32, 3\).*argmax"),
    ],
)
def test_unusable_data_is_named(data, text):
    with pytest.raises(TrainingError, match=text):
        train(build(), data)


class NoParameters(nn.Module):
    def forward(self, x):
        return x[:, -1]


class WholeSequence(LastStep):
    def forward(self, x):
        return self.out(self.rnn(x)[0])


class WithState(LastStep):
    def forward(self, x):
        return self.rnn(x)


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (NoParameters(), r"parameters to train.*ModuleList"),
        (WholeSequence(), r"output of shape \(B, K\) with B = 16.*\(16, 6, 3\)"),
        (WithState(), r"one tensor of shape \(B, K\).*tuple from WithState"),
    ],
)
def test_unusable_models_are_named(model, text):
    with pytest.raises(TrainingError, match=text):
        train(model)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_on_a_gpu_the_same_seed_gives_the_same_numbers():
    runs = [train(build(dropout=0.5), device="cuda") for _ in range(2)]
    assert runs[0].train_loss == runs[1].train_loss
    assert runs[0].settings["device"] == "cuda"
