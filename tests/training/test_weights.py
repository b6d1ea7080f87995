import pytest
import torch
from safetensors import safe_open
from small_task import LastStep, build
from torch import nn

from rnn_course.errors import TrainingError
from rnn_course.training import load_model, load_weights, save_weights


def test_weights_and_note_survive_a_file(tmp_path):
    path, other = tmp_path / "new" / "model.safetensors", LastStep()
    save_weights(build(), path, accuracy=0.93, words="one two")
    note = load_weights(other, path)
    assert note == {"class": "LastStep", "accuracy": "0.93", "words": "one two"}
    for name, value in build().state_dict().items():
        assert torch.equal(other.state_dict()[name], value)


def test_the_file_is_safetensors(tmp_path):
    save_weights(build(), tmp_path / "w")
    with safe_open(str(tmp_path / "w"), framework="pt") as file:
        assert set(file.keys()) == set(build().state_dict())


def test_the_type_of_the_model_stays(tmp_path):
    save_weights(build().double(), tmp_path / "w")
    model = LastStep()
    load_weights(model, tmp_path / "w")
    assert model.out.weight.dtype == torch.float32
    assert torch.equal(model.out.weight, build().out.weight)


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(3, 3), nn.Linear(3, 3)
        self.b.weight = self.a.weight
        self.norm = nn.BatchNorm1d(3)


def test_tied_weights_and_buffers_survive(tmp_path):
    model, other = Tied(), Tied()
    model.norm(model.a(torch.ones(2, 3)))
    save_weights(model, tmp_path / "w")
    load_weights(other, tmp_path / "w")
    assert torch.equal(other.b.weight, model.a.weight)
    assert torch.equal(other.norm.running_mean, model.norm.running_mean)
    assert other.norm.num_batches_tracked == 1


def test_differences_are_listed_and_the_model_is_unchanged(tmp_path):
    save_weights(nn.ModuleDict({"out": nn.Linear(8, 3), "old": nn.Linear(1, 1)}), tmp_path / "w")
    model = nn.ModuleDict({"out": nn.Linear(16, 3), "new": nn.Linear(1, 1, bias=False)})
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(TrainingError) as caught:
        load_weights(model, tmp_path / "w")
    assert "the weights of a ModuleDict" in caught.value.expected
    for part in (
        "out.weight: the model has (3, 16), the file (3, 8)",
        "new.weight: not in the file",
        "old.bias: not in the model",
    ):
        assert part in caught.value.came
    assert "out.bias" not in caught.value.came
    assert "Build the model with the sizes" in caught.value.fix
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_a_long_list_of_differences_is_cut(tmp_path):
    save_weights(nn.Linear(1, 1), tmp_path / "w")
    with pytest.raises(TrainingError, match="and 2 more"):
        load_weights(nn.ModuleList(nn.Linear(1, 1) for _ in range(4)), tmp_path / "w")


@pytest.mark.parametrize("content", [None, b"", b"\x80\x04garbage, perhaps a pickle"])
def test_what_is_no_weights_file_is_named(tmp_path, content):
    path = tmp_path / "model.pt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TrainingError, match=r"weights in .*model\.pt.*save_weights\(model, path\)"):
        load_weights(build(), path)


def test_the_same_weights_and_note_give_the_same_bytes(tmp_path):
    model = nn.Linear(3, 2)
    note = {f"setting_{number}": number for number in range(8)} | {"by": "Zoë"}
    for name in ("a", "b", "c"):
        save_weights(model, tmp_path / name, **note)
    first, *others = ((tmp_path / name).read_bytes() for name in ("a", "b", "c"))
    assert others == [first, first]
    copy = nn.Linear(3, 2)
    assert load_weights(copy, tmp_path / "a") == {
        "class": "Linear",
        **{name: str(value) for name, value in note.items()},
    }
    assert torch.equal(copy.weight, model.weight)


class Sized(nn.Module):
    def __init__(self, size, kind, width):
        super().__init__()
        self.kind, self.width, self.out = kind, width, nn.Linear(size, 2)


def test_a_model_is_built_again_from_what_was_noted(tmp_path):
    settings = {"size": 3, "kind": "LSTM", "width": None}
    model = Sized(**settings)
    save_weights(model, tmp_path / "w", **settings, epochs=5)
    again = load_model(Sized, tmp_path / "w", *settings)
    assert (again.kind, again.width) == ("LSTM", None)
    assert torch.equal(again.out.weight, model.out.weight)


def test_a_setting_that_was_not_noted_is_named(tmp_path):
    save_weights(Sized(3, "RNN", None), tmp_path / "w", size=3)
    with pytest.raises(
        TrainingError, match=r"size, kind in the note.*without kind\. Save the settings"
    ):
        load_model(Sized, tmp_path / "w", "size", "kind")
    with pytest.raises(TrainingError, match="weights in"):
        load_model(Sized, tmp_path / "none", "size")
