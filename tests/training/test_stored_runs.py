import json

import pytest

from rnn_course.errors import DataError
from rnn_course.training import stored_runs

RUN = {"points": [[512, 2.0]], "solved": True, "sequences": 600, "seed": 1}


def test_runs_come_as_they_were_stored(tmp_path):
    (tmp_path / "runs.json").write_text(json.dumps({"LSTM": [RUN]}))
    assert stored_runs(tmp_path / "runs.json") == {"LSTM": [RUN]}


@pytest.mark.parametrize(
    "text", [None, "", "[1]", '{"LSTM": 3}', '{"LSTM": [{"points": []}]}', "not json"]
)
def test_what_is_missing_or_something_else_is_told_with_its_place(tmp_path, text):
    path = tmp_path / "runs.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(DataError, match=r"stored runs in .*runs\.json\. Got .*given out with the"):
        stored_runs(path)
