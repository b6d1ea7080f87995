"""misconception: no_such_network"""
A_model = "Gated recurrent unit"
B_model = "Plain RNN"
C_model = "Long short-term memory"
