"""Throughput of bridged interfaces on one bridge, and how long an address takes to be there."""

import contextlib
import json
import os
import pathlib
import re

from .. import shell
from ..figures import Series, alternating
from ..lxc import BRIDGE

SECONDS = 3
HOST = "10.213.255.1"


def network(run):
    """One container of each on LXC's bridge; the other end of iperf3 is the host."""
    peers = [peer for peer in run.peers if peer.name in ("lamina", "lxc", "floor")]
    if not any(peer.name == "lxc" for peer in peers):
        # LXC makes the bridge that both are on.
        raise shell.CommandFailed("the section network needs the peer lxc")
    shell.run("ip", "addr", "add", HOST + "/16", "dev", BRIDGE)
    series = Series()
    bare = contextlib.ExitStack()
    inits = {}
    try:
        for peer in peers:
            if peer.name == "floor":
                inits[peer] = bare.enter_context(bare_namespace())
                continue
            peer.create(1)
            if peer.name == "lamina":
                peer.tool(
                    "vzctl", "set", 1001, "--netif_add", "eth0,,,," + BRIDGE, "--ifname", "eth0",
                    "--ipadd", "10.213.254.1/16", "--save",
                )
            peer.start(1)
            peer.await_running(1)
            inits[peer] = init_pid(peer)

        def measure(peer, _):
            init = inits[peer]
            series.add("network of sending", "Gbit/s", peer, gigabits(init))
            series.add("network of receiving", "Gbit/s", peer, gigabits(init, "-R"))

        alternating(peers, run.options.rounds, measure)
        for peer in peers:
            if peer.name == "lamina":
                add_addresses(peer, run.options.rounds, series)
    finally:
        bare.close()
        for peer in peers:
            if peer.name != "floor":
                peer.discard(1)
        shell.run("ip", "addr", "del", HOST + "/16", "dev", BRIDGE)
    yield from series.rows()


@contextlib.contextmanager
def bare_namespace():
    """A network namespace on the bridge with no container in it: what the kernel's own path carries."""
    holder = shell.begin("unshare", "--net", "sleep", "infinity")
    try:
        own = os.readlink("/proc/self/ns/net")
        shell.until(lambda: os.readlink("/proc/%d/ns/net" % holder.pid) != own, 10, 0.01, "a namespace")
        shell.run("ip", "link", "add", "lamfloor0", "master", BRIDGE, "type", "veth", "peer", "name", "eth0", "netns", holder.pid)
        shell.run("ip", "link", "set", "lamfloor0", "up")
        inside = ("nsenter", "--net=/proc/%d/ns/net" % holder.pid, "--", "ip")
        shell.run(*inside, "addr", "add", "10.213.253.1/16", "dev", "eth0")
        shell.run(*inside, "link", "set", "eth0", "up")
        yield holder.pid
    finally:
        holder.kill()
        holder.wait(10)


def gigabits(init, *direction):
    server = shell.begin("iperf3", "-s", "-1", "-B", HOST)
    try:
        shell.until(listening, 10, 0.02, "iperf3 listens")
        said = shell.run(
            "nsenter", "--net=/proc/%d/ns/net" % init, "--",
            "iperf3", "-J", "-c", HOST, "-t", SECONDS, *direction,
        )
    finally:
        server.kill()
        server.wait(10)
    return json.loads(said)["end"]["sum_received"]["bits_per_second"] / 1e9


def listening():
    # 5201 in hexadecimal, in state "listen"
    return re.search(r":1451 [0-9A-F:]+ 0A ", pathlib.Path("/proc/net/tcp").read_text()) is not None


def init_pid(peer):
    if peer.name == "lxc":
        return int(shell.run("lxc-info", "-P", peer.path, "-n", "b1", "-p", "-H"))
    state = (peer.run_dir / "ct/1001/state").read_text()
    return int(re.search(r"^init=(\d+)$", state, re.MULTILINE).group(1))


def add_addresses(peer, rounds, series):
    """The whole command, on a routed link that is there; nobody on the wire has to be asked."""
    peer.tool("vzctl", "set", 1001, "--ipadd", "10.216.0.1")
    for index in range(rounds):
        address = "10.216.1.%d" % (index + 1)
        spent = shell.timed(peer.tool, "vzctl", "set", 1001, "--ipadd", address)
        series.add("live address", "ms", peer, spent)
        peer.tool("vzctl", "set", 1001, "--ipdel", address)
