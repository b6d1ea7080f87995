"""misconception: not_a_text"""
A_model = None
B_model = None
C_model = None
