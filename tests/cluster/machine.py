"""SLURM on one machine, for tests: real daemons in a folder, on 127.0.0.1, stopped by pid.

By hand, until Ctrl-C: ``python tests/cluster/machine.py FOLDER``.
"""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

#: What must be installed, and where daemons lie when a user's PATH does not show them.
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "scontrol")
_DAEMONS = f"{os.environ['PATH']}:/usr/sbin:/sbin"
_NODES = ("n1", "n2")
_HERE = Path(__file__).parent


def missing_programs() -> list[str]:
    """Programs that are not installed."""
    return [name for name in PROGRAMS if shutil.which(name, path=_DAEMONS) is None]


def wait_for(what: str, happened: Callable[[], bool], seconds: float = 60) -> None:
    """Look five times a second until something has happened.

    Raises:
        TimeoutError: It has not.
    """
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.2)


@dataclass(frozen=True)
class Slurm:
    """A controller and two nodes of two cores each, all on this machine.

    Attributes:
        folder: Where all of it lies; a short path, since Unix sockets allow 107 characters.
    """

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Variables with which programs find this cluster and no other."""
        return os.environ | {
            "SLURM_CONF": str(self.folder / "slurm.conf"),
            "PATH": f"{self.folder / 'bin'}:{_DAEMONS}",
        }

    def call(self, *command: str) -> str:
        """Run a client such as squeue and return what it prints."""
        return subprocess.run(
            command, env=self.environment, check=True, capture_output=True, text=True, timeout=60
        ).stdout

    def jobs(self) -> list[dict[str, str]]:
        """All jobs, finished ones too, as ``scontrol show job`` describes them."""
        listed = self.call("scontrol", "--oneliner", "show", "job").splitlines()
        return [
            dict(word.split("=", 1) for word in line.split() if "=" in word)
            for line in listed
            if line.startswith("JobId=")
        ]

    def idle(self) -> bool:
        """Whether all nodes are up and nothing runs."""
        with suppress(subprocess.SubprocessError):
            states = self.call("sinfo", "--noheader", "--Node", "--format=%T").split()
            return states == ["idle"] * len(_NODES)
        return False

    def start(self) -> None:
        """Start munge, the controller and the nodes, and wait until jobs can run."""
        for name in ("munge", "state", "bin"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        munge = self.folder / "munge"
        munge.chmod(0o711)
        key = munge / "key"
        key.touch(mode=0o600)
        key.write_bytes(os.urandom(1024))
        self._configure()
        self._daemon(
            "munged", "--force", f"--socket={munge}/socket", f"--key-file={key}",
            f"--pid-file={munge}/munged.pid", f"--log-file={munge}/log",
            f"--seed-file={munge}/seed",
        )  # fmt: skip
        self._daemon("slurmctld", "-f", str(self.folder / "slurm.conf"))
        for node in _NODES:
            self.start_node(node)
        wait_for("idle nodes", self.idle)

    def start_node(self, node: str) -> None:
        """Start the daemon of a node, for the first time or after it died."""
        (self.folder / f"spool-{node}").mkdir(exist_ok=True)
        self._daemon("slurmd", "-f", str(self.folder / "slurm.conf"), "-N", node)

    def kill_node(self, node: str) -> None:
        """Kill -9 of a node's daemon and of all that runs on it, as when the power fails."""
        daemon = int((self.folder / f"slurmd-{node}.pid").read_text())
        self._kill({daemon, *self._processes(f"SLURMD_NODENAME={node}")})

    def stop(self) -> None:
        """Stop all daemons by their pid files, then what they left running."""
        with suppress(subprocess.SubprocessError):
            self.call("scancel", f"--user={getpass.getuser()}")
            wait_for("end of the jobs", lambda: not self.call("squeue", "--noheader"), 15)
        for path in (
            *(self.folder / f"slurmd-{node}.pid" for node in _NODES),
            self.folder / "slurmctld.pid",
            self.folder / "munge/munged.pid",
        ):
            self._signal(path, signal.SIGTERM)
        self._kill(self._processes("SLURM_JOB_ID="))

    def _configure(self) -> None:
        """Write slurm.conf, and an srun that knows where it lies.

        The executor plugin starts the srun of a job without SLURM_CONF, which on a cluster is
        not needed because the file is in /etc.
        """
        host, _ = self._host()
        ports = _free_ports(1 + len(_NODES))
        words = {
            "HOST": host,
            "PORT": str(ports[0]),
            "USER": getpass.getuser(),
            "FOLDER": str(self.folder),
            "NODES": "\n".join(
                f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port}"
                " CPUs=2 RealMemory=4000 State=UNKNOWN"
                for node, port in zip(_NODES, ports[1:], strict=True)
            ),
        }
        text = (_HERE / "slurm.conf.template").read_text()
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        (self.folder / "slurm.conf").write_text(text)
        # slurmd reads this even when no cgroup is used.
        (self.folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n")
        srun = self.folder / "bin/srun"
        srun.write_text(
            "#!/bin/sh\n"
            f'SLURM_CONF={self.folder}/slurm.conf exec {shutil.which("srun", path=_DAEMONS)} "$@"\n'
        )
        srun.chmod(0o755)

    @staticmethod
    def _host() -> tuple[str, list[str]]:
        """A host name that means 127.0.0.1, and the command under which the name is so.

        Daemons listen on what the host name resolves to. Where that is another address, they
        get a name space of their own in which the name is localhost (which takes root).
        """
        with suppress(OSError):
            if socket.gethostbyname(socket.gethostname()).startswith("127."):
                return socket.gethostname().partition(".")[0], []
        return "localhost", [
            "unshare",
            "--uts",
            "sh",
            "-c",
            'hostname localhost && exec "$@"',
            "sh",
        ]

    def _daemon(self, *command: str) -> None:
        """Start a program that puts itself into the background."""
        _, prefix = self._host()
        with (self.folder / f"{command[0]}.out").open("ab") as log:
            subprocess.run(
                [*prefix, *command], env=self.environment, check=True, timeout=60,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def _signal(self, pid_file: Path, number: signal.Signals) -> None:
        """Signal the daemon of a pid file and wait for its end; a pid of others is left alone."""
        if not pid_file.is_file() or not (text := pid_file.read_text().strip()):
            return
        process = Path("/proc") / text

        def alive() -> bool:
            with suppress(OSError):
                return str(self.folder).encode() in (process / "cmdline").read_bytes()
            return False

        if alive():
            os.kill(int(text), number)
            wait_for(f"end of {pid_file.name}", lambda: not alive(), 30)

    def _processes(self, variable: str) -> set[int]:
        """Processes of this cluster's jobs, told by two variables in their environment.

        With them come the programs that watch over the jobs, which have no such variables.
        """
        found = set()
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                variables = (process / "environ").read_bytes().decode(errors="replace").split("\0")
                if f"SLURM_CONF={self.folder}/slurm.conf" in variables and any(
                    text.startswith(variable) for text in variables
                ):
                    found.add(int(process.name))
                    parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
                    if "slurmstepd" in Path(f"/proc/{parent}/exe").readlink().name:
                        found.add(parent)
        return found

    @staticmethod
    def _kill(processes: Iterable[int]) -> None:
        """Kill -9 of all at one moment: none of them can report the end of another."""
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, number)


def _free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nothing listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for opened in sockets:
        opened.bind(("127.0.0.1", 0))
    ports = [int(opened.getsockname()[1]) for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


def main(arguments: Sequence[str]) -> None:
    """Start a cluster in a folder and keep it until Ctrl-C or kill."""
    slurm = Slurm(Path(arguments[0]).resolve())
    # Also where a shell starts this in the background, with Ctrl-C ignored.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    try:
        slurm.start()
        print(
            f"export SLURM_CONF={slurm.folder}/slurm.conf PATH={slurm.folder}/bin:$PATH", flush=True
        )
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        slurm.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
