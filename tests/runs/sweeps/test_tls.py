"""Encrypted connections: one that breaks leaves the others alone."""

import socket
import ssl
import threading

import pytest
from distributed.security import Security

from runs.sweeps.tls import mend_encrypted_connections


@pytest.fixture
def connect(monkeypatch):
    """Make connected pairs of sockets as Dask does, from contexts made after the mending."""
    monkeypatch.setattr(ssl.SSLContext, "sslsocket_class", ssl.SSLSocket)
    mend_encrypted_connections()
    security = Security.temporary()
    opened = []

    def make():
        server, client = (
            security.get_listen_args("scheduler")["ssl_context"],
            security.get_connection_args("client")["ssl_context"],
        )
        accepted = []
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(
                target=lambda: accepted.append(server.wrap_socket(listener.accept()[0], server_side=True))
            )
            thread.start()
            near = client.wrap_socket(socket.create_connection(listener.getsockname()))
            thread.join()
        (far,) = accepted
        far.setblocking(False)
        opened.extend((near, far))
        return near, far

    yield make
    for one in opened:
        socket.socket.close(one)


def test_a_peer_that_is_gone_breaks_no_other_connection(connect):
    near, far = connect()
    other_near, other_far = connect()
    with pytest.raises(ssl.SSLWantReadError):
        other_far.recv(10)
    socket.socket.close(near)  # as a process does that is killed: without a word
    seen = []
    for _ in range(4):
        try:
            seen.append(far.recv_into(bytearray(10)) == 0)  # the end, as Python 3.11 says it
        except OSError as error:
            seen.append(type(error))
        # Without the mending, CPython raises the error of the first connection here.
        with pytest.raises(ssl.SSLWantReadError):
            other_far.recv_into(bytearray(10))
    assert any(seen)
    other_near.send(b"whole")
    other_far.settimeout(10)
    assert other_far.recv(10) == b"whole"


def test_the_sockets_of_others_are_left_alone(monkeypatch):
    class Special(ssl.SSLSocket):
        pass

    monkeypatch.setattr(ssl.SSLContext, "sslsocket_class", Special)
    mend_encrypted_connections()
    assert ssl.SSLContext.sslsocket_class is Special
