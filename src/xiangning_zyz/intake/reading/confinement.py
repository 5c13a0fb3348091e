"""Limits that a process sets upon itself before it reads foreign files.

Memory: an address-space limit on Linux. macOS knows that limit but does not keep it, so there a
thread watches the peak and ends the process. On Windows the process puts itself into a job object
with a memory limit. On POSIX systems it also gives up writing files and leaving core dumps.
"""

import os
import sys

from xiangning_zyz.intake.reading import limits

TOO_MUCH_MEMORY = 75  # exit status of the watching thread


def confine() -> None:
    """Limit this process for good."""
    if sys.platform == "win32":
        _confine_by_job()
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "darwin":
        import threading  # only here: the child must start fast

        threading.Thread(target=_watch, daemon=True).start()
    else:
        resource.setrlimit(resource.RLIMIT_AS, (limits.CHILD_MEMORY, limits.CHILD_MEMORY))


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _JOB_OBJECT_LIMIT_PROCESS_MEMORY = 0x100
    _EXTENDED_LIMIT_INFORMATION = 9

    class _BasicLimits(ctypes.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _ExtendedLimits(ctypes.Structure):
        _fields_ = (
            ("BasicLimitInformation", _BasicLimits),
            ("IoInfo", ctypes.c_uint64 * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    def _confine_by_job() -> None:
        """JOBOBJECT_EXTENDED_LIMIT_INFORMATION (winnt.h); jobs nest from Windows 8 on."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
        kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        bounds = _ExtendedLimits()
        bounds.BasicLimitInformation.LimitFlags = _JOB_OBJECT_LIMIT_PROCESS_MEMORY
        bounds.ProcessMemoryLimit = limits.CHILD_MEMORY
        job = kernel.CreateJobObjectW(None, None)
        if not (
            kernel.SetInformationJobObject(
                job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(bounds), ctypes.sizeof(bounds)
            )
            and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
        ):
            raise ctypes.WinError(ctypes.get_last_error())

else:

    def _watch() -> None:
        import resource
        import time

        # Bytes on macOS, where alone this runs; Linux would count KiB.
        while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < limits.CHILD_MEMORY:
            time.sleep(0.05)
        os._exit(TOO_MUCH_MEMORY)
