"""Mistakes in an LSTM's equations."""

from rnn_course.checks.mistakes import mistake

LSTM = "An LSTM cell"

MISTAKES = (
    mistake(
        "cell_state_not_returned",
        "Only the hidden state comes back.",
        "The next step needs the cell state as well: return hy, cy.",
        LSTM,
    ),
    mistake(
        "states_in_another_form",
        "The two states do not come as a pair.",
        "Return two tensors: return hy, cy; what calls the cell takes them apart as h, c.",
        LSTM,
    ),
    mistake(
        "states_in_wrong_order",
        "The cell state comes first and the hidden state second.",
        "The order is hy, cy; what reads the first as hidden state would read the wrong one.",
        LSTM,
    ),
    mistake(
        "old_cell_returned",
        "The second result is the cell state that was handed in.",
        "Return the new cell state, or nothing is ever remembered.",
        LSTM,
    ),
    mistake(
        "hidden_for_cell",
        "The hidden state is returned twice, the second time in place of the cell state.",
        "The cell state is not squashed by tanh and not gated: return hy, cy.",
        LSTM,
    ),
    mistake(
        "output_nested",
        "The result is (hy, (hy, cy)), as of a whole layer.",
        "A cell returns the pair (hy, cy), which can be handed to its next step.",
        LSTM,
    ),
    mistake(
        "no_forget_gate",
        "The old cell state is kept whole: the forget gate is missing.",
        "That was the form of 1997; without forgetting the cell grows without bound.",
        LSTM,
    ),
    mistake(
        "old_cell_dropped",
        "The old cell state plays no part in the new one.",
        "The sum f * c + i * g is what carries memory (and gradients) through time.",
        LSTM,
    ),
    mistake(
        "no_input_gate",
        "The candidate enters the cell whole: the input gate is missing.",
        "The input gate protects the cell from inputs that do not matter.",
        LSTM,
    ),
    mistake(
        "candidate_missing",
        "What is added to the cell is a gate and not gate times candidate.",
        "The candidate says what to write, the input gate how much of it.",
        LSTM,
    ),
    mistake(
        "candidate_sigmoid",
        "The candidate goes through a sigmoid, so the cell can only be raised.",
        "The candidate is content, not a gate: tanh lets it raise and lower the cell.",
        LSTM,
    ),
    mistake(
        "candidate_not_tanh",
        "The candidate is not squashed by tanh.",
        "tanh keeps what is written between -1 and 1.",
        LSTM,
    ),
    mistake(
        "tanh_twice",
        "tanh is applied twice on one way.",
        "Each quantity is squashed once: the candidate, and the new cell on its way out.",
        LSTM,
    ),
    mistake(
        "cell_squashed",
        "The new cell state itself went through tanh.",
        "The cell must be able to count beyond 1; tanh belongs to the output only.",
        LSTM,
    ),
    mistake(
        "product_for_sum",
        "Old cell and candidate are multiplied where they should be added.",
        "A sum carries the gradient through time unchanged; a product does not.",
        LSTM,
    ),
    mistake(
        "sum_for_product",
        "A gate is added where it should multiply.",
        "A gate lets a share through, so it multiplies.",
        LSTM,
    ),
    mistake(
        "gates_swapped_in_effect",
        "One gate does the work of another: it multiplies the wrong quantity.",
        "f multiplies the old cell, i the candidate, o the tanh of the new cell.",
        LSTM,
    ),
    mistake(
        "no_output_tanh",
        "The hidden state is the output gate times the cell itself, without tanh.",
        "tanh keeps the hidden state between -1 and 1 however large the cell has grown.",
        LSTM,
    ),
    mistake(
        "no_output_gate",
        "The hidden state shows the cell whole: the output gate is missing.",
        "The output gate decides which part of the memory is shown now.",
        LSTM,
    ),
    mistake(
        "hidden_is_cell",
        "The hidden state is the cell state.",
        "hy = o * tanh(cy) is a gated, squashed view of the cell.",
        LSTM,
    ),
    mistake(
        "hidden_from_old_cell",
        "The hidden state is computed from the old cell state.",
        "The cell is updated first; its new value is what is shown.",
        LSTM,
    ),
    mistake(
        "hidden_from_candidate",
        "The hidden state is computed from the candidate and not from the cell.",
        "hy = o * tanh(cy) shows the whole memory, not only what is new.",
        LSTM,
    ),
    mistake(
        "output_sigmoid",
        "The cell goes through a sigmoid on its way out.",
        "tanh lets the hidden state be negative as well.",
        LSTM,
    ),
    mistake(
        "tanh_around_product",
        "tanh is applied to gate times cell, not to the cell.",
        "First squash the cell, then let the gate decide how much of it is shown.",
        LSTM,
    ),
    mistake(
        "cell_missing_in_output",
        "The hidden state is the output gate alone.",
        "The gate says how much of tanh(cy) is shown.",
        LSTM,
    ),
    mistake(
        "hx_taken_apart_wrongly",
        "hx is taken apart as (c, h): the cell state stands where the hidden state should.",
        "hx is the pair (h, c), in the order in which the cell returns it.",
        LSTM,
    ),
    mistake(
        "hidden_for_old_cell",
        "The new cell goes on from the old hidden state, not from the old cell.",
        "hx is a pair (h, c): the gates read h, and what is kept is c.",
        LSTM,
    ),
    mistake(
        "old_hidden_added",
        "The old hidden state is added to the new one.",
        "hy = o * tanh(cy), and nothing else; what is kept is kept in the cell.",
        LSTM,
    ),
    mistake(
        "cell_clipped",
        "The new cell is cut off at a bound.",
        "cy = f * c + i * g may grow; tanh on the way out keeps the hidden state in bounds.",
        LSTM,
    ),
    mistake(
        "cell_normalised",
        "The cell is normalised before it is shown.",
        "That is another model: hy = o * tanh(cy), with cy as it is.",
        LSTM,
    ),
    mistake(
        "peephole",
        "A gate reads the cell state.",
        "Peepholes are another model; here the gates read the input and the hidden state.",
        LSTM,
    ),
)
