"""What somebody without the certificate tries at the ports of a sweep: to run a program with its user's rights."""

import asyncio
import os

from distributed.comm.tcp import TCPConnector, TLSConnector
from distributed.protocol.pickle import dumps
from distributed.security import Security

PATIENCE = 60.0  # seconds, in which each attempt is answered or refused


def own_certificate():
    return Security.temporary().get_connection_args("client")


async def attempt(connector, arguments, place, operation, mark):
    comm = await connector.connect(place, **arguments)
    try:
        await comm.write(comm.handshake_info())
        comm.remote_info = await comm.read()
        comm.remote_info["address"] = comm.peer_address
        comm.local_info = {**comm.handshake_info(), "address": comm.local_address}
        comm.handshake_options = comm.handshake_configuration(comm.local_info, comm.remote_info)
        request = {"function": dumps(os.mkdir), "args": dumps((mark,)), "kwargs": dumps({}), "wait": True}
        await comm.write({"op": operation, "reply": True, **request})
        return str(await comm.read())
    finally:
        comm.abort()


async def attack(folder, places, ways):
    """Try each way in at each place, as with a scheduler and a worker or its nanny: what runs makes a folder."""

    async def one(way, place, operation):
        connector, arguments = ways[way]
        mark = os.path.join(folder, f"{way}-{place}-{operation}")
        try:
            return await asyncio.wait_for(attempt(connector(), arguments, place, operation, mark), PATIENCE)
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    tried = [(way, place, operation) for way in ways for place in places for operation in ("run_function", "run")]
    answers = await asyncio.gather(*(one(*each) for each in tried))
    return [(*each, answer) for each, answer in zip(tried, answers, strict=True)]


def strangers_ways():
    return {"plain": (TCPConnector, {}), "tls": (TLSConnector, own_certificate())}
