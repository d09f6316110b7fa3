"""Places for bytes behind one protocol of two methods; every read is checked before the bytes are used."""

from offchain.storage._flow import Flow, FlowCall, flow_calldata
from offchain.storage._http import Limits
from offchain.storage._ipfs import IpfsStore
from offchain.storage._local import LocalStore
from offchain.storage._protocol import MAX_SIZE, Ref, Store, check_bytes
from offchain.storage._zerog import ZeroGStore

__all__ = [
    "MAX_SIZE",
    "Flow",
    "FlowCall",
    "IpfsStore",
    "Limits",
    "LocalStore",
    "Ref",
    "Store",
    "ZeroGStore",
    "check_bytes",
    "flow_calldata",
]
