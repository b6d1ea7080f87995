"""misconception: named_twice"""
A_model = "LSTM"
B_model = "LSTM"
C_model = "LSTM"
