# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib==3.10.9"]
# ///
"""Plots the time of an `up` against the number of resources: plot.py STEPS.json PICTURE.png."""

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt


def main(steps: Path, picture: Path) -> None:
    """Plot a line for each program."""
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for name, points in json.loads(steps.read_text()).items():
        sizes, seconds = zip(*points, strict=True)
        axes.plot(sizes, seconds, marker="o", label=name)
    axes.set(xlabel="new resources", ylabel="seconds of pulumi up", ylim=(0, None), xlim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
