"""Peer of `model-average`: the same network, posterior, refresh and prediction in eager PyTorch,
batch norm refreshed by torch.optim.swa_utils.update_bn. A comment line says what a sample takes with
the images in channels-last order, which eager PyTorch does not choose by itself."""
import math
import os
import time

import torch
from torch import nn
from torch.optim.swa_utils import update_bn

REFRESH, REFRESH_BATCH, TEST, RANK, WARM_UP = 10_000, 128, 20_000, 20, 1
SAMPLES = int(os.environ.get("SAMPLES", "30"))
BATCH = int(os.environ.get("BATCH", "128"))
torch.set_num_threads(int(os.environ.get("THREADS", "2")))
torch.manual_seed(1)
images = torch.randn(TEST, 1, 28, 28)

layers, channels = [], 1
for width in map(int, os.environ.get("CHANNELS", "32,64,128").split(",")):
    layers += [
        nn.Conv2d(channels, width, 3, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.MaxPool2d(2),
    ]
    channels = width
model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(9 * channels, 10))
parameters = list(model.parameters())
mean = nn.utils.parameters_to_vector(parameters).detach().clone()
variance = 1e-4 + 5e-5 * (2 * torch.rand_like(mean) - 1)
deviations = 0.01 * (2 * torch.rand(RANK, len(mean)) - 1)


def sample():
    spread = torch.sqrt(torch.clamp(variance, 1e-30)) * torch.randn_like(mean)
    low_rank = deviations.T.matmul(torch.randn(RANK)) / math.sqrt(RANK - 1)
    return mean + math.sqrt(0.5) * (spread + low_rank)


@torch.no_grad()
def predict(samples):
    probabilities = torch.zeros(TEST, 10)
    entropies = torch.zeros(TEST)
    for _ in range(samples):
        nn.utils.vector_to_parameters(sample(), parameters)
        update_bn(images[:REFRESH].split(REFRESH_BATCH), model)
        model.eval()
        outputs = torch.cat([model(x) for x in images.split(BATCH)])
        p = torch.softmax(outputs, 1)
        probabilities += p / samples
        entropies -= (p * torch.log(p.clamp_min(1e-30))).sum(1) / samples
    return probabilities, entropies


with torch.no_grad():
    model.eval()
    for size in () if os.environ.get("PASSES") == "0" else (16, 32, 64, 128, 256, 512):
        least = math.inf
        for _ in range(3):
            start = time.perf_counter()
            for x in images[: TEST // 10].split(size):
                model(x)
            least = min(least, time.perf_counter() - start)
        print(f"# forward, batches of {size}: {1e4 * least:.0f} ms for 20,000")



def milliseconds(samples):
    predict(WARM_UP)
    start = time.perf_counter()
    predict(samples)
    return 1e3 * (time.perf_counter() - start) / samples


print(f"{milliseconds(SAMPLES):.6f}")
# With one channel both orders look alike: strides say which one is meant.
images = images.as_strided(images.shape, (784, 1, 28, 1))
print(f"# a sample in channels-last order: {milliseconds(max(1, SAMPLES // 3)):.0f} ms")
print(f"# torch {torch.__version__}, {torch.get_num_threads()} threads")
