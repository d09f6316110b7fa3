"""Every error that this package raises on purpose.

WinnowError
├── InputError            what the caller gave is wrong (also a ValueError)
│   ├── EmptyFileError    an empty file has no 0G root
│   ├── FormatError       not a PNG, JPG, WEBP, TXT or JSONL, or damaged
│   ├── AnnotationError   a box, polygon or label that cannot be
│   │   └── LabelError    a label outside the job's label set
│   └── SchemaError       a document does not follow its schema
├── IntegrityError        bytes are not what they are said to be
│   ├── MismatchError     root, length or CID differ from the reference
│   └── ProvenanceError   a payload does not belong to its batch on chain
├── StorageError          a store did not do what was asked
│   ├── NotFoundError     the store does not hold it
│   ├── TransportError    no answer, or a passing fault: worth another try
│   ├── RemoteError       the other side answered, with an error or with nonsense
│   └── TooLargeError     more bytes than the caller allows
├── SigningError          a signature or its typed data cannot be made
└── DeploymentError       a manifest of a network is missing or not usable
"""


class WinnowError(Exception):
    """The root of all errors of this package; its text names what was wrong and what to do."""


class InputError(WinnowError, ValueError):
    """What the caller gave is wrong."""


class EmptyFileError(InputError):
    """An empty file has no 0G root."""


class FormatError(InputError):
    """A file of a format that is not accepted, or a damaged one."""


class AnnotationError(InputError):
    """A box, polygon, label or item that cannot be."""


class LabelError(AnnotationError):
    """A label outside the job's label set."""


class SchemaError(InputError):
    """A document does not follow its schema."""


class IntegrityError(WinnowError):
    """Bytes are not what they are said to be."""


class MismatchError(IntegrityError):
    """Root, length or CID of the bytes differ from their reference."""


class ProvenanceError(IntegrityError):
    """A payload does not belong to the batch that the chain accepted."""


class StorageError(WinnowError):
    """A store did not do what was asked."""


class NotFoundError(StorageError):
    """The store does not hold what was asked for."""


class TransportError(StorageError):
    """No answer, or a passing fault: the same request may work later."""


class RemoteError(StorageError):
    """The other side answered with an error, or with something that is not an answer."""


class TooLargeError(StorageError):
    """More bytes than the caller allows."""


class SigningError(WinnowError):
    """A signature or its typed data cannot be made."""


class DeploymentError(WinnowError):
    """The manifest of a network is missing or not usable."""
