"""Looks up the addresses of a host, for no longer than the call may take.

The system's own look-up knows no timeout but its configuration's, and cannot be interrupted: it goes on in a
thread of its own, which nothing waits for any more.
"""

import ipaddress
import queue
import socket
import threading

from urllib3.util.connection import allowed_gai_family


def addresses(host: str, port: int, within: float) -> list[str]:
    """Return the host's addresses. Raises TimeoutError after `within` seconds, OSError if it has none."""
    found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(host.strip("[]"), port, found), daemon=True).start()
    try:
        answer = found.get(timeout=within)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _look_up(host: str, port: int, found: "queue.SimpleQueue[list[str] | OSError]") -> None:
    try:
        rows = socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM)
        found.put(list(dict.fromkeys(str(row[4][0]) for row in rows)))
    except OSError as error:
        found.put(error)
    except UnicodeError:
        found.put(socket.gaierror(socket.EAI_NONAME, "a label of the name is empty or too long"))


def is_this_machine(address: str) -> bool:
    """Return whether an address is a loopback one."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
