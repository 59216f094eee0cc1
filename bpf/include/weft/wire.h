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
#define WEFT_ICMP_FRAG_NEEDED 4
#define WEFT_ICMP_TTL	      0

struct weft_icmp {
	__u8 type;
	__u8 code;
	__sum16 check;
	__be16 id;  /* of an echo; else unused */
	__be16 mtu; /* of WEFT_ICMP_FRAG_NEEDED, RFC 1191 section 4; the sequence number of an echo
		     */
};

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
