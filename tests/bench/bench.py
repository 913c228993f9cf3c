"""`make bench`: one message that shows results, against the stock bot of `rasa init`.

Both bots run at the same time on this machine and take turns, message by message, over Rasa's
REST input. Prints JSON lines: latencies, start time, memory of each process, model size.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

from channels.stack import BOT_PYTHON, ROOT, Stack, answers, free_port

ROUNDS = 150
WARM_UP = 10
OURS = [
    "jcherche une place en creche a bondi",
    "cours de français à Saint-Denis",
    "je sais pas me servir d'un ordi, je suis à aubervilliers",
    "une formation à Nanterre",
    "ou est mon agence rsa a la courneuve",
]
STOCK = ["hello", "i am feeling great", "are you a bot?", "so sad", "goodbye"]


def post(port: int, text: str) -> tuple[float, list[dict[str, object]]]:
    """Send one message in a new conversation; return milliseconds and Rasa's items."""
    body = json.dumps({"sender": uuid.uuid4().hex, "message": text}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/webhooks/rest/webhook",
        body,
        {"Content-Type": "application/json"},
    )
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as response:
        items = json.load(response)
    return (time.perf_counter() - start) * 1000, items


def memory(pid: int) -> int:
    """Resident memory of a process, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]
    return int(kilobytes) // 1024


def start_stock(folder: Path, port: int) -> tuple[subprocess.Popen[bytes], float]:
    """Create, train and start the bot of `rasa init`; return it and its start time in seconds."""
    rasa = [str(BOT_PYTHON), "-m", "rasa"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    init = [*rasa, "init", "--no-prompt", "--init-dir", str(folder)]
    subprocess.run(init, check=True, timeout=900, **quiet)
    start = time.perf_counter()
    process = subprocess.Popen(
        [*rasa, "run", "-i", "127.0.0.1", "-p", str(port)], cwd=folder, **quiet
    )
    wait_for(port)
    return process, time.perf_counter() - start


def wait_for(port: int) -> None:
    """Wait at most two minutes for a server."""
    deadline = time.monotonic() + 120
    while not answers(port):
        if time.monotonic() > deadline:
            sys.exit(f"Nothing answers on port {port}.")
        time.sleep(0.05)


def summary(milliseconds: list[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds."""
    ordered = sorted(milliseconds)
    return {
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
    }


def main() -> None:
    """Measure and print."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    log = ROOT / "var" / "bench.log"
    log.parent.mkdir(exist_ok=True)
    stack = Stack(log)
    actions_port, bot_port, web_port, stock_port = (free_port() for _ in range(4))
    stock: subprocess.Popen[bytes] | None = None
    with tempfile.TemporaryDirectory() as folder:
        try:
            stock, stock_start = start_stock(Path(folder), stock_port)
            start = time.perf_counter()
            stack.start_actions(actions_port)
            stack.start_bot(bot_port, actions_port)
            stack.start_channels(web_port, bot_port)
            stack.wait_ready({"actions": actions_port, "bot": bot_port, "channels": web_port})
            our_start = time.perf_counter() - start
            ours, theirs = [], []
            for turn in range(WARM_UP + ROUNDS):
                ms, items = post(bot_port, OURS[turn % len(OURS)])
                if not any(item.get("custom", {}).get("results") for item in items):
                    sys.exit(f"No result shown for: {OURS[turn % len(OURS)]}")
                stock_ms, _ = post(stock_port, STOCK[turn % len(STOCK)])
                if turn >= WARM_UP:
                    ours.append(ms)
                    theirs.append(stock_ms)
            us, them = summary(ours), summary(theirs)
            print(json.dumps({"bot": "jalon", "messages": len(ours), **us}))
            print(json.dumps({"bot": "rasa init", "messages": len(theirs), **them}))
            ratios = {key: round(us[key] / them[key], 2) for key in us}
            print(json.dumps({"ratio": "jalon / rasa init", **ratios}))
            print(
                json.dumps(
                    {
                        "start_s": round(our_start, 1),
                        "stock_start_s": round(stock_start, 1),
                        "memory_mb": {
                            name: memory(stack.process(name).pid)
                            for name in ("bot", "actions", "channels")
                        },
                        "stock_memory_mb": memory(stock.pid),
                    }
                )
            )
            model = max((ROOT / "models").glob("*.tar.gz"), key=lambda file: file.stat().st_mtime)
            print(json.dumps({"model_mb": round(model.stat().st_size / 1e6, 1)}))
        finally:
            stack.stop()
            if stock:
                stock.terminate()
                stock.wait(20)


if __name__ == "__main__":
    main()
