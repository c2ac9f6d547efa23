#!/usr/bin/env python3
"""Makes the golden files of the networks and small image data sets as Python writes them.

    git clone https://github.com/timgaripov/swa
    OMP_NUM_THREADS=1 python3 make_vision_golden.py swa ../resources/io/github/swag4j/vision/golden

The networks are those of that repository, imported, not written again. Made with torch 2.13.0 (CPU),
numpy 2 and Pillow; the repository at its head of 2021-08-01. Values are float32 sums in another order
on another machine: the last digits may differ.

    counts.json                trainable weights of each network, for 10 and 100 classes
    cifar10/                   a data set in CIFAR-10's binary version: 96 training and 16 test rows
    preresnet20.safetensors    initial weights, rounded to float16 in both programs
    training.json              losses of one epoch of SGD from there, and logits before it
    pngs/                      class-per-folder images, train and test, grey, colour and palette
    arrays.npz, planes.npz     x and y: uint8 NHWC compressed, float32 NCHW stored
"""

import json
import pathlib
import sys
import types

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file

CLASSES = "airplane automobile bird cat deer dog frog horse ship truck".split()
ROWS, TEST_ROWS, BATCH = 96, 16, 32


def pictures(rows, seed):
    """Ten classes, each a direction of a gradient and a colour, with coarse noise."""
    random = np.random.default_rng(seed)
    labels = np.arange(rows) % 10
    random.shuffle(labels)
    y, x = np.mgrid[0:32, 0:32] / 31.0
    images = np.empty((rows, 3, 32, 32), np.uint8)
    for r, label in enumerate(labels):
        angle = 2 * np.pi * label / 10
        slope = np.cos(angle) * x + np.sin(angle) * y
        noise = np.kron(random.integers(-40, 40, (3, 8, 8)), np.ones((4, 4)))
        colour = 110 + 60 * np.cos(angle + np.array([0, 2, 4]))[:, None, None]
        images[r] = np.clip(colour + 50 * slope + noise, 0, 255)
    return images, labels.astype(np.uint8)


def cifar(folder, images, labels, test_images, test_labels):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "batches.meta.txt").write_text("\n".join(CLASSES) + "\n")
    half = len(images) // 2
    for name, x, y in [
        ("data_batch_1.bin", images[:half], labels[:half]),
        ("data_batch_2.bin", images[half:], labels[half:]),
        ("test_batch.bin", test_images, test_labels),
    ]:
        rows = np.concatenate([y[:, None], x.reshape(len(x), -1)], axis=1)
        (folder / name).write_bytes(rows.astype(np.uint8).tobytes())


def networks(swa):
    # The models name transforms of torchvision, which nothing here needs.
    transforms = types.ModuleType("torchvision.transforms")
    for name in ("Compose", "RandomCrop", "RandomHorizontalFlip", "ToTensor", "Normalize"):
        setattr(transforms, name, lambda *a, **k: None)
    sys.modules["torchvision"] = types.ModuleType("torchvision")
    sys.modules["torchvision"].transforms = transforms
    sys.modules["torchvision.transforms"] = transforms
    sys.path.insert(0, str(swa))
    from models.preresnet import PreResNet
    from models.vgg import VGG
    from models.wide_resnet import WideResNet

    made = {"vgg16": lambda c: VGG(c, 16), "vgg16-bn": lambda c: VGG(c, 16, True)}
    for depth in (20, 56, 110, 164):
        made[f"preresnet{depth}"] = lambda c, d=depth: PreResNet(c, d)
    made["wideresnet28x10"] = lambda c: WideResNet(c, 28, 10)
    return made


def counts(made):
    return {
        name: {
            str(c): sum(p.numel() for p in make(c).parameters() if p.requires_grad)
            for c in (10, 100)
        }
        for name, make in made.items()
    }


def training(model, images, labels):
    scaled = (images / np.float32(255)).astype(np.float32)
    mean = (images.astype(np.float64).mean((0, 2, 3)) / 255).astype(np.float32)
    factor = (1 / (images.astype(np.float64).std((0, 2, 3)) / 255)).astype(np.float32)
    x = torch.from_numpy((scaled - mean[:, None, None]) * factor[:, None, None])
    y = torch.from_numpy(labels.astype(np.int64))
    model.eval()
    with torch.no_grad():
        before = model(x[:4]).double().numpy().tolist()
    model.train()
    sgd = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=3e-4)
    losses = []
    for at in range(0, ROWS, BATCH):
        loss = torch.nn.functional.cross_entropy(model(x[at : at + BATCH]), y[at : at + BATCH])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        losses.append(loss.item())
    return {
        "torch": torch.__version__,
        "names": [n for n, _ in model.named_parameters()],
        "mean": mean.tolist(),
        "logits_before": before,
        "losses": losses,
        "epoch_loss": float(np.mean(losses)),
    }


def pngs(folder, images, labels):
    """Two classes by their first letters, one image grey, one of a palette, one a JPEG."""
    for split, start, count in (("train", 0, 12), ("test", 12, 4)):
        for i in range(start, start + count):
            name = "cat" if i % 2 == 0 else "dog"
            place = folder / split / name
            place.mkdir(parents=True, exist_ok=True)
            image = Image.fromarray(images[i].transpose(1, 2, 0)).resize((12, 12))
            if i == 2:
                image = image.convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
            if i == 5:
                image.save(place / f"{i:02d}.jpg", quality=90)
            else:
                image.save(place / f"{i:02d}.png", optimize=True)


def main():
    swa, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    images, labels = pictures(ROWS, 1)
    test_images, test_labels = pictures(TEST_ROWS, 2)
    cifar(out / "cifar10", images, labels, test_images, test_labels)
    made = networks(swa)
    (out / "counts.json").write_text(json.dumps(counts(made), indent=1) + "\n")
    torch.manual_seed(1)
    model = made["preresnet20"](10)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(p.half().float())
    save_file(
        {n: p.detach().half().contiguous() for n, p in model.named_parameters()},
        out / "preresnet20.safetensors",
    )
    (out / "training.json").write_text(json.dumps(training(model, images, labels), indent=1) + "\n")
    pngs(out / "pngs", test_images, test_labels)
    small = test_images[:, :, ::4, ::4]
    np.savez_compressed(out / "arrays.npz", x=small.transpose(0, 2, 3, 1), y=test_labels)
    np.savez(out / "planes.npz", x=(small[:, :1] / 255).astype(np.float32), y=test_labels % 3)


if __name__ == "__main__":
    main()
