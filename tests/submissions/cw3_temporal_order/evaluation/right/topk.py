import torch

from rnn_course.data import temporal_order


def draw(n, rng):
    """Return inputs (B, T, 8), lengths (B,) and labels (B,) as tensors; rng is NumPy's."""
    inputs, lengths, labels = temporal_order(n, seed=rng)
    return torch.from_numpy(inputs), torch.from_numpy(lengths), torch.from_numpy(labels)


def wrong_predictions(model, rng, trials=10, n=3000):
    model.eval()
    wrong = []
    for _trial in range(trials):
        batch = draw(n, rng)
        with torch.no_grad():
            best = torch.topk(model(*batch[:2]), 1, dim=1).indices.squeeze(1)
        wrong.append(n - torch.eq(best, batch[2]).sum().item())
    mean = sum(wrong) / len(wrong)
    spread = (sum((w - mean) ** 2 for w in wrong) / (len(wrong) - 1)) ** 0.5
    return mean, spread
