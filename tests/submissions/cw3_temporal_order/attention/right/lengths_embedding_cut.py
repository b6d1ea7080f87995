import torch
import torch.nn.functional as F
from torch import nn


class AttnRecurrentNeuralNet(nn.Module):
    # cuts the batch to its longest sequence; weights padded back with zeros
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.pos = nn.Parameter(torch.zeros(1, 110, hidden_size).normal_(0, 0.3))
        self.score = nn.Sequential(nn.Linear(2 * hidden_size, 24), nn.Tanh(), nn.Linear(24, 1))
        self.fc = nn.Sequential(nn.Linear(hidden_size, 40), nn.ReLU(), nn.Linear(40, n_classes))
        nn.init.normal_(self.rnn.weight_ih_l0, std=1)

    def forward(self, x, lengths, return_weights=False):
        T = x.shape[1]
        L = int(lengths.max())
        h, _ = self.rnn(x[:, :L])
        s = self.score(torch.cat([h, self.pos[:, :L].expand(h.shape[0], -1, -1)], dim=2)).squeeze(2)
        ok = torch.arange(L, device=x.device).expand(len(x), L) < lengths.reshape(-1, 1)
        a = torch.softmax(torch.where(ok, s, s.new_tensor(-torch.inf)), 1)
        logits = self.fc((a[:, None] @ h)[:, 0])
        return (logits, F.pad(a, (0, T - L))) if return_weights else logits
