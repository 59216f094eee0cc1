/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Writes one record a run, of the size that the packet's mark asks for. Every record begins with a
 * sequence number, and its last byte is the low byte of that.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#define MAX_RECORD 8192

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16384);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lost SEC(".maps");

struct record {
	__u64 sequence;
	__u8 rest[MAX_RECORD - 8];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct record);
} scratch SEC(".maps");

__u64 next;

SEC("tc")
int emit(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u32 size = skb->mark;
	struct record *record = bpf_map_lookup_elem(&scratch, &zero);
	__u64 *missed = bpf_map_lookup_elem(&lost, &zero);

	if (!record || !missed)
		return TC_ACT_SHOT;
	if (size < 8 || size > MAX_RECORD)
		return TC_ACT_SHOT;
	record->sequence = next++;
	if (size > 8)
		((__u8 *)record)[(size - 1) & (MAX_RECORD - 1)] = record->sequence;
	if (bpf_ringbuf_output(&ring, record, size, 0))
		(*missed)++;
	return TC_ACT_OK;
}

/* One record that is thrown away, between two that are not. */
SEC("tc")
int emit_and_discard(struct __sk_buff *skb)
{
	__u64 value = 1;
	__u64 *reserved;

	bpf_ringbuf_output(&ring, &value, sizeof(value), 0);
	reserved = bpf_ringbuf_reserve(&ring, 64, 0);
	if (reserved)
		bpf_ringbuf_discard(reserved, 0);
	value = 2;
	bpf_ringbuf_output(&ring, &value, sizeof(value), 0);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
