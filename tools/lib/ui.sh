# shellcheck shell=bash
# What ./run says: one line a step, live on a terminal, plain elsewhere; on failure the end of the step's log and what to do.

if [[ -t 1 && ${TERM:-dumb} != dumb ]]; then
	UI_TTY=1 UI_DIM=$'\e[2m' UI_RED=$'\e[31m' UI_GREEN=$'\e[32m' UI_OFF=$'\e[0m'
else
	UI_TTY='' UI_DIM='' UI_RED='' UI_GREEN='' UI_OFF=''
fi

say() {
	printf '%s\n' "$*"
}

# die MESSAGE [HINT]: ends ./run; the hint says what to do.
die() {
	printf '%sweft: %s%s\n' "$UI_RED" "$1" "$UI_OFF" >&2
	if [[ -n ${2:-} ]]; then
		printf '  %s\n' "$2" >&2
	fi
	exit 1
}

# Redraws the line of a running step until the step's process ends: a spinner, seconds, the log's last line.
ui_watch() {
	local pid=$1 title=$2 log=$3 frames='|/-+' i=0 last columns
	columns=$(tput cols 2>/dev/null || echo 80)
	while kill -0 "$pid" 2>/dev/null; do
		last=$(tail -c 400 "$log" 2>/dev/null | tr -d '\r\033' | tail -n 1)
		last="${title} ${SECONDS_OF_STEP:-0} s  ${last}"
		printf '\r\e[K%s %s' "${frames:i++%4:1}" "${last:0:columns-4}"
		sleep 0.2 # paces the drawing only; the end of the step is seen by wait below
		SECONDS_OF_STEP=$((SECONDS - UI_STARTED))
	done
	printf '\r\e[K'
}

# step NAME TITLE COMMAND…: runs the command with its output in out/log/NAME.log. Returns the command's status.
step_try() {
	local log="$OUT/log/$1.log" title=$2 pid status=0
	shift 2
	mkdir -p "$OUT/log"
	UI_STARTED=$SECONDS SECONDS_OF_STEP=0
	if [[ -n $UI_TTY ]]; then
		"$@" </dev/null >"$log" 2>&1 &
		pid=$!
		ui_watch "$pid" "$title" "$log"
		wait "$pid" || status=$?
	else
		say "==> $title"
		"$@" </dev/null >"$log" 2>&1 || status=$?
	fi
	if ((status == 0)); then
		say "${UI_GREEN}ok${UI_OFF}  $title ${UI_DIM}$((SECONDS - UI_STARTED)) s${UI_OFF}"
	fi
	return "$status"
}

# step NAME TITLE HINT COMMAND…: as step_try, but a failure ends ./run with the end of the log and the hint.
step() {
	local name=$1 title=$2 hint=$3
	shift 3
	if ! step_try "$name" "$title" "$@"; then
		printf '%s\n' "${UI_DIM}--- the end of $OUT/log/$name.log ---${UI_OFF}" >&2
		tail -n 25 "$OUT/log/$name.log" >&2
		die "failed: $title (full log: $OUT/log/$name.log)" "$hint"
	fi
}
