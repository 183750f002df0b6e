"""Real packets for the network tests: servers, clients, and senders of what must not arrive."""
import select
import socket
import struct
import sys
import threading
import time


def family(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def serve(port):
    """Answers every TCP connection and UDP packet with the address it came from."""
    tcp = socket.create_server(("::", int(port)), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)
    udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    udp.bind(("::", int(port)))
    print("ready", flush=True)

    def answer_udp():
        while True:
            data, peer = udp.recvfrom(65535)
            udp.sendto(b"%d %s" % (len(data), peer[0].encode()), peer)

    def answer(connection, peer):
        with connection:
            try:
                if connection.recv(1) == b"d":
                    while True:
                        connection.sendall(bytes(65536))
                connection.sendall(peer[0].replace("::ffff:", "").encode())
            except OSError:
                pass

    threading.Thread(target=answer_udp, daemon=True).start()
    while True:
        threading.Thread(target=answer, args=tcp.accept(), daemon=True).start()


def ask(kind, host, port, size="1"):
    """Prints who the server saw."""
    if kind == "udp":
        with socket.socket(family(host), socket.SOCK_DGRAM) as s:
            s.settimeout(3)
            s.connect((host, int(port)))
            s.send(bytes(int(size)))
            print(s.recv(200).decode().replace("::ffff:", "").split()[1])
    else:
        with socket.create_connection((host, int(port)), timeout=3) as s:
            s.sendall(b"a")
            print(s.recv(200).decode())


def silent(*addresses):
    """Asks all of them to echo, for some seconds; prints those that do not."""
    left = set(addresses)
    sockets = {}
    for kind, protocol, echo in ((socket.AF_INET, socket.IPPROTO_ICMP, 8), (socket.AF_INET6, socket.IPPROTO_ICMPV6, 128)):
        sockets[socket.socket(kind, socket.SOCK_RAW, protocol)] = (kind, echo)
    for _ in range(5):
        for s, (kind, echo) in sockets.items():
            question = struct.pack("!BBHHH", echo, 0, 0, 7, 7)
            question = question[:2] + struct.pack("!H", checksum(question)) + question[4:]
            for address in left:
                if family(address) == kind:
                    s.sendto(question, (address, 0))
        end = time.monotonic() + 2
        while left and time.monotonic() < end:
            for s in select.select(list(sockets), [], [], 0.1)[0]:
                packet, peer = s.recvfrom(2048)
                answer = packet[0] == 129 if sockets[s][0] == socket.AF_INET6 else packet[20] == 0
                if answer:
                    left.discard(peer[0])
    print(" ".join(sorted(left)))


def download(host, port):
    """Reads until standard input ends; a pause of two seconds fails."""
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    with socket.create_connection((host, int(port)), timeout=2) as s:
        s.sendall(b"d")
        print("ready", flush=True)
        total = 0
        while not stop.is_set():
            part = s.recv(1 << 16)
            if not part:
                sys.exit("the server hung up")
            total += len(part)
    print(total)


def fetch(host, port, size):
    """Prints how many milliseconds that many bytes take."""
    with socket.create_connection((host, int(port)), timeout=10) as s:
        s.sendall(b"d")
        start = time.monotonic()
        left = int(size)
        while left > 0:
            left -= len(s.recv(min(left, 1 << 16)))
        print(int((time.monotonic() - start) * 1000))


def sniff(device, marker):
    """Prints the markers that arrive, up to END."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as s:
        s.bind((device, 0))
        s.settimeout(10)
        print("ready", flush=True)
        while True:
            frame, sender = s.recvfrom(65535)
            # An answer of this machine quotes what it answers.
            at = -1 if sender[2] == socket.PACKET_OUTGOING else frame.find(marker.encode() + b":")
            if at >= 0:
                text = frame[at + len(marker) + 1 :].split(b";")[0].decode()
                if text == "END":
                    return
                print(text, flush=True)


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total & 0xFFFF) + (total >> 16)
    return 0xFFFF ^ (total + (total >> 16))


def udp4(source, target, sport, dport, payload):
    body = struct.pack("!4H", sport, dport, 8 + len(payload), 0) + payload
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 1, 0, 64, 17, 0)
    ends = socket.inet_aton(source) + socket.inet_aton(target)
    head = head[:10] + struct.pack("!H", checksum(head + ends)) + ends
    return head + body


def ip6(source, target, protocol, hops, body, at):
    ends = socket.inet_pton(socket.AF_INET6, source) + socket.inet_pton(socket.AF_INET6, target)
    total = checksum(ends + struct.pack("!II", len(body), protocol) + body)
    body = body[:at] + struct.pack("!H", total) + body[at + 2 :]
    return struct.pack("!IHBB", 6 << 28, len(body), protocol, hops) + ends + body


def udp6(source, target, sport, dport, payload):
    body = struct.pack("!4H", sport, dport, 8 + len(payload), 0) + payload
    return ip6(source, target, 17, 64, body, 6)


def hardware(device):
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        answer = fcntl.ioctl(s.fileno(), 0x8927, struct.pack("256s", device.encode()))
        return answer[18:24]


def forge(device, gateway, marker, own4, own6, target4, target6):
    """Everything a hostile container could try, then what it may send."""
    own = hardware(device)

    def text(what):
        return ("%s:%s;" % (marker, what)).encode()

    def frame(kind, packet, source=own):
        return bytes.fromhex(gateway.replace(":", "")) + source + struct.pack("!H", kind) + packet

    foreign = bytes.fromhex("02deadbeef01")
    ra = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0)
    redirect = struct.pack("!BBHI", 137, 0, 0, 0) + bytes(32)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
        s.bind((device, 0))
        s.send(frame(0x0800, udp4("192.0.2.99", target4, 999, 999, text("source4"))))
        s.send(frame(0x0800, udp4("192.0.2.2", target4, 999, 999, text("host4"))))
        s.send(frame(0x0800, udp4(own4, target4, 999, 999, text("mac4")), foreign))
        s.send(frame(0x86DD, udp6("2001:db8::99", target6, 999, 999, text("source6"))))
        s.send(frame(0x86DD, udp6(own6, target6, 999, 999, text("mac6")), foreign))
        s.send(frame(0x0800, udp4(own4, target4, 67, 68, text("dhcp4"))))
        s.send(frame(0x86DD, udp6(own6, target6, 547, 546, text("dhcp6"))))
        s.send(frame(0x86DD, ip6("fe80::bad", "ff02::1", 58, 255, ra, 2)))
        s.send(frame(0x86DD, ip6("fe80::bad", "ff02::1", 58, 255, redirect, 2)))
        s.send(frame(0x0800, udp4(own4, target4, 999, 999, text("own4"))))
        s.send(frame(0x86DD, udp6(own6, target6, 999, 999, text("own6"))))
        s.send(frame(0x0800, udp4(own4, target4, 999, 999, text("END"))))


def forge_neighbours(device, taken4, taken6):
    """Claims to be who others are, by ARP and by NDP, and sends a frame for another VLAN."""
    own = hardware(device)
    arp = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 2) + own + socket.inet_aton(taken4) + b"\xff" * 6 + bytes(4)
    claim = struct.pack("!BBHI", 136, 0, 0, 0x20000000) + socket.inet_pton(socket.AF_INET6, taken6)
    claim += struct.pack("!BB", 2, 1) + own
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
        s.bind((device, 0))
        s.send(b"\xff" * 6 + own + struct.pack("!H", 0x0806) + arp)
        s.send(bytes.fromhex("333300000001") + own + struct.pack("!H", 0x86DD)
               + ip6("fe80::bad", "ff02::1", 58, 255, claim, 2))
        s.send(b"\xff" * 6 + own + struct.pack("!HHH", 0x8100, 7, 0x0806) + arp)


def packets():
    """The packet sockets of this network namespace."""
    with open("/proc/self/net/packet") as f:
        print(f.read(), end="")


if __name__ == "__main__":
    globals()[sys.argv[1].replace("-", "_")](*sys.argv[2:])
