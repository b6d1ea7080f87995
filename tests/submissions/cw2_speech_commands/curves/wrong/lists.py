"""misconception: not_a_text"""
A_model = ["GRU"]
B_model = ["RNN"]
C_model = ["LSTM"]
