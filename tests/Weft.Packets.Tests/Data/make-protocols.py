#!/usr/bin/env python3
"""Makes protocols.txt: a packet a line, its name and its bytes. Needs scapy (Debian: python3-scapy); the tests need only the result."""
import struct
import sys

from scapy.all import (DNS, DNSQR, DNSRR, BOOTP, DHCP, ESP, GRE, IP, IPv6, NTP, TCP, UDP, Dot1AD, Dot1Q, Ether, ICMP, Raw, raw)
from scapy.contrib.geneve import GENEVE
from scapy.contrib.igmp import IGMP
from scapy.contrib.igmpv3 import IGMPv3, IGMPv3gr, IGMPv3mr
from scapy.layers.dhcp6 import DHCP6_Solicit, DHCP6OptClientId, DHCP6OptElapsedTime, DUID_LL
from scapy.layers.dns import DNSRRSRV
from scapy.layers.inet6 import ICMPv6MLQuery, ICMPv6MLReport, ICMPv6ND_NS
from scapy.layers.ipsec import AH
from scapy.layers.vxlan import VXLAN

ETHER = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
A, B = "10.0.1.180", "10.0.0.23"
IP4 = ETHER / IP(src=A, dst=B)
IP6 = ETHER / IPv6(src="fd00:10::1", dst="fd00:10::2")


def vector(size, data):
    return len(data).to_bytes(size, "big") + data


def extension(number, data):
    return struct.pack("!H", number) + vector(2, data)


def client_hello():
    name = b"www.example.com"
    extensions = (extension(0, vector(2, b"\0" + vector(2, name))) + extension(16, vector(2, vector(1, b"h2") + vector(1, b"http/1.1")))
                  + extension(43, vector(1, b"\x0a\x0a\x03\x04\x03\x03")))
    body = b"\x03\x03" + bytes(range(32)) + vector(1, bytes(32)) + vector(2, b"\x13\x01\x13\x02\xc0\x2b") + vector(1, b"\0") + vector(2, extensions)
    return b"\x16\x03\x01" + vector(2, b"\x01" + vector(3, body))


def server_hello():
    body = b"\x03\x03" + bytes(range(32)) + vector(1, bytes(32)) + b"\x13\x01\0" + vector(2, extension(43, b"\x03\x04"))
    return b"\x16\x03\x03" + vector(2, b"\x02" + vector(3, body))


def quic(first, version):
    return bytes([first]) + struct.pack("!I", version) + vector(1, bytes.fromhex("8394c8f03e515708")) + vector(1, bytes.fromhex("c0ffee")) + b"\0" + b"\x44\x9e" + bytes(1180)


TCP1 = TCP(sport=40000, dport=80, seq=1, ack=1, flags="PA")
ANSWER = DNS(id=7, qr=1, rd=1, ra=1, qd=DNSQR(qname="www.example.com"), an=DNSRR(rrname="www.example.com", type="CNAME", ttl=60, rdata="web.example.com") /
             DNSRR(rrname="web.example.com", type="A", ttl=30, rdata="192.0.2.7"))
PACKETS = {
    "dns query": IP4 / UDP(sport=40000, dport=53) / DNS(id=7, rd=1, qd=DNSQR(qname="www.example.com", qtype="AAAA")),
    "dns answer": IP4 / UDP(sport=53, dport=40000) / ANSWER,
    "dns nxdomain": IP4 / UDP(sport=53, dport=40000) / DNS(id=8, qr=1, rcode=3, qd=DNSQR(qname="no.example.com")),
    "dns srv": IP4 / UDP(sport=53, dport=40000) / DNS(id=9, qr=1, qd=DNSQR(qname="_http._tcp.web", qtype="SRV"),
                                                     an=DNSRRSRV(rrname="_http._tcp.web", type="SRV", port=8080, priority=1, weight=2, target="w.web")),
    "dns over tcp": IP4 / TCP(sport=40000, dport=53, flags="PA") / Raw(vector(2, raw(DNS(id=10, qd=DNSQR(qname="tcp.example.com"))))),
    "mdns": ETHER / IP(src=A, dst="224.0.0.251") / UDP(sport=5353, dport=5353) / DNS(id=0, qd=DNSQR(qname="printer.local", qtype="PTR")),
    "dhcp discover": ETHER / IP(src="0.0.0.0", dst="255.255.255.255") / UDP(sport=68, dport=67) / BOOTP(xid=0x1234, chaddr=bytes.fromhex("020000000001")) /
    DHCP(options=[("message-type", "discover"), ("requested_addr", "10.0.1.9"), ("hostname", "pod"), "end"]),
    "dhcp ack": ETHER / IP(src=B, dst="10.0.1.9") / UDP(sport=67, dport=68) / BOOTP(op=2, xid=0x1234, yiaddr="10.0.1.9", chaddr=bytes.fromhex("020000000001")) /
    DHCP(options=[("message-type", "ack"), ("server_id", B), ("lease_time", 3600), "end"]),
    "dhcpv6 solicit": ETHER / IPv6(src="fe80::1", dst="ff02::1:2") / UDP(sport=546, dport=547) / DHCP6_Solicit(trid=0xabcdef) /
    DHCP6OptClientId(duid=DUID_LL(lladdr="02:00:00:00:00:01")) / DHCP6OptElapsedTime(elapsedtime=1),
    "ntp client": IP4 / UDP(sport=123, dport=123) / NTP(version=4, mode=3, stratum=0),
    "ntp server": IP4 / UDP(sport=123, dport=123) / NTP(version=4, mode=4, stratum=2),
    "http request": IP4 / TCP1 / Raw(b"GET /index.html?a=b HTTP/1.1\r\nUser-Agent: x\r\nHost: www.example.com\r\n\r\n"),
    "http response": IP4 / TCP(sport=80, dport=40000, seq=1, ack=1, flags="PA") / Raw(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
    "tls client hello": IP4 / TCP(sport=40000, dport=443, seq=1, ack=1, flags="PA") / Raw(client_hello()),
    "tls server hello": IP4 / TCP(sport=443, dport=40000, seq=1, ack=1, flags="PA") / Raw(server_hello()),
    "quic initial": IP4 / UDP(sport=40000, dport=443) / Raw(quic(0xc3, 1)),
    "quic handshake v2": IP4 / UDP(sport=40000, dport=443) / Raw(quic(0xf3, 0x6b3343cf)),
    "igmp query": ETHER / IP(src=A, dst="224.0.0.1", ttl=1) / IGMP(type=0x11, mrcode=20, gaddr="0.0.0.0"),
    "igmp report": ETHER / IP(src=A, dst="239.1.2.3", ttl=1) / IGMP(type=0x16, gaddr="239.1.2.3"),
    "igmp v3 report": ETHER / IP(src=A, dst="224.0.0.22", ttl=1) / IGMPv3(type=0x22) / IGMPv3mr(numgrp=1, records=[IGMPv3gr(rtype=4, maddr="239.1.2.3")]),
    "mld report": ETHER / IPv6(src="fe80::1", dst="ff02::1:3", hlim=1) / ICMPv6MLReport(mladdr="ff02::1:3"),
    "mld query": ETHER / IPv6(src="fe80::1", dst="ff02::1", hlim=1) / ICMPv6MLQuery(mladdr="ff02::fb"),
    "neighbour solicitation": IP6 / ICMPv6ND_NS(tgt="fd00:10::2"),
    "gre": IP4 / GRE(key_present=1, key=77, seqnum_present=1, seqence_number=5) / IP(src="172.16.0.1", dst="172.16.0.2") / UDP(sport=1000, dport=2000) / Raw(b"x"),
    "gre ethernet": IP4 / GRE(proto=0x6558) / Ether(src="02:00:00:00:00:03", dst="02:00:00:00:00:04") / IP(src="172.16.0.1", dst="172.16.0.2") / ICMP(id=5, seq=6),
    "ipip": IP4 / IP(src="172.16.0.1", dst="172.16.0.2") / TCP(sport=1000, dport=2000, flags="S"),
    "6in4": IP4 / IPv6(src="fd00:20::1", dst="fd00:20::2") / UDP(sport=1000, dport=2000) / Raw(b"x"),
    "geneve": IP4 / UDP(sport=50000, dport=6081) / GENEVE(vni=4711, proto=0x6558) / Ether(src="02:00:00:00:00:03", dst="02:00:00:00:00:04") /
    IP(src="172.16.0.1", dst="172.16.0.2") / UDP(sport=1000, dport=2000) / Raw(b"x"),
    "vxlan": IP4 / UDP(sport=50000, dport=4789) / VXLAN(vni=4711, flags=8) / Ether(src="02:00:00:00:00:03", dst="02:00:00:00:00:04") /
    IP(src="172.16.0.1", dst="172.16.0.2") / UDP(sport=1000, dport=53) / DNS(id=11, qd=DNSQR(qname="in.tunnel")),
    "esp": IP4 / ESP(spi=0xdeadbeef, seq=12, data=bytes(32)),
    "ah": IP4 / AH(nh=17, payloadlen=4, spi=0x1234, seq=13, icv=bytes(12)) / UDP(sport=1000, dport=2000) / Raw(b"x"),
    "vlan": ETHER / Dot1Q(vlan=7, prio=3) / IP(src=A, dst=B) / UDP(sport=1000, dport=2000) / Raw(b"x"),
    "qinq": ETHER / Dot1AD(vlan=100) / Dot1Q(vlan=7) / IP(src=A, dst=B) / UDP(sport=1000, dport=2000) / Raw(b"x"),
}

for name, packet in PACKETS.items():
    sys.stdout.write(f"{name}\t{raw(packet).hex()}\n")
