"""The errors that a user can cause, each one sentence that names the cure."""


class ComotionError(Exception):
    """Base of every error that is the input's fault, not the program's.

    Stages print its message alone, without a traceback; anything else is a bug.
    """


class ConfigError(ComotionError):
    """The configuration names a key, a value or a system that cannot be."""


class DensityError(ComotionError):
    """A density that is not a density: negative, not finite, wrongly normalised."""


class ElectronicStructureError(ComotionError):
    """The ab-initio state is not the one asked for, or did not converge."""


class TransportError(ComotionError):
    """The transport problem is ill posed or its search did not agree with itself."""


class ComparisonError(ComotionError):
    """Numbers that theory orders came out in another order."""


class RecordError(ComotionError):
    """A file of results is missing, is not what was written, or cannot be written."""


class FormatError(ComotionError):
    """The content of a file is not of the form that its reader can take."""


class ProofError(RecordError):
    """A certificate of a bound does not prove what it claims."""


class InequalityError(ProofError):
    """The pair inequality of a certificate fails, or cannot be decided, at some place.

    Attributes:
        place: y and z of the two radii, y = r / (r + b), and the cosine of the angle.
    """

    def __init__(self, message: str, place: tuple[float, float, float]) -> None:
        super().__init__(message)
        self.place = place
