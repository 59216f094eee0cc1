# shellcheck shell=bash
# Runs the test programs one after the other, each within a bounded time, and adds up their own XML reports.

# Seconds a test program may take.
test_limit() {
	case $1 in
	EndToEnd | Weft.Cni.Tests) echo 900 ;;
	Datapath | Runtimes | Weft.Agent.Tests) echo 600 ;;
	*) echo 300 ;;
	esac
}

# The number that attribute $2 has on the <assembly> elements of report $1, summed; 0 without a report.
report_sum() {
	[[ -f $1 ]] || {
		echo 0
		return
	}
	awk -v name="$2" 'BEGIN { RS = "<" } $1 == "assembly" && match($0, " " name "=\"[0-9]+\"") {
		text = substr($0, RSTART, RLENGTH); gsub(/[^0-9]/, "", text); sum += text } END { print sum + 0 }' "$1"
}

# test_names FILTER…: the test projects whose name contains one of the words (all without words), quick ones first.
test_names() {
	local project name word
	for project in "$ROOT"/tests/*/*.csproj; do
		name=$(basename "$(dirname "$project")")
		[[ $name == Shared || $name == Kernels ]] && continue
		(($# == 0)) && echo "$name"
		for word in "$@"; do
			if [[ ${name,,} == *"${word,,}"* ]]; then
				echo "$name"
				break
			fi
		done
	done | sort -s -k1,1 | awk '{ print ($0 == "EndToEnd") + ($0 == "Runtimes"), $0 }' | sort -s -n -k1,1 | cut -d' ' -f2
}

test_binary() {
	local project
	project=$(compgen -G "$ROOT/tests/$1/*.csproj")
	echo "$ROOT/tests/$1/bin/Debug/net10.0/$(basename "$project" .csproj)"
}

# Runs one test program; adds to PASSED, FAILED, SKIPPED. A program that crashes, hangs or finds no test is one failure.
test_one() {
	local name=$1 report="$OUT/test/$1.xml" binary status=0 passed failed skipped
	shift
	binary=$(test_binary "$name")
	rm -f "$report"
	mkdir -p "$OUT/test"
	step_try "test-$name" "testing $name" timeout -k 15 "$(test_limit "$name")" "$binary" -noLogo -noColor -xml "$report" "$@" || status=$?
	passed=$(report_sum "$report" passed)
	failed=$(($(report_sum "$report" failed) + $(report_sum "$report" errors)))
	skipped=$(($(report_sum "$report" skipped) + $(report_sum "$report" not-run)))
	if ((failed == 0)); then
		if ((status == 124 || status == 137)); then
			failed=1
			say "$name did not end within $(test_limit "$name") s"
		elif ((status != 0)); then
			failed=1
			say "$name ended with exit code $status"
		elif ((passed + skipped == 0)) && (($# == 0)); then
			failed=1
			say "$name ran no test"
		fi
	fi
	if ((failed > 0)); then
		test_show_failures "$name"
	fi
	if ((skipped > 0)); then
		say "skipped $skipped of $name: $(test_skip_reasons "$report")"
	fi
	PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
}

# Why tests were skipped, each reason once.
test_skip_reasons() {
	grep -o '<reason><!\[CDATA\[[^]]*' "$1" | sed 's/.*CDATA\[//' | sort -u | paste -sd ';' -
}

test_show_failures() {
	local log="$OUT/log/test-$1.log"
	say "${UI_RED}failed${UI_OFF} $1 ($log)"
	if grep -q '\[FAIL\]' "$log"; then
		grep -A 12 '\[FAIL\]' "$log" | grep -v '^ *at System\.' | head -n 80
	else
		tail -n 25 "$log"
	fi
	say "again, alone: ./run test $1"
}

# The last line that ./run test prints; the status is 0 only if something ran and nothing failed.
test_summary() {
	if ((SKIPPED > 0)); then
		say "$PASSED passed, $FAILED failed, $SKIPPED skipped"
	else
		say "$PASSED passed, $FAILED failed"
	fi
	((FAILED == 0 && PASSED > 0))
}

# run_tests WORD… [-- OPTIONS of the test programs]
run_tests() {
	local name kernels=''
	local -a words=() options=() names
	while (($# > 0)); do
		case $1 in
		--kernels) kernels=1 ;;
		--)
			shift
			options=("$@")
			break
			;;
		-*) die "unknown option '$1' of test" "usage: ./run test [--kernels] [WORD…] [-- OPTIONS], where a WORD is part of a test project's name" ;;
		*) words+=("$1") ;;
		esac
		shift
	done
	mapfile -t names < <(test_names "${words[@]}")
	((${#names[@]} > 0)) || die "no test project has '${words[*]}' in its name" "they are the folders of tests/"
	PASSED=0 FAILED=0 SKIPPED=0
	export WEFT_REQUIRE_KERNEL=1 WEFT_OUT="$OUT"
	# Agents that a test kills would leave the runtime's debugger pipes in /tmp.
	export DOTNET_EnableDiagnostics=0
	for name in "${names[@]}"; do
		test_one "$name" "${options[@]}"
	done
	if [[ -n $kernels ]]; then
		run_kernel_tests
	fi
	test_summary
}

# The same datapath on Debian's older kernels under QEMU: tools/kernels/run prints 'N passed, N failed' as its last line.
run_kernel_tests() {
	local last status=0
	[[ -x $ROOT/tools/kernels/run ]] || die "there is no tools/kernels/run in this tree" "run ./run test without --kernels"
	step_try kernels "testing on other kernels under QEMU (minutes)" timeout -k 15 2700 "$ROOT/tools/kernels/run" --configuration Debug || status=$?
	last=$(tail -n 1 "$OUT/log/kernels.log")
	if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
		PASSED=$((PASSED + BASH_REMATCH[1])) FAILED=$((FAILED + BASH_REMATCH[2])) SKIPPED=$((SKIPPED + ${BASH_REMATCH[4]:-0}))
	fi
	if ((status != 0)) && ((${BASH_REMATCH[2]:-0} == 0)); then
		FAILED=$((FAILED + 1))
	fi
	if ((status != 0)); then
		tail -n 40 "$OUT/log/kernels.log"
	fi
}
