"""Two processes of one thread each, with half of every batch: on two cores faster than one process of two threads."""

import os
import sys

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

RANKS = 2
# Memory that is given back to the system after every product costs a third of the time.
KEPT = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "17179869184", "OMP_NUM_THREADS": "1"}


def launch(work, arguments):
    """Runs `work(rank, arguments)` in each process."""
    started_well()
    mp.spawn(enter, (work, arguments), nprocs=RANKS)


def started_well():
    """Starts the program anew if the environment is not as it should be."""
    if any(os.environ.get(name) != value for name, value in KEPT.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **KEPT})


def enter(rank, work, arguments):
    torch.set_num_threads(1)
    path = f"{arguments.out}.meet"
    dist.init_process_group("gloo", init_method=f"file://{os.path.abspath(path)}", rank=rank, world_size=RANKS)
    work(rank, arguments)


def shared_gradients(model):
    """The sum of both processes' gradients, in one message."""
    params = [p for p in model.parameters()]
    flat = torch.cat([p.grad.flatten() for p in params])
    dist.all_reduce(flat)
    for p, g in zip(params, flat.split([p.numel() for p in params])):
        p.grad.copy_(g.view_as(p))


def summed(*values):
    total = torch.tensor(values, dtype=torch.float64)
    dist.all_reduce(total)
    return total.tolist()
