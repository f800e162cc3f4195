"""Look up the addresses of a host (DNS) with a timeout.

`socket.getaddrinfo` takes no timeout and cannot be interrupted, so it runs in a daemon thread, which is
abandoned when the time is over.
"""

import ipaddress
import queue
import socket
import threading

from urllib3.util.connection import allowed_gai_family


def look_up(host: str, port: int, within: float) -> list[str]:
    """Return the host's addresses. Raises TimeoutError after `within` seconds, OSError if it has none."""
    found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()
    threading.Thread(target=_query, args=(host.strip("[]"), port, found), daemon=True).start()
    try:
        answer = found.get(timeout=within)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _query(host: str, port: int, found: "queue.SimpleQueue[list[str] | OSError]") -> None:
    try:
        rows = socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM)
        found.put(list(dict.fromkeys(str(row[4][0]) for row in rows)))
    except OSError as error:
        found.put(error)
    except UnicodeError:
        # The name cannot be encoded as IDNA.
        found.put(socket.gaierror(socket.EAI_NONAME, "a label of the name is empty or too long"))


def is_loopback(address: str) -> bool:
    """Return whether an IP address is a loopback address; its zone (`%lo`) is ignored."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
