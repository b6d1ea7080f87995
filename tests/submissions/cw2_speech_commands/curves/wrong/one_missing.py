"""misconception: missing"""
A_model = "GRU"
B_model = "RNN"
