"""The calls to the system that student code has no use for, refused by the system itself.

Memory that belongs to no process's count (files in memory, old shared memory), keyrings,
tracing, new namespaces, and interfaces of the kernel that are seldom needed and often at
fault. The list is short on purpose: what is not on it works as everywhere.

Of some calls only certain uses are refused: new namespaces for a process, memory that is
shared without a file, sockets that are no local stream, and longer queues for those.
"""

from __future__ import annotations

import ctypes
import errno
import platform

__all__ = ["refuse"]

#: The kernel's name for each kind of processor, and the number of each call there.
_X86, _ARM = 0xC000003E, 0xC00000B7
_CALLS = {
    # Each with its number on x86_64 and on aarch64.
    "add_key": (248, 217),
    "bpf": (321, 280),
    "fanotify_init": (300, 262),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "io_setup": (206, 0),
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "kexec_load": (246, 104),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "msgget": (68, 186),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "request_key": (249, 218),
    "semget": (64, 190),
    "setns": (308, 268),
    "shmget": (29, 194),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vmsplice": (278, 75),
}
#: Calls of which the filter looks at the arguments.
_CLONE, _CLONE3, _MMAP = (56, 220), (435, 435), (9, 222)
_SET_OPTION, _SOCKET, _SOCKET_PAIR = (54, 208), (41, 198), (53, 199)
_NEW_NAMESPACES = 0x7E020000
_SHARED, _ANONYMOUS = 0x01, 0x20
_LOCAL, _STREAM, _KIND_OF_SOCKET = 1, 1, 0xF
_OF_SOCKETS, _LONGER_QUEUE = 1, 7
_SET_SECCOMP, _FILTER = 22, 2
_ALLOW, _REFUSE, _END_PROCESS = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
#: The C library then takes the older call, whose arguments a filter can see.
_UNKNOWN = 0x00050000 | errno.ENOSYS
_NO_SUCH_FAMILY = 0x00050000 | errno.EAFNOSUPPORT
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_JUMP_EQUAL, _JUMP_ABOVE, _JUMP_IF_ANY = 0x15, 0x35, 0x45
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
#: Where the lower half of each argument lies.
_ARGUMENTS_AT = (16, 24, 32, 40, 48, 56)
#: From here on the numbers are those of the x32 interface, another door to the same calls.
_X32 = 0x40000000


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def refuse() -> bool:
    """Have the system refuse these calls to this process and all that it starts, for good.

    Returns
    -------
    Whether the filter is set: it is known for two kinds of processor.

    Raises
    ------
    OSError
        If the system does not take it.
    """
    machine = platform.machine()
    if machine not in {"x86_64", "aarch64"}:
        return False
    x86 = machine == "x86_64"
    column = 0 if x86 else 1
    numbers = [pair[column] for pair in _CALLS.values()]
    steps = _steps(_X86 if x86 else _ARM, numbers, _looked_into(column))
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the system takes no filter of calls")
    return True


def _looked_into(column: int) -> list[_Step]:
    """Return the part of the filter that looks at arguments."""
    allow, refuse = _Step(_RETURN, 0, 0, _ALLOW), _Step(_RETURN, 0, 0, _REFUSE)
    no_such_family = _Step(_RETURN, 0, 0, _NO_SUCH_FAMILY)
    load = [_Step(_LOAD, 0, 0, place) for place in _ARGUMENTS_AT]
    socket = [
        load[0],
        _Step(_JUMP_EQUAL, 0, 3, _LOCAL),
        load[1],
        _Step(_AND, 0, 0, _KIND_OF_SOCKET),
        _Step(_JUMP_EQUAL, 1, 0, _STREAM),
        no_such_family,
        allow,
    ]
    looked_into = {
        _CLONE: [load[0], _Step(_JUMP_IF_ANY, 0, 1, _NEW_NAMESPACES), refuse, allow],
        _CLONE3: [_Step(_RETURN, 0, 0, _UNKNOWN)],
        _MMAP: [
            load[3],
            _Step(_JUMP_IF_ANY, 0, 2, _ANONYMOUS),
            _Step(_JUMP_IF_ANY, 0, 1, _SHARED),
            refuse,
            allow,
        ],
        _SET_OPTION: [
            load[1],
            _Step(_JUMP_EQUAL, 0, 3, _OF_SOCKETS),
            load[2],
            _Step(_JUMP_EQUAL, 0, 1, _LONGER_QUEUE),
            refuse,
            allow,
        ],
        _SOCKET: socket,
        _SOCKET_PAIR: socket,
    }
    return [
        step
        for call, steps in looked_into.items()
        for step in (_Step(_JUMP_EQUAL, 0, len(steps), call[column]), *steps)
    ]


def _steps(architecture: int, numbers: list[int], looked_into: list[_Step]) -> list[_Step]:
    """Return the filter: a program that the kernel runs at every call."""
    after = len(looked_into)
    refused = [
        _Step(_JUMP_EQUAL, len(numbers) - place + after, 0, one)
        for place, one in enumerate(numbers)
    ]
    return [
        _Step(_LOAD, 0, 0, _ARCHITECTURE_AT),
        _Step(_JUMP_EQUAL, 1, 0, architecture),
        _Step(_RETURN, 0, 0, _END_PROCESS),
        _Step(_LOAD, 0, 0, _NUMBER_AT),
        _Step(_JUMP_ABOVE, len(numbers) + after + 1, 0, _X32),
        *refused,
        *looked_into,
        _Step(_RETURN, 0, 0, _ALLOW),
        _Step(_RETURN, 0, 0, _REFUSE),
    ]
