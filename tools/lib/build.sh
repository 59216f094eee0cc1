# shellcheck shell=bash
# Builds the solution, and publishes the programs as native code into out/.

# program → project. A project whose Program.cs is missing is not published.
PROGRAMS=(
	'weft src/Weft.Cli/Weft.Cli.csproj'
	'weft-agent src/Weft.Agent/Weft.Agent.csproj'
	'weft-cni src/Weft.Cni/Weft.Cni.csproj'
	'weft-operator src/Weft.Operator/Weft.Operator.csproj'
)

HINT_BUILD="if NuGet could not be reached: is the machine online? otherwise the first 'error' line above says where to look"

# One hash over the names and contents of everything that the programs are made of.
inputs_hash() {
	(
		cd "$ROOT" || exit 1
		echo "$DOTNET_VERSION_FOUND"
		find src bpf Directory.Build.props Directory.Packages.props global.json \
			\( -name bin -o -name obj \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
	) | sha256sum | cut -d' ' -f1
}

build_solution() {
	step build "building everything (warnings are errors)" "$HINT_BUILD" \
		dotnet build "$ROOT/Weft.slnx" --nologo -v minimal -warnaserror
}

build_bench() {
	step build-bench "building the bench" "$HINT_BUILD" \
		dotnet build "$ROOT/bench/Weft.Bench/Weft.Bench.csproj" -c Release --nologo -v minimal -warnaserror
}

publish_program() {
	local program=$1 project=$2 staging="$OUT/publish/$1"
	rm -rf "$staging"
	dotnet publish "$ROOT/$project" -c Release -r linux-x64 -o "$staging" --nologo -v minimal || return 1
	# Moved, not copied: a running program keeps its old file, and out/ never holds half a program.
	find "$staging" -maxdepth 1 -type f ! -name '*.dbg' ! -name '*.pdb' ! -name '*.xml' ! -name '*.json' ! -name "$program" -exec mv -t "$OUT" {} +
	mv "$staging/$program" "$OUT/$program"
}

# Publishes when the inputs changed since the last time.
publish() {
	local hash entry program project
	hash=$(inputs_hash)
	if [[ -f $OUT/.published && $(<"$OUT/.published") == "$hash" ]]; then
		return
	fi
	mkdir -p "$OUT"
	rm -f "$OUT/.published"
	for entry in "${PROGRAMS[@]}"; do
		program=${entry%% *} project=${entry##* }
		step "publish-$program" "publishing out/$program (native; about a minute when it changed)" "$HINT_BUILD" \
			publish_program "$program" "$project"
	done
	echo "$hash" >"$OUT/.published"
}
