"""What goes wrong in a study of settings, in reckoning costs, and in forecasting."""

from functools import partial

from rnn_course.checks.mistakes import mistake as _mistake
from rnn_course.courseworks.cw4_lstm_applications.headings import (
    COST,
    FORECAST_K,
    FORECASTER,
    SWEEP,
)

# sweep

_study = partial(_mistake, read=SWEEP)

NO_RECORD = _study(
    "no_record",
    "There is no record of a sweep.",
    'Call sweep(grid, run_setting, path="sweep.jsonl"), and hand the file in.',
)
RECORD_BROKEN = _study(
    "record_broken",
    "The record of the sweep cannot be read.",
    "Leave the file as sweep wrote it: one JSON object a line.",
)
GRID_TOO_SMALL = _study(
    "grid_too_small",
    "The settings do not cover what was asked for.",
    "At least two num_steps, two num_hiddens and three lr, each combined with each.",
)
GRID_INCOMPLETE = _study(
    "grid_incomplete",
    "Some combinations of the settings are missing.",
    "Where two things change at once, nobody can tell which of them did it.",
)
RESULT_INCOMPLETE = _study(
    "result_incomplete",
    "Some settings have no perplexity or no text.",
    'run_setting returns {"perplexity": …, "text": …}, measured on the validation text.',
)
NO_DIVERGENCE = _study(
    "no_divergence",
    "No setting diverged.",
    "Raise the largest learning rate until training breaks: you want to see the edge.",
)
NOTHING_LEARNED = _study(
    "nothing_learned",
    "No setting learned anything.",
    "A perplexity of 28 is what guessing among 28 signs costs; lower the learning rate.",
)
READS_WORST = _study(
    "reads_worst",
    "The setting named best has the highest perplexity.",
    "Low perplexity is good: fewer choices are left open.",
)
BEST_MISREAD = _study(
    "best_misread",
    "The setting named best is not the one with the lowest perplexity.",
    "Read it off the table, result.best('perplexity') finds it as well.",
)
SLOWEST_MISREAD = _study(
    "slowest_misread",
    "The setting named slowest is not the one that took longest.",
    "Each record says how many seconds it took.",
)
READS_FASTEST = _study(
    "reads_fastest",
    "The setting named slowest is the fastest.",
    "Many seconds are slow.",
)
DIVERGED_MISREAD = _study(
    "diverged_misread",
    "The learning rates named are not those at which training diverged.",
    "Diverged is: failed, or a perplexity above that of guessing, 28.",
)
DIVERGED_TOO_MANY = _study(
    "slow_is_not_diverged",
    "A learning rate is named at which training did not diverge.",
    "Learning too little is not diverging: a perplexity under 28 is better than guessing.",
)
NOT_A_SETTING = _study(
    "not_a_setting",
    "What is named is no setting of the sweep.",
    "A setting is a dict with num_steps, num_hiddens and lr.",
)

# cost

_cost = partial(_mistake, read=COST)

ONE_BIAS = _cost(
    "one_bias",
    "One bias a gate is counted.",
    "torch keeps two: one with the input's matrix, one with the state's.",
)
NO_BIAS = _cost(
    "no_bias",
    "The biases are not counted.",
    "Each gate has two vectors of H numbers.",
)
GATES_MISCOUNTED = _cost(
    "gates_miscounted",
    "The number of blocks of weights is wrong.",
    "RNN 1, GRU 3 (reset, update, candidate), LSTM 4 (input, forget, candidate, output).",
)
NO_RECURRENT = _cost(
    "no_recurrent_matrix",
    "The matrix of the state is not counted.",
    "Each gate has H × D weights for the input, and H × H for the state.",
)
NO_INPUT = _cost(
    "no_input_matrix",
    "The matrix of the input is not counted.",
    "Each gate has H × D weights for the input, and H × H for the state.",
)
SIZES_EXCHANGED = _cost(
    "sizes_exchanged",
    "Inputs and hidden units are exchanged.",
    "Every matrix has H rows; the input's has D columns, the state's H.",
)
ADDS_ONLY_ONCE = _cost(
    "multiplications_only",
    "Multiplications are counted and additions are not.",
    "Each weight of a matrix costs a multiplication and an addition: two.",
)
COUNTS_MORE = _cost(
    "biases_in_flops",
    "More than the matrix products is counted.",
    "By our convention only matrices count: the rest grows with H, not with H².",
)
UNKNOWN_TAKEN = _cost(
    "unknown_kind_accepted",
    "A kind of cell that does not exist is taken without complaint.",
    "A spelling mistake should be found at once: raise ValueError.",
)
NOT_WHOLE = _cost(
    "not_a_whole_number",
    "The count is no whole number.",
    "Parameters and operations are counted: an int.",
)
NO_WARM_UP = _cost(
    "no_warm_up",
    "The first call is part of what is measured.",
    "It is slower than all others (memory, caches, code loaded): call once before the clock runs.",
)
TOTAL_TIME = _cost(
    "total_not_per_call",
    "The time of all calls together is returned.",
    "Divide by the number of calls, or take the median of single ones.",
)
NOT_SECONDS = _cost(
    "not_seconds",
    "The time is in another unit.",
    "Return seconds; turn them into milliseconds where you print.",
)
ONE_CALL = _cost(
    "too_few_calls",
    "Fewer calls were measured than asked for.",
    "A single call is at the mercy of whatever else the machine does.",
)
NOT_MEDIAN = _cost(
    "not_the_median",
    "The time returned is not the median of the calls.",
    "A machine is interrupted now and then; the mean takes that in, the median does not. The "
    "least or the last of the times is a matter of luck.",
)
OTHER_COUNT = _cost(
    "repeats_ignored",
    "Other calls were measured than the number asked for.",
    "The argument repeats says how many calls the median is taken of.",
)
CLOCK_STOPS = _cost(
    "clock_stands_still",
    "The time returned is less than any of the calls took.",
    "time.process_time() stands still while a program waits; take time.perf_counter(), and read "
    "it just before and just after the call.",
)
OTHER_TIME = _cost(
    "other_time",
    "The time returned is not that of a call.",
    "Read the clock just before and just after each call, and return the median of the "
    "differences.",
)
ADDITIONS_EXACT = _cost(
    "additions_counted_exactly",
    "A few additions less are counted than multiplications.",
    "By our convention each weight costs a multiplication and an addition: two.",
)
SIZES_MULTIPLIED = _cost(
    "sizes_multiplied",
    "Inputs and hidden units are multiplied where they should be added.",
    "The matrices are H × D and H × H: together H · (D + H) weights, each used once.",
)
OTHER_FORMULA = _cost(
    "other_formula",
    "The count is not that of one matrix for the input and one for the state in each gate.",
    "Write the shapes down: H × D and H × H, and biases of H; then multiply by the gates.",
)
GRADIENTS_IN_INFERENCE = _cost(
    "gradients_in_inference",
    "Without training the layer was called with gradients on.",
    "Then torch keeps everything for a way back that is never gone: use torch.no_grad().",
)
NO_BACKWARD = _cost(
    "no_backward",
    "In training no gradient was computed.",
    "A training step goes forward and back: call .backward() on the sum of the output.",
)
BACKWARD_NOT_TIMED = _cost(
    "backward_not_timed",
    "In training the way back is not measured.",
    "Stop the clock after backward().",
)
BACKWARD_ALWAYS = _cost(
    "backward_in_inference",
    "Without training a gradient was computed.",
    "Inference is the way forward only.",
)

# forecast

_model = partial(_mistake, read=FORECASTER)
_ahead = partial(_mistake, read=FORECAST_K)

EXTRA_AXIS = _model(
    "extra_axis",
    "The forecasts keep an axis of length one.",
    "Each step has one number: take [..., 0] or squeeze(-1) at the end.",
)
TEACHER_FORCED = _ahead(
    "true_values_fed",
    "The forecast uses values that are not known yet.",
    "After the last known value the model's own forecasts are the inputs.",
)
ONE_STEP_ONLY = _ahead(
    "one_step_only",
    "The forecast is one step ahead, whatever k is.",
    "Feed the forecast back k - 1 times.",
)
TOO_FEW_STEPS = _ahead(
    "one_step_short",
    "The forecast is for one step less than k.",
    "The first forecast is one step ahead; k - 1 more follow.",
)
TOO_MANY_STEPS = _ahead(
    "one_step_long",
    "The forecast is for one step more than k.",
    "The first forecast is one step ahead; k - 1 more follow.",
)
NOT_SHIFTED = _ahead(
    "stands_at_origin",
    "Forecasts stand where they were made, not where they belong.",
    "Entry t is the forecast of x[:, t], made k steps before.",
)
STATE_SPOILED = _ahead(
    "forecast_enters_state",
    "Forecasts enter the state that goes on along the series.",
    "Feeding back needs a state of its own, from the point where the forecast starts.",
)
NO_MEMORY = _ahead(
    "state_not_used",
    "The forecast knows less of the past than the whole series so far.",
    "Carry the state along the series; a single value says little.",
)
STATE_STALE = _ahead(
    "state_not_updated",
    "While feeding back, the state stays as it was.",
    "Each fed-back value returns a new state; use it for the next.",
)
HOLDS_LAST = _ahead(
    "feeds_last_value",
    "While feeding back, the last known value is fed again and again.",
    "The next input is the forecast just made.",
)
LAST_VALUE = _ahead(
    "last_value_itself",
    "The forecast is the last known value itself.",
    "A model is there to do better than that: let it read the value and return its forecast.",
)
SUMMED_FORECASTS = _ahead(
    "forecasts_combined",
    "The forecast is a sum or a mean of those of all steps on the way.",
    "Only the last of the k forecasts counts; the others lead there.",
)
FEEDBACK_WRONG = _ahead(
    "feedback_wrong",
    "One step ahead the forecasts are right, further ahead they are not.",
    "So it is the feeding back: the next input is the forecast just made, with the state that "
    "came with it, k - 1 times.",
)
FIRST_STEP_WRONG = _ahead(
    "first_step_wrong",
    "Already one step ahead the forecasts are not those of the model.",
    "For k = 1 nothing is fed back: entry t is what the model forecast after it had read "
    "everything up to x[:, t - 1].",
)
LAST_MISSING = _ahead(
    "last_entries_missing",
    "The last entries have no forecast.",
    "The last value that can be forecast is the last of x; a loop over t ends at T - k - 1.",
)
SOME_MISSING = _ahead(
    "some_entries_missing",
    "Some entries have no forecast, though one could be made.",
    "Every step from k on has a forecast, made k steps before it.",
)
START_LEFT_OUT = _ahead(
    "start_left_out",
    "The first k entries are left out.",
    "The result has the shape of x; where nobody could forecast stands NaN.",
)
INPUT_CHANGED = _ahead(
    "inputs_changed",
    "The function writes into the series that it was given.",
    "The caller goes on using it. Write into a new tensor, e.g. forecasts.",
)
START_NOT_NAN = _ahead(
    "start_not_nan",
    "The first k entries are numbers.",
    "Nothing was known k steps before them: NaN says so, and plots leave it out.",
)
FORECAST_TRAINING = _ahead(
    "forecast_in_training_mode",
    "The model is used in training mode.",
    "Call model.eval() first.",
)
FORECAST_GRADIENTS = _ahead(
    "forecast_with_gradients",
    "The model is used with gradients on.",
    "Thousands of steps are kept in memory for nothing: use torch.no_grad().",
)
