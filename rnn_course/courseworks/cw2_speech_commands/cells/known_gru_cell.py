"""Mistakes in a GRU's equations."""

from rnn_course.checks.mistakes import mistake

GRU = "A GRU cell"

MISTAKES = (
    mistake(
        "reset_before_product",
        "The reset gate acts on the state before the recurrent product, as in the form of 2014.",
        "Here, as in cuDNN and PyTorch, it multiplies the product: n = tanh(W x + r * (U h + b)).",
        GRU,
    ),
    mistake(
        "reset_on_input",
        "The reset gate multiplies the input's part of the candidate.",
        "It decides how much of the old state the candidate sees, so it multiplies that part.",
        GRU,
    ),
    mistake(
        "reset_on_everything",
        "The reset gate multiplies the input's part of the candidate as well.",
        "It decides how much of the old state the candidate sees; the input always counts.",
        GRU,
    ),
    mistake(
        "reset_outside_tanh",
        "The reset gate multiplies the candidate after tanh.",
        "It stands inside: n = tanh(W x + r * (U h + b)).",
        GRU,
    ),
    mistake(
        "reset_on_old_state",
        "The reset gate multiplies the old state in the final mixture.",
        "It acts inside the candidate only; the mixture is (1 - z) * n + z * h.",
        GRU,
    ),
    mistake(
        "reset_in_update",
        "The update gate reads the old state after the reset gate.",
        "r acts in the candidate only; both gates read h as it is.",
        GRU,
    ),
    mistake(
        "no_reset_gate",
        "The candidate does not depend on a reset gate.",
        "The reset gate lets the candidate ignore the old state.",
        GRU,
    ),
    mistake(
        "no_update_gate",
        "The new state is the candidate: the update gate is missing.",
        "Mixing with the old state is what carries memory through time.",
        GRU,
    ),
    mistake(
        "update_not_complementary",
        "The shares of candidate and old state do not add up to one.",
        "The new state is a mixture: (1 - z) * n + z * h.",
        GRU,
    ),
    mistake(
        "gru_candidate_sigmoid",
        "The candidate goes through a sigmoid, so the state can only become positive.",
        "The candidate is content, not a gate: use tanh.",
        GRU,
    ),
    mistake(
        "gru_candidate_not_tanh",
        "The candidate is not squashed by tanh.",
        "tanh keeps the state between -1 and 1.",
        GRU,
    ),
    mistake(
        "candidate_without_state",
        "The candidate does not read the old state.",
        "n = tanh(W x + r * (U h + b)): the reset gate has nothing to act on otherwise.",
        GRU,
    ),
    mistake(
        "state_squashed",
        "The mixture went through tanh once more.",
        "The mixture of two numbers between -1 and 1 needs no squashing; tanh makes memory fade.",
        GRU,
    ),
    mistake(
        "state_clipped",
        "The new state is cut off at a bound.",
        "h' = (1 - z) * n + z * h lies between n and h and needs no bound.",
        GRU,
    ),
    mistake(
        "hidden_bias_outside",
        "Inside the bracket after r the bias of the state's part is missing.",
        "r multiplies the product with its bias: n = tanh(W x + b + r * (U h + b)).",
        GRU,
    ),
    mistake(
        "returns_a_pair",
        "The cell returns more than its new state.",
        "A GRU has one state: return hy.",
        GRU,
    ),
)
