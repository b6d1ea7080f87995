"""Mistakes that only a classifier of two directions can make."""

from rnn_course.courseworks.cw2_speech_commands.models.catalogue import DIRECTIONS, mistake

mistake(
    "joined_along_batch",
    "stacks",
    "The two final states are put below each other, as if they were more samples.",
    "They belong side by side, (B, 2H): torch.cat([ahead, back], dim=1).",
    DIRECTIONS,
)
mistake(
    "hx_half_ignored",
    "hx",
    "Half of hx is not used: one of the two stacks starts at zero.",
    "hx[:L] is where the layers of the forward stack start, hx[L:] those of the backward stack.",
    DIRECTIONS,
)
mistake(
    "reverse_reads_last_frame",
    "whole",
    "The reverse direction has only read the last frame.",
    "It starts at the last frame: its final state is the one after the first frame, and in a list "
    "of its states, in the order they were computed, that is the last and not the first.",
    DIRECTIONS,
)
mistake(
    "reverse_not_reversed",
    "whole",
    "Both directions read the frames from first to last.",
    "The second stack must see the sequence backwards: flip it along the time axis.",
    DIRECTIONS,
)
mistake(
    "reversed_fed_to_both",
    "whole",
    "Both directions read the frames from last to first.",
    "Only the second stack sees the reversed sequence.",
    DIRECTIONS,
)
mistake(
    "reverse_flips_wrong_axis",
    "whole",
    "The reverse direction gets the samples in another order, not the frames.",
    "The input is (B, T, D); time is axis 1.",
    DIRECTIONS,
)
mistake(
    "one_direction_unused",
    "whole",
    "The logits depend on one direction only.",
    "Concatenate both final states, (B, 2H), before the readout.",
    DIRECTIONS,
)
mistake(
    "directions_share_weights",
    "stacks",
    "Both directions use the same weights.",
    "Each direction needs cells of its own: it has another task.",
    DIRECTIONS,
)
mistake(
    "directions_share_state",
    "stacks",
    "One direction works on the states of the other.",
    "Each direction starts from zero and keeps its own states.",
    DIRECTIONS,
)
mistake(
    "forward_reads_first_frame",
    "whole",
    "The forward direction has read only the first frame.",
    "In a list of outputs the forward stack's last one has read the whole sequence.",
    DIRECTIONS,
)
mistake(
    "one_direction_averaged",
    "whole",
    "One direction is averaged over time.",
    "Each direction gives its final state, the one after the whole sequence.",
    DIRECTIONS,
)
mistake(
    "directions_merged",
    "stacks",
    "The two final states are multiplied, or the larger one is taken.",
    "Concatenated, (B, 2H), each has its own weights in the readout.",
    DIRECTIONS,
)
mistake(
    "directions_added",
    "stacks",
    "The two final states are added, not concatenated.",
    "Added, they share their readout weights; concatenated, (B, 2H), each has its own.",
    DIRECTIONS,
)
mistake(
    "stacks_joined",
    "stacks",
    "The second layer reads both directions of the first.",
    "That is torch's bidirectional network; here the two stacks meet only in the readout.",
    DIRECTIONS,
)
