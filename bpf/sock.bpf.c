/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * weft_sock_*: services, translated once when a socket calls one instead of in each packet. At the
 * cgroup that holds pods and the node's processes.
 *
 * connect and sendmsg put a backend in place of the frontend, recvmsg and getpeername put the
 * frontend back; post_bind keeps the node's processes from NodePorts. Sockets of both families
 * share everything but the reading and writing of the context: an IPv4 address in an IPv6 socket is
 * v4-mapped, which is what maps have.
 *
 * weft_sock_nat (by socket and backend: the frontend) and weft_sock_flows (by unconnected UDP
 * socket and frontend: the backend) are written and read here; the agent reads the first to find
 * the sockets that had a backend which is gone. When one is full, the entry unused longest goes:
 * its socket sees the backend's address, or is balanced anew.
 */
#include <linux/bpf.h>
#include <linux/in.h>
#include <linux/errno.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <weft/addr.h>
#include <weft/config.h>
#include <weft/ipcache.h>
#include <weft/services.h>

#define WEFT_SOCK_ENTRIES 65536

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, WEFT_SOCK_ENTRIES);
	__type(key, struct weft_sock_nat_key);
	__type(value, struct weft_sock_nat_value);
} weft_sock_nat SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, WEFT_SOCK_ENTRIES);
	__type(key, struct weft_sock_nat_key);
	__type(value, __u32);
} weft_sock_flows SEC(".maps");

/* What the kernel expects of these programs; a refusal is EPERM unless weft_sock_fail() says
 * otherwise. */
enum weft_sock_verdict {
	WEFT_SOCK_REFUSE = 0,
	WEFT_SOCK_PASS = 1,
};

static __always_inline int weft_sock_fail(int error)
{
	if (weft_config.flags & WEFT_CONFIG_SET_RETVAL)
		bpf_set_retval(error);
	return WEFT_SOCK_REFUSE;
}

/* The low byte of IPPROTO_MPTCP is IPPROTO_TCP, so Multipath TCP finds its services too. */
static __always_inline void weft_sock_read4(const struct bpf_sock_addr *ctx,
					    struct weft_service_key *peer)
{
	weft_addr_set4(&peer->addr, ctx->user_ip4);
	peer->port = ctx->user_port;
	peer->proto = ctx->protocol;
}

static __always_inline void weft_sock_read6(const struct bpf_sock_addr *ctx,
					    struct weft_service_key *peer)
{
	peer->addr.word[0] = ctx->user_ip6[0];
	peer->addr.word[1] = ctx->user_ip6[1];
	peer->addr.word[2] = ctx->user_ip6[2];
	peer->addr.word[3] = ctx->user_ip6[3];
	peer->port = ctx->user_port;
	peer->proto = ctx->protocol;
}

static __always_inline void weft_sock_write4(struct bpf_sock_addr *ctx,
					     const struct weft_service_key *peer)
{
	ctx->user_ip4 = peer->addr.word[3];
	ctx->user_port = peer->port;
}

static __always_inline void weft_sock_write6(struct bpf_sock_addr *ctx,
					     const struct weft_service_key *peer)
{
	ctx->user_ip6[0] = peer->addr.word[0];
	ctx->user_ip6[1] = peer->addr.word[1];
	ctx->user_ip6[2] = peer->addr.word[2];
	ctx->user_ip6[3] = peer->addr.word[3];
	ctx->user_port = peer->port;
}

/* Without a context the helper tells of the initial namespace. */
static __always_inline bool weft_sock_is_node(__u64 netns_cookie)
{
	return netns_cookie ==
	       (weft_config.netns_cookie ? weft_config.netns_cookie : bpf_get_netns_cookie(NULL));
}

/* Addresses that mean "this machine", whichever network namespace says it: loopback and any. */
static __always_inline bool weft_sock_is_self(const struct weft_addr *addr)
{
	const __be32 *word = addr->word;

	if (weft_addr_is4(addr))
		return !word[3] || (word[3] & bpf_htonl(0xff000000)) == bpf_htonl(0x7f000000);
	return !word[0] && !word[1] && !word[2] && (!word[3] || word[3] == bpf_htonl(1));
}

static __always_inline bool weft_sock_is_node_addr(const struct weft_addr *addr)
{
	struct weft_ipcache_key key = {.prefix_len = WEFT_ADDR_BITS, .addr = *addr};
	struct weft_ipcache_value *value = bpf_map_lookup_elem(&weft_ipcache, &key);

	return value && (value->identity == WEFT_IDENTITY_HOST ||
			 value->identity == WEFT_IDENTITY_REMOTE_NODE);
}

/*
 * The service that peer is a frontend of, by its own address or as a NodePort; then peer_key is
 * what it was found by. A pod's loopback is the pod's own.
 */
static __always_inline struct weft_service *weft_sock_find(struct bpf_sock_addr *ctx,
							   const struct weft_service_key *peer,
							   struct weft_service_key *found_by)
{
	__u16 port = bpf_ntohs(peer->port);
	bool is_self = weft_sock_is_self(&peer->addr);
	struct weft_service *service;

	*found_by = *peer;
	service = is_self ? NULL : weft_service_find(peer);
	if (service)
		return service;
	if (port < weft_config.node_port_min || port > weft_config.node_port_max)
		return NULL;
	if (is_self ? !weft_sock_is_node(bpf_get_netns_cookie(ctx))
		    : !weft_sock_is_node_addr(&peer->addr))
		return NULL;
	*found_by = weft_service_node_port(peer);
	return weft_service_find(found_by);
}

static __always_inline struct weft_backend *weft_sock_pick(struct bpf_sock_addr *ctx,
							   const struct weft_service_key *key,
							   const struct weft_service *service,
							   __u32 *id)
{
	__u64 cookie = bpf_get_netns_cookie(ctx);
	struct weft_affinity_key client = {.by_cookie = 1};

	client.client.word[0] = cookie;
	client.client.word[1] = cookie >> 32;
	return weft_service_pick(key, service, WEFT_SERVICE_INTERNAL, &client, id);
}

/*
 * An unconnected UDP socket keeps the backend that its first datagram to a frontend went to, for as
 * long as the backend exists: what it sends may be a conversation. With affinity the service's
 * clients keep theirs anyway.
 */
static __always_inline struct weft_backend *weft_sock_pick_flow(struct bpf_sock_addr *ctx,
								const struct weft_service_key *peer,
								const struct weft_service_key *key,
								const struct weft_service *service)
{
	struct weft_sock_nat_key flow = {
		.cookie = bpf_get_socket_cookie(ctx),
		.addr = peer->addr,
		.port = peer->port,
	};
	struct weft_backend *backend;
	__u32 *known, id;

	if (service->affinity_timeout)
		return weft_sock_pick(ctx, key, service, &id);
	known = bpf_map_lookup_elem(&weft_sock_flows, &flow);
	backend = known ? weft_backend_find(*known) : NULL;
	if (backend)
		return backend;
	backend = weft_sock_pick(ctx, key, service, &id);
	if (backend)
		bpf_map_update_elem(&weft_sock_flows, &flow, &id, BPF_ANY);
	return backend;
}

/* An entry that is there already is left alone, which also keeps it from being the oldest. */
static __always_inline void weft_sock_remember(struct bpf_sock_addr *ctx,
					       const struct weft_backend *backend,
					       const struct weft_service_key *peer,
					       __u32 service_id)
{
	struct weft_sock_nat_key key = {
		.cookie = bpf_get_socket_cookie(ctx),
		.addr = backend->addr,
		.port = backend->port,
	};
	struct weft_sock_nat_value front = {
		.front_addr = peer->addr,
		.front_port = peer->port,
		.service_id = service_id,
	};
	struct weft_sock_nat_value *known = bpf_map_lookup_elem(&weft_sock_nat, &key);

	if (!known || known->front_port != front.front_port ||
	    !weft_addr_equal(&known->front_addr, &front.front_addr))
		bpf_map_update_elem(&weft_sock_nat, &key, &front, BPF_ANY);
}

enum weft_sock_call {
	WEFT_SOCK_CONNECT,
	WEFT_SOCK_SENDMSG,
};

/*
 * What a socket calls: if it is a service, peer becomes a backend of it. Returns a verdict;
 * translated tells whether peer has changed.
 */
static __always_inline int weft_sock_forward(struct bpf_sock_addr *ctx,
					     struct weft_service_key *peer,
					     enum weft_sock_call call, bool *translated)
{
	struct weft_service_key key;
	struct weft_service *service = weft_sock_find(ctx, peer, &key);
	struct weft_backend *backend;
	__u32 service_id, id;

	*translated = false;
	if (!service)
		return WEFT_SOCK_PASS;
	service_id = service->id;
	backend = call == WEFT_SOCK_CONNECT ? weft_sock_pick(ctx, &key, service, &id)
					    : weft_sock_pick_flow(ctx, peer, &key, service);
	if (!backend || weft_addr_is4(&backend->addr) != weft_addr_is4(&peer->addr))
		return weft_sock_fail(-ECONNREFUSED);
	weft_sock_remember(ctx, backend, peer, service_id);
	peer->addr = backend->addr;
	peer->port = backend->port;
	*translated = true;
	return WEFT_SOCK_PASS;
}

/* Who a socket hears from or is connected to: if it called a service, peer becomes the frontend. */
static __always_inline bool weft_sock_reverse(struct bpf_sock_addr *ctx,
					      struct weft_service_key *peer)
{
	struct weft_sock_nat_key key = {
		.cookie = bpf_get_socket_cookie(ctx),
		.addr = peer->addr,
		.port = peer->port,
	};
	struct weft_sock_nat_value *front = bpf_map_lookup_elem(&weft_sock_nat, &key);

	if (!front)
		return false;
	peer->addr = front->front_addr;
	peer->port = front->front_port;
	return true;
}

static __always_inline int weft_sock_call4(struct bpf_sock_addr *ctx, enum weft_sock_call call)
{
	struct weft_service_key peer = {};
	bool translated;
	int verdict;

	weft_sock_read4(ctx, &peer);
	verdict = weft_sock_forward(ctx, &peer, call, &translated);
	if (translated)
		weft_sock_write4(ctx, &peer);
	return verdict;
}

static __always_inline int weft_sock_call6(struct bpf_sock_addr *ctx, enum weft_sock_call call)
{
	struct weft_service_key peer = {};
	bool translated;
	int verdict;

	weft_sock_read6(ctx, &peer);
	verdict = weft_sock_forward(ctx, &peer, call, &translated);
	if (translated)
		weft_sock_write6(ctx, &peer);
	return verdict;
}

static __always_inline int weft_sock_hear4(struct bpf_sock_addr *ctx)
{
	struct weft_service_key peer = {};

	weft_sock_read4(ctx, &peer);
	if (weft_sock_reverse(ctx, &peer))
		weft_sock_write4(ctx, &peer);
	return WEFT_SOCK_PASS;
}

static __always_inline int weft_sock_hear6(struct bpf_sock_addr *ctx)
{
	struct weft_service_key peer = {};

	weft_sock_read6(ctx, &peer);
	if (weft_sock_reverse(ctx, &peer))
		weft_sock_write6(ctx, &peer);
	return WEFT_SOCK_PASS;
}

/*
 * What a process of the node binds must not be a NodePort: it would hear nothing on it. Pods may
 * bind what they like. An IPv6 socket on any address takes the port of IPv4 as well.
 */
static __always_inline int weft_sock_bound(struct bpf_sock *ctx, const struct weft_addr *addr)
{
	struct weft_service_key key = {
		.addr = *addr,
		.port = bpf_htons(ctx->src_port),
		.proto = ctx->protocol,
	};
	const __be32 *word = addr->word;
	bool is_any6 = !word[0] && !word[1] && !word[2] && !word[3];
	struct weft_service_key any = weft_service_node_port(&key);

	if (!weft_sock_is_node(bpf_get_netns_cookie(ctx)))
		return WEFT_SOCK_PASS;
	if (weft_service_find(&any))
		return weft_sock_fail(-EADDRINUSE);
	if (is_any6) {
		weft_addr_set4(&any.addr, 0);
		if (weft_service_find(&any))
			return weft_sock_fail(-EADDRINUSE);
	}
	return WEFT_SOCK_PASS;
}

SEC("cgroup/connect4")
int weft_sock_connect4(struct bpf_sock_addr *ctx)
{
	return weft_sock_call4(ctx, WEFT_SOCK_CONNECT);
}

SEC("cgroup/connect6")
int weft_sock_connect6(struct bpf_sock_addr *ctx)
{
	return weft_sock_call6(ctx, WEFT_SOCK_CONNECT);
}

SEC("cgroup/sendmsg4")
int weft_sock_sendmsg4(struct bpf_sock_addr *ctx)
{
	return weft_sock_call4(ctx, WEFT_SOCK_SENDMSG);
}

SEC("cgroup/sendmsg6")
int weft_sock_sendmsg6(struct bpf_sock_addr *ctx)
{
	return weft_sock_call6(ctx, WEFT_SOCK_SENDMSG);
}

SEC("cgroup/recvmsg4")
int weft_sock_recvmsg4(struct bpf_sock_addr *ctx)
{
	return weft_sock_hear4(ctx);
}

SEC("cgroup/recvmsg6")
int weft_sock_recvmsg6(struct bpf_sock_addr *ctx)
{
	return weft_sock_hear6(ctx);
}

SEC("cgroup/getpeername4")
int weft_sock_getpeername4(struct bpf_sock_addr *ctx)
{
	return weft_sock_hear4(ctx);
}

SEC("cgroup/getpeername6")
int weft_sock_getpeername6(struct bpf_sock_addr *ctx)
{
	return weft_sock_hear6(ctx);
}

SEC("cgroup/post_bind4")
int weft_sock_post_bind4(struct bpf_sock *ctx)
{
	struct weft_addr addr;

	weft_addr_set4(&addr, ctx->src_ip4);
	return weft_sock_bound(ctx, &addr);
}

SEC("cgroup/post_bind6")
int weft_sock_post_bind6(struct bpf_sock *ctx)
{
	struct weft_addr addr = {
		.word = {ctx->src_ip6[0], ctx->src_ip6[1], ctx->src_ip6[2], ctx->src_ip6[3]},
	};

	return weft_sock_bound(ctx, &addr);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
