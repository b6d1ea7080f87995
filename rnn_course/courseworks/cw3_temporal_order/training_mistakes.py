"""What goes wrong in coursework 3's training step, training loop and evaluation."""

from rnn_course.checks.mistakes import mistake
from rnn_course.courseworks.cw3_temporal_order.mistakes import SOLVED, WEIGHTS

# train_until_solved

RESULT_NOT_ASKED = mistake(
    "result_incomplete",
    "The result does not hold sequences, errors and solved.",
    "Return Result(sequences, errors, solved).",
    SOLVED,
)
SEQUENCES_MISCOUNTED = mistake(
    "sequences_miscounted",
    "The number of sequences is not the number that was trained on.",
    "Count every training sequence once: batches times batch size; test sequences do not count.",
    SOLVED,
)
ERRORS_NOT_KEPT = mistake(
    "errors_not_kept",
    "The errors are not the cross-entropies of the training batches in order.",
    "Append the loss of every batch as a number.",
    SOLVED,
)
NEVER_UPDATED = mistake(
    "never_updated",
    "The model's parameters did not learn.",
    "loss.backward() makes gradients, optimizer.step() uses them; both are needed.",
    SOLVED,
)
GRADIENTS_ADD_UP = mistake(
    "gradients_add_up",
    "The gradients of earlier batches are still there.",
    "backward() adds to what is in .grad: call optimizer.zero_grad() before it.",
    SOLVED,
)
STOPS_EARLY = mistake(
    "stops_after_a_mistake",
    "It stopped although one of the last 2000 training sequences was wrong.",
    "The run of right answers starts again after every mistake.",
    SOLVED,
)
STOPS_TOO_SOON = mistake(
    "stops_before_2000",
    "It stopped before 2000 sequences had been seen.",
    "A good batch is luck: 2000 right answers in a row are asked for.",
    SOLVED,
)
ERROR_IGNORED = mistake(
    "error_ignored",
    "It stopped although the mean error of the last 2000 sequences was not under 0.1.",
    "Right but unsure is not solved: average the error over the same 2000 sequences.",
    SOLVED,
)
MEAN_OVER_EVERYTHING = mistake(
    "mean_over_everything",
    "It went on although the last 2000 sequences met both conditions.",
    "What happened long ago must leave the window: only the last 2000 count.",
    SOLVED,
)
LOOKS_SELDOM = mistake(
    "looks_seldom",
    "It looks only now and then whether the last 2000 sequences meet the conditions.",
    "The window slides: look after every batch, at the 2000 sequences before it.",
    SOLVED,
)
RATE_IGNORED = mistake(
    "rate_not_asked",
    "The optimizer does not have the learning rate that was asked for.",
    "It is model.lr if the model has that attribute and 3e-3 otherwise: "
    'getattr(model, "lr", 3e-3).',
    SOLVED,
)
NOT_CLIPPED = mistake(
    "gradient_not_clipped",
    "The step was made with a gradient that is not clipped to norm 1.",
    "nn.utils.clip_grad_norm_, to norm 1, has its place after backward() and before "
    "step(); it takes all parameters together, and the norm, not each number.",
    SOLVED,
)
NEW_OPTIMIZER = mistake(
    "new_optimizer_each_batch",
    "There is a new optimizer for every batch.",
    "Adam steers by averages of earlier gradients, and a new one has none: make it once.",
    SOLVED,
)
STEP_IN_TEST = mistake(
    "step_in_the_test",
    "The parameters were changed during the test, or after it and before the next batch.",
    "A test is made at frozen weights: no optimizer.step() in it.",
    SOLVED,
)
TESTED_UNTIL_LUCKY = mistake(
    "tested_until_lucky",
    "A failed test was made again with the same weights, until one was passed.",
    "Who tries often enough is lucky once: after a failed test train on, and test again then.",
    SOLVED,
)
NEVER_STOPS = mistake(
    "never_stops",
    "2500 sequences in a row, all of them right, are not enough for it.",
    "The last 2000 *sequences* count, the last 125 batches of 16 and not 2000 batches. When both "
    "conditions hold there, test; when the test is passed, stop with solved=True.",
    SOLVED,
)
TEST_SKIPPED = mistake(
    "test_skipped",
    "It called the problem solved although fresh sequences were wrong.",
    "Right answers in training may come from weights that were just fitted: test at frozen ones.",
    SOLVED,
)
TEST_TOO_SMALL = mistake(
    "test_too_small",
    "The test had fewer than 2560 sequences.",
    "99 % of a few sequences is within luck.",
    SOLVED,
)
TEST_NOT_FRESH = mistake(
    "test_not_fresh",
    "The test used sequences that were seen before.",
    "Draw new ones: how well old ones are known says nothing.",
    SOLVED,
)
TEST_NOT_FROZEN = mistake(
    "test_not_frozen",
    "The test ran in training mode, or with gradients.",
    "Use model.eval() and torch.no_grad() for the test, and model.train() afterwards.",
    SOLVED,
)
TRAINED_IN_EVAL = mistake(
    "trained_in_evaluation_mode",
    "A loss of the evaluation mode was sent backwards.",
    "Never learn from the test, and call model.train() when the training goes on after it.",
    SOLVED,
)
RIGHT_AFTER_STEP = mistake(
    "judged_after_the_step",
    "The training sequences are judged by the weights after the step that they caused.",
    "After the step the batch is known: use the logits that the loss was computed from.",
    SOLVED,
)
TEST_TOO_STRICT = mistake(
    "test_too_strict",
    "Tests that were passed did not end the run.",
    "99 % of the fresh sequences are enough; a few in a thousand may be wrong.",
    SOLVED,
)
GIVES_UP = mistake(
    "gives_up_after_test",
    "It stopped when a test was failed.",
    "A failed test means: train on, and test again.",
    SOLVED,
)
LIMIT_IGNORED = mistake(
    "limit_ignored",
    "It trained on more than max_sequences.",
    "The limit is what ends a run that does not learn.",
    SOLVED,
)
SAME_DATA_AGAIN = mistake(
    "same_data_again",
    "It trained on the same sequences again.",
    "Sequences cost nothing here: draw new ones for every batch.",
    SOLVED,
)
SOLVED_WRONGLY = mistake(
    "solved_at_the_limit",
    "It says solved although it only reached the limit.",
    "solved is True only after a passed test.",
    SOLVED,
)

# weights

NO_FILE = mistake(
    "no_weights_file",
    "The file is not there.",
    "Run the training cell: save_weights writes it beside the notebook; hand it in too.",
    WEIGHTS,
)
FILE_BROKEN = mistake(
    "weights_unreadable",
    "The file is not a safetensors file.",
    "Write it with save_weights(model, name).",
    WEIGHTS,
)
FILE_DOES_NOT_FIT = mistake(
    "weights_do_not_fit",
    "The file does not fit your class.",
    "The class was changed after training: train and save again.",
    WEIGHTS,
)
NOT_SOLVED = mistake(
    "weights_not_solved",
    "The weights do not solve the problem.",
    "Save the weights after train_until_solved has returned solved=True.",
    WEIGHTS,
)
