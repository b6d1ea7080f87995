import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        order = torch.argsort(lengths, descending=True)
        back = torch.argsort(order)
        packed = pack_padded_sequence(x[order], lengths[order].tolist(), batch_first=True)
        out, _ = self.rnn(packed)
        out, n = pad_packed_sequence(out, batch_first=True)
        last = torch.stack([out[i, n[i] - 1] for i in range(len(n))])
        return self.fc(last[back])
