/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Runs a classic BPF program, which is what libpcap makes of a filter expression for Ethernet, on a
 * packet of which a tracer has the address only. Semantics: net/core/filter.c and the BPF paper; a
 * load beyond the bytes that there are refuses the packet. Where a packet has no Ethernet header,
 * or none yet, its type is there to be asked for, its addresses are not.
 */
#ifndef WEFT_CBPF_H
#define WEFT_CBPF_H

#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <weft/abi_hops.h>
#include <weft/skb.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, WEFT_HOP_CODE);
	__type(key, __u32);
	__type(value, struct weft_hop_code);
} weft_hop_code SEC(".maps");

struct weft_cbpf {
	struct weft_linear linear;
	__u32 offset; /* of the Ethernet header in the linear part */
	__u16 type;   /* what that says of the packet; 0: it is there to be read */
	bool has_link;
	__u32 len; /* of the packet, also of what is not in the linear part */
	__u32 pc;
	__u32 a;
	__u32 x;
	__u32 mem[BPF_MEMWORDS];
	bool done;
	bool accepted;
};

static __always_inline bool weft_cbpf_load(struct weft_cbpf *vm, __u32 size, __u32 at, __u32 *to)
{
	__u32 word = 0;
	__u16 half = 0;
	__u8 byte = 0;

	if (at > 0xffff || (at < ETH_HLEN - 2 && !vm->has_link))
		return false;
	if (at == ETH_HLEN - 2 && size == BPF_H && vm->type) {
		*to = vm->type;
		return true;
	}
	at += vm->offset;
	switch (size) {
	case BPF_W:
		if (!weft_linear_read(&vm->linear, at, &word, sizeof(word)))
			return false;
		*to = bpf_ntohl(word);
		return true;
	case BPF_H:
		if (!weft_linear_read(&vm->linear, at, &half, sizeof(half)))
			return false;
		*to = bpf_ntohs(half);
		return true;
	default:
		if (!weft_linear_read(&vm->linear, at, &byte, sizeof(byte)))
			return false;
		*to = byte;
		return true;
	}
}

static __always_inline bool weft_cbpf_alu(struct weft_cbpf *vm, __u16 code, __u32 operand)
{
	switch (BPF_OP(code)) {
	case BPF_ADD:
		vm->a += operand;
		return true;
	case BPF_SUB:
		vm->a -= operand;
		return true;
	case BPF_MUL:
		vm->a *= operand;
		return true;
	case BPF_DIV:
		if (!operand)
			return false;
		vm->a /= operand;
		return true;
	case BPF_MOD:
		if (!operand)
			return false;
		vm->a %= operand;
		return true;
	case BPF_AND:
		vm->a &= operand;
		return true;
	case BPF_OR:
		vm->a |= operand;
		return true;
	case BPF_XOR:
		vm->a ^= operand;
		return true;
	case BPF_LSH:
		vm->a = operand < 32 ? vm->a << operand : 0;
		return true;
	case BPF_RSH:
		vm->a = operand < 32 ? vm->a >> operand : 0;
		return true;
	case BPF_NEG:
		vm->a = -vm->a;
		return true;
	default:
		return false;
	}
}

static __always_inline bool weft_cbpf_jump(struct weft_cbpf *vm, const struct weft_hop_code *insn)
{
	__u32 operand = BPF_SRC(insn->code) == BPF_X ? vm->x : insn->k;
	bool taken;

	switch (BPF_OP(insn->code)) {
	case BPF_JA:
		vm->pc += insn->k;
		return true;
	case BPF_JEQ:
		taken = vm->a == operand;
		break;
	case BPF_JGT:
		taken = vm->a > operand;
		break;
	case BPF_JGE:
		taken = vm->a >= operand;
		break;
	case BPF_JSET:
		taken = vm->a & operand;
		break;
	default:
		return false;
	}
	vm->pc += taken ? insn->jt : insn->jf;
	return true;
}

/* BPF_LD and BPF_LDX but for the fields that only ldx msh has. */
static __always_inline bool weft_cbpf_ld(struct weft_cbpf *vm, const struct weft_hop_code *insn,
					 __u32 *to)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		*to = insn->k;
		return true;
	case BPF_LEN:
		*to = vm->len;
		return true;
	case BPF_MEM:
		*to = vm->mem[insn->k & (BPF_MEMWORDS - 1)];
		return true;
	case BPF_ABS:
		return weft_cbpf_load(vm, BPF_SIZE(insn->code), insn->k, to);
	case BPF_IND:
		return weft_cbpf_load(vm, BPF_SIZE(insn->code), vm->x + insn->k, to);
	case BPF_MSH:
		if (!weft_cbpf_load(vm, BPF_B, insn->k, to))
			return false;
		*to = (*to & 0xf) << 2;
		return true;
	default:
		return false;
	}
}

/*
 * One instruction; 1 ends the program. Global, so that the verifier looks at it once, with nothing
 * known of the machine, instead of following every program that there could be.
 */
__noinline int weft_cbpf_step(struct weft_cbpf *vm)
{
	const struct weft_hop_code *insn;
	bool goes_on = false;
	__u32 pc;

	if (!vm)
		return 1;
	pc = vm->pc;
	insn = bpf_map_lookup_elem(&weft_hop_code, &pc);
	if (!insn)
		return 1;
	vm->pc++;
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		goes_on = weft_cbpf_ld(vm, insn, &vm->a);
		break;
	case BPF_LDX:
		goes_on = weft_cbpf_ld(vm, insn, &vm->x);
		break;
	case BPF_ST:
		vm->mem[insn->k & (BPF_MEMWORDS - 1)] = vm->a;
		goes_on = true;
		break;
	case BPF_STX:
		vm->mem[insn->k & (BPF_MEMWORDS - 1)] = vm->x;
		goes_on = true;
		break;
	case BPF_ALU:
		goes_on = weft_cbpf_alu(vm, insn->code,
					BPF_SRC(insn->code) == BPF_X ? vm->x : insn->k);
		break;
	case BPF_JMP:
		goes_on = weft_cbpf_jump(vm, insn);
		break;
	case BPF_RET:
		vm->accepted = (BPF_RVAL(insn->code) == BPF_A ? vm->a : insn->k) != 0;
		break;
	case BPF_MISC:
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			vm->x = vm->a;
		else
			vm->a = vm->x;
		goes_on = true;
		break;
	}
	return goes_on ? 0 : 1;
}

static long weft_cbpf_next(__u32 index, struct weft_cbpf *vm)
{
	(void)index;
	return weft_cbpf_step(vm) ? 1 : 0;
}

/*
 * Whether the program in weft_hop_code accepts the packet whose Ethernet header ends at offset l3.
 * type: of a packet that need not have that header; else 0.
 */
static __noinline bool weft_cbpf_accepts(struct sk_buff *skb, __u32 l3, __be16 type)
{
	struct weft_cbpf vm = {};

	vm.linear = weft_linear_of(skb);
	vm.offset = l3 - ETH_HLEN;
	vm.type = bpf_ntohs(type);
	vm.has_link =
		!type || skb->mac_header + ETH_HLEN == l3 || skb->data - skb->head + ETH_HLEN == l3;
	vm.len = vm.linear.end + skb->data_len - vm.offset;
	bpf_loop(WEFT_HOP_CODE, weft_cbpf_next, &vm, 0);
	return vm.accepted;
}

#endif
