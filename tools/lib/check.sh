# shellcheck shell=bash
# What a change must pass before its tests: format, warnings, architecture, generated documents.

check_format_c() {
	find "$ROOT/bpf" -name '*.[ch]' -print0 | xargs -0 -r clang-format --dry-run -Werror
}

check_format_shell() {
	(cd "$ROOT" && shellcheck -x run .ci/run tools/demo tools/kernels/run)
}

# The pages that the code makes: the tests that compare them, WEFT_UPDATE_GOLDEN=1 makes them write.
check_generated() {
	"$(test_binary Weft.Abi.Tests)" -noLogo -noColor -class '*.DropReasonsTests' &&
		"$(test_binary Weft.Api.Tests)" -noLogo -noColor -class '*.ApiReferenceTests' &&
		"$(test_binary Weft.Cli.Tests)" -noLogo -noColor -method '*.Reference_is_up_to_date' &&
		"$(test_binary Weft.Events.Tests)" -noLogo -noColor -class '*.ReferencePageTests'
}

run_check() {
	step format-c "checking the format of bpf/ (clang-format)" "to correct it: clang-format -i bpf/*.c bpf/include/weft/*.h" check_format_c
	step shellcheck "checking the shell scripts (shellcheck)" "each finding names a page that explains it" check_format_shell
	build_solution
	step architecture "checking the rules of the tree (tests/Architecture)" "each failure names the file and the rule" \
		"$(test_binary Architecture)" -noLogo -noColor
	step generated "comparing docs/reference with what the code makes" "to write them anew: WEFT_UPDATE_GOLDEN=1 ./run check" check_generated
}
