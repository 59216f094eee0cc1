# shellcheck shell=bash
# What ./run needs from the machine, each checked first; only what is missing is installed, with apt, without a question.

# check → Debian package. A check is a list of commands or absolute path patterns, one of which must be there.
# shellcheck disable=SC2034 # read by name, in prerequisites
PREREQUISITES_BUILD=(
	'clang-14|clang clang'
	'llvm-strip-14|llvm-strip llvm'
	'clang-format clang-format'
	'bpftool bpftool'
	'/usr/include/bpf/bpf_helpers.h libbpf-dev'
	'/usr/lib/*/libbpf.so.1 libbpf1'
	'/usr/include/*/asm/types.h linux-libc-dev'
	'/usr/lib/*/libz.so zlib1g-dev'
)
# shellcheck disable=SC2034 # as above
PREREQUISITES_LAB=(
	'ip iproute2'
	'ping iputils-ping'
	'traceroute traceroute'
	'tcpdump tcpdump'
	'ethtool ethtool'
	'conntrack conntrack'
	'iperf3 iperf3'
	'nc.openbsd netcat-openbsd'
	'/usr/bin/kill procps'
	'python3 python3'
	'setpriv util-linux'
	'strace strace'
	'iptables iptables'
	'nft nftables'
	'/usr/lib/cni/portmap containernetworking-plugins'
	'nft nftables'
	'tshark tshark'
)
# shellcheck disable=SC2034 # as above
PREREQUISITES_ETCD=(
	'etcd etcd-server'
	'etcdctl etcd-client'
)
# shellcheck disable=SC2034 # as above
PREREQUISITES_RUNTIMES=(
	'containerd containerd'
	'runc runc'
	'podman podman'
	'conmon conmon'
	'/usr/lib/cni/portmap containernetworking-plugins'
	'iptables iptables'
	'busybox busybox-static'
)
# shellcheck disable=SC2034 # as above
PREREQUISITES_BENCH=(
	'nft nftables'
)
# shellcheck disable=SC2034 # as above
PREREQUISITES_KERNELS=(
	'qemu-system-x86_64 qemu-system-x86'
	'busybox busybox-static'
	'cpio cpio'
	'modprobe kmod'
	'xz xz-utils'
)
# shellcheck disable=SC2034 # as above
PREREQUISITES_CHECK=(
	'shellcheck shellcheck'
)

# Some tools live in sbin, which a plain user's PATH lacks.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

prerequisite_present() {
	local alternative
	local -a alternatives
	IFS='|' read -ra alternatives <<<"$1"
	for alternative in "${alternatives[@]}"; do
		if [[ $alternative == /* ]]; then
			compgen -G "$alternative" >/dev/null && return 0
		else
			command -v "$alternative" >/dev/null && return 0
		fi
	done
	return 1
}

# apt's list lock knows no timeout of its own, so a busy lock is retried until the deadline.
apt_get() {
	local deadline=$((SECONDS + 300)) output status
	while true; do
		status=0
		output=$(DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" 2>&1) || status=$?
		printf '%s\n' "$output"
		if ((status == 0 || SECONDS >= deadline)) || [[ $output != *'Could not get lock'* ]]; then
			return "$status"
		fi
		echo "waiting for another apt to finish"
		sleep 2
	done
}

# Packages with daemons would start them, where systemd runs; invoke-rc.d and systemd ask this file first (policy-rc.d(8)).
apt_install() {
	local policy=/usr/sbin/policy-rc.d status=0
	apt_get update || return
	if [[ -e $policy ]]; then
		policy=''
	else
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod 755 "$policy"
	fi
	apt_get install -y --no-install-recommends "$@" || status=$?
	[[ -z $policy ]] || rm -f "$policy"
	return "$status"
}

# prerequisites ARRAY_NAME…: makes sure that everything in those tables is there.
prerequisites() {
	local table entry
	local -a missing=()
	for table in "$@"; do
		local -n entries=$table
		for entry in "${entries[@]}"; do
			prerequisite_present "${entry% *}" || missing+=("${entry##* }")
		done
	done
	if ((${#missing[@]} > 0)); then
		command -v apt-get >/dev/null ||
			die "missing: ${missing[*]}, and this is not a Debian machine (no apt-get)" "install these by your system's own means, then run this again"
		((EUID == 0)) ||
			die "missing Debian packages: ${missing[*]}" "run this as root once, or: sudo apt-get install ${missing[*]}"
		step apt "installing ${missing[*]}" "is the machine online? by hand: apt-get update && apt-get install ${missing[*]}" \
			apt_install "${missing[@]}"
		# Debian starts an etcd for the machine; labs and tests start their own.
		if [[ " ${missing[*]} " == *' etcd-server '* && -d /run/systemd/system ]]; then
			systemctl disable --now etcd.service >/dev/null 2>&1 || true
		fi
	fi
	prerequisite_dotnet
}

prerequisite_dotnet() {
	local root version
	for root in "${DOTNET_ROOT:-}" /usr/share/dotnet /usr/lib/dotnet "${HOME:-/root}/.dotnet"; do
		if ! command -v dotnet >/dev/null && [[ -n $root && -x $root/dotnet ]]; then
			export DOTNET_ROOT=$root PATH="$root:$PATH"
		fi
	done
	command -v dotnet >/dev/null ||
		die "no .NET SDK found (looked for dotnet in PATH, DOTNET_ROOT, /usr/share/dotnet, /usr/lib/dotnet, ~/.dotnet)" \
			"install the .NET 10 SDK: https://learn.microsoft.com/dotnet/core/install/linux-debian"
	version=$(cd "$ROOT" && dotnet --version 2>/dev/null) ||
		die "the .NET SDK here does not fit global.json (found: $(cd / && dotnet --list-sdks 2>/dev/null | tr '\n' ' '))" \
			"install the .NET 10 SDK: https://learn.microsoft.com/dotnet/core/install/linux-debian"
	export DOTNET_VERSION_FOUND=$version DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
	export DOTNET_CLI_HOME=${DOTNET_CLI_HOME:-${HOME:-/tmp}}
}

require_root() {
	((EUID == 0)) || die "$1 needs root: it makes network namespaces, devices and BPF programs" "run: sudo ./run $1"
}
