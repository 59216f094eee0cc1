/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Headers on the wire that linux/icmp.h and linux/if_arp.h declare too, but only together with
 * libc's sys/socket.h, which there is none of for this target. Names differ so that both can be
 * included.
 */
#ifndef WEFT_WIRE_H
#define WEFT_WIRE_H

#include <linux/if_ether.h>
#include <linux/types.h>

/* Address families of bpf_fib_lookup(): the kernel's AF_INET and AF_INET6. */
#define WEFT_AF_INET  2
#define WEFT_AF_INET6 10

/* RFC 792; the kernel's numbers. */
enum weft_icmp_type {
	WEFT_ICMP_ECHO_REPLY = 0,
	WEFT_ICMP_UNREACHABLE = 3,
	WEFT_ICMP_SOURCE_QUENCH = 4,
	WEFT_ICMP_REDIRECT = 5,
	WEFT_ICMP_ECHO = 8,
	WEFT_ICMP_TIME_EXCEEDED = 11,
	WEFT_ICMP_PARAMETER_PROBLEM = 12,
};

/* Codes of WEFT_ICMP_UNREACHABLE and WEFT_ICMP_TIME_EXCEEDED. */
#define WEFT_ICMP_NET_UNREACHABLE  0
#define WEFT_ICMP_PORT_UNREACHABLE 3
#define WEFT_ICMP_FRAG_NEEDED	   4
#define WEFT_ICMP_TTL		   0

struct weft_icmp {
	__u8 type;
	__u8 code;
	__sum16 check;
	__be16 id;  /* of an echo; else unused */
	__be16 mtu; /* of WEFT_ICMP_FRAG_NEEDED, RFC 1191 section 4, and in ICMPv6 of _TOO_BIG (with
		       id 0); the sequence number of an echo */
};

/* RFC 4443 and RFC 4861; the kernel's numbers. Errors are those below _ECHO. */
enum weft_icmp6_type {
	WEFT_ICMP6_UNREACHABLE = 1,
	WEFT_ICMP6_TOO_BIG = 2,
	WEFT_ICMP6_TIME_EXCEEDED = 3,
	WEFT_ICMP6_PARAMETER_PROBLEM = 4,
	WEFT_ICMP6_ECHO = 128,
	WEFT_ICMP6_ECHO_REPLY = 129,
	WEFT_ICMP6_ROUTER_SOLICITATION = 133,
	WEFT_ICMP6_NEIGHBOUR_SOLICITATION = 135,
	WEFT_ICMP6_NEIGHBOUR_ADVERTISEMENT = 136,
	WEFT_ICMP6_REDIRECT = 137,
};

#define WEFT_ICMP6_NO_ROUTE	    0
#define WEFT_ICMP6_PORT_UNREACHABLE 4

/* RFC 4861 sections 4.3 and 4.4, with the one option that matters: the sender's address. */
struct weft_nd {
	__u8 type;
	__u8 code;
	__sum16 check;
	__be32 flags;
	__be32 target[4];
	__u8 option;
	__u8 option_len; /* in units of 8 bytes */
	__u8 mac[ETH_ALEN];
};

#define WEFT_ND_FLAGS	   0x60000000 /* solicited, override */
#define WEFT_ND_TARGET_MAC 2
#define WEFT_ND_HOP_LIMIT  255

/* RFC 826 for Ethernet and IPv4, the frame's header included. */
struct weft_arp {
	struct ethhdr eth;
	__be16 hardware;
	__be16 protocol;
	__u8 mac_len;
	__u8 ip_len;
	__be16 op;
	__u8 sender_mac[ETH_ALEN];
	__be32 sender_ip;
	__u8 target_mac[ETH_ALEN];
	__be32 target_ip;
} __attribute__((packed));

#define WEFT_ARP_ETHERNET 1
#define WEFT_ARP_REQUEST  1
#define WEFT_ARP_REPLY	  2

#endif
