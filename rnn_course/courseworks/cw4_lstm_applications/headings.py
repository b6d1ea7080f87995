"""Headings of coursework 4's notebook, where a mistake is explained."""

CHAR_LM = "A language model"
PERPLEXITY = "Perplexity"
GENERATE = "Writing text"
SWEEP = "A study of settings"
FORECASTER = "Forecasting a noisy series"
TRAINED = "Train your language model"
