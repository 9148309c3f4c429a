"""A report that remembers what it was told."""

from dataclasses import dataclass, field


@dataclass
class Told:
    """See `comotion.progress.Report`.

    Attributes:
        steps: Steps, in order.
        lines: Steps with their details.
        shares: Shares, where there were any.
    """

    steps: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)

    def __call__(self, step: str, detail: str = "", share: float | None = None) -> None:
        """Remember."""
        self.steps.append(step)
        self.lines.append(f"{step}, {detail}" if detail else step)
        if share is not None:
            self.shares.append(share)
