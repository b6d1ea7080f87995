import torch
import torch.nn.functional as F
from torch import nn


class AttnRecurrentNeuralNet(nn.Module):
    # torch's own attention with a learned query; values are the states as they are
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        nn.init.normal_(self.rnn.weight_ih_l0)
        self.position = nn.Embedding(110, hidden_size)
        self.k = nn.Linear(hidden_size, hidden_size)
        self.q = nn.Parameter(torch.randn(1, 1, hidden_size))
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        B, T, _ = x.shape
        h, _ = self.rnn(x)
        t = torch.arange(T, device=x.device)
        keys = torch.tanh(self.k(h + self.position(t)))
        mask = (t < lengths[:, None])[:, None]
        context = F.scaled_dot_product_attention(self.q.expand(B, 1, -1), keys, h, attn_mask=mask)[
            :, 0
        ]
        logits = self.fc(context)
        if return_weights:
            s = (self.q * keys).sum(-1) / keys.shape[-1] ** 0.5
            return logits, s.masked_fill(~mask[:, 0], -torch.inf).softmax(1)
        return logits
