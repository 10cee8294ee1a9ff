"""Trains the reader of lines in OCR-B on synthetic ones. See docs/mrz.md for the command and its result."""

import argparse
import multiprocessing
import time

import numpy as np
import torch
from torch import nn

from lines import CLASSES, HEIGHT, Lines
from net import Net, decoded, export

INDEX = {c: i + 1 for i, c in enumerate(CLASSES)}
HELD_OUT = 1_000_003  # seed of the lines that are never trained on


def batch_of(lines, size, chars):
    """Parts of lines of like width, so that little of a batch is padding."""
    pairs = [lines.sample(chars) for _ in range(size)]
    width = (max(p.shape[1] for p, _ in pairs) + 7) // 8 * 8
    x = np.zeros((size, 1, HEIGHT, width), np.float32)
    for i, (p, _) in enumerate(pairs):
        x[i, 0, :, : p.shape[1]] = p
    return x, [t for _, t in pairs]


def make(seed, size, queue):
    import os

    os.nice(5)
    lines = Lines(seed)
    while True:
        chars = int(lines.rng.choice([8, 12, 16, 20, 24]))
        queue.put(batch_of(lines, size, chars))


def accuracy(net, held):
    """Share of whole lines read right, and of characters (by edit distance)."""
    net.eval()
    right = wrong = total = 0
    with torch.no_grad():
        for x, texts in held:
            for scores, text in zip(net(torch.from_numpy(x)), texts):
                read = decoded(scores)
                right += read == text
                total += len(text)
                wrong += distance(read, text)
    net.train()
    return right / sum(len(t) for _, t in held), 1 - wrong / total


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--out", required=True, help="path of the model, without extension")
    args.add_argument("--minutes", type=float, default=40, help="wall-clock time of training")
    args.add_argument("--steps", type=int, default=0, help="ends after so many steps instead")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--batch", type=int, default=32)
    args.add_argument("--rate", type=float, default=3e-3)
    args.add_argument("--start", help="weights (.pt) to go on from")
    args = args.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    held_lines = Lines(HELD_OUT)
    held = [batch_of(held_lines, 20, None) for _ in range(10)]
    queue = multiprocessing.Queue(4)
    worker = multiprocessing.Process(target=make, args=(args.seed, args.batch, queue), daemon=True)
    worker.start()
    net = Net().to(memory_format=torch.channels_last)
    if args.start:
        net.load_state_dict(torch.load(args.start))
    print("weights", sum(p.numel() for p in net.parameters()), flush=True)
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=1e-3)
    loss_of = nn.CTCLoss(zero_infinity=True)
    begun, step, shown, mean = time.time(), 0, time.time(), None
    while True:
        done = step / args.steps if args.steps else (time.time() - begun) / 60 / max(args.minutes, 1e-6)
        if done >= 1:
            break
        rate = args.rate * min(1, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * done)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        x, texts = queue.get()
        scores = net(torch.from_numpy(x).to(memory_format=torch.channels_last))
        chances = torch.log_softmax(scores, 1).permute(2, 0, 1)
        targets = torch.tensor([INDEX[c] for t in texts for c in t])
        lengths = torch.tensor([len(t) for t in texts])
        steps = torch.full((len(texts),), chances.shape[0])
        loss = loss_of(chances, targets, steps, lengths)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        mean = loss.item() if mean is None else mean * 0.98 + loss.item() * 0.02
        step += 1
        if step % 100 == 0 or step in (10, 30):
            print(f"step {step} {time.time() - begun:.0f} s loss {mean:.4f} rate {rate:.5f}", flush=True)
        if time.time() - shown > 240:
            shown = time.time()
            lines, chars = accuracy(net, held)
            print(f"held out: lines {lines:.4f} characters {chars:.5f}", flush=True)
            torch.save(net.state_dict(), args.out + ".pt")
    lines, chars = accuracy(net, held)
    print(f"after {step} steps: held out lines {lines:.4f} characters {chars:.5f}", flush=True)
    torch.save(net.state_dict(), args.out + ".pt")
    export(net, args.out + ".onnx")
    worker.terminate()


if __name__ == "__main__":
    main()
