"""A page opened in headless Chromium, driven over the DevTools protocol through two pipes."""

import base64
import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import IO, Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
#: A test that needs the browser.
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None,
    reason="needs Chromium: install it, on Debian with apt-get install chromium",
)
#: Seconds after which a browser that says nothing counts as dead.
_PATIENCE = 60


class Page:
    """One page of the browser.

    Attributes:
        complaints: Errors, warnings and exceptions of the page's console so far.
        requests: Addresses that the page has loaded so far, data aside.
    """

    def __init__(self, commands: IO[bytes], answers: FileIO) -> None:
        self._commands, self._answers = commands, answers
        self._buffer, self._sent = b"", 0
        self._session: str | None = None
        self.complaints: list[str] = []
        self.requests: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Runtime", "Log", "Page", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; events that come before are kept."""
        self._sent += 1
        command: dict[str, Any] = {"id": self._sent, "method": method, "params": parameters}
        if self._session:
            command["sessionId"] = self._session
        self._commands.write(json.dumps(command).encode() + b"\0")
        self._commands.flush()
        while (message := self._receive()).get("id") != self._sent:
            self._keep(message)
        assert "error" not in message, f"{method}: {message['error']}"
        result: dict[str, Any] = message["result"]
        return result

    def open(self, address: str) -> None:
        """Go to an address and wait until it is loaded."""
        self.call("Page.navigate", url=address)
        while (message := self._receive()).get("method") != "Page.loadEventFired":
            self._keep(message)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is awaited."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def screenshot(self, path: Path) -> None:
        """Save what the window shows as PNG."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._answers], [], [], _PATIENCE)
            piece = self._answers.read(1 << 20) if ready else b""
            assert piece, "the browser has ended or does not answer"
            self._buffer += piece
        message, _, rest = self._buffer.partition(b"\0")
        self._buffer = rest
        received: dict[str, Any] = json.loads(message)
        return received

    def _keep(self, event: dict[str, Any]) -> None:
        """Remember what the page complains of and what it loads."""
        what: dict[str, Any] = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(what["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if what["type"] in ("error", "warning", "assert"):
                self.complaints.append(json.dumps(what["args"]))
            case "Log.entryAdded" if what["entry"]["level"] in ("error", "warning"):
                self.complaints.append(what["entry"]["text"])
            case "Network.requestWillBeSent":
                address = what["request"]["url"]
                if not address.startswith("data:"):
                    self.requests.append(address)


@contextmanager
def browser(folder: Path, *, width: int = 1400, height: int = 900) -> Iterator[Page]:
    """Chromium with an empty profile, ended when the block ends.

    Args:
        folder: An empty folder for the profile and the pipes.
        width: Width of the window, pixels.
        height: Height of the window, pixels.

    Yields:
        A blank page.
    """
    assert CHROMIUM
    commands, answers = folder / "commands", folder / "answers"
    for pipe in (commands, answers):
        os.mkfifo(pipe)
    process = subprocess.Popen(
        [
            # Chromium reads commands from file 3 and answers on file 4.
            "sh", "-c", f'exec "$0" "$@" 3<"{commands}" 4>"{answers}"',
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--remote-debugging-pipe", f"--user-data-dir={folder / 'profile'}",
            f"--window-size={width},{height}", "--no-first-run", "--disable-extensions",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with commands.open("wb") as to_browser, answers.open("rb", 0) as from_browser:
            page = Page(to_browser, from_browser)
            yield page
    finally:
        process.kill()
        process.wait()
