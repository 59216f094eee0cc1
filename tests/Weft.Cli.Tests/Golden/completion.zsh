#compdef weft
_weft() {
    local -a words_after
    words_after=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
    compadd -- "${words_after[@]}"
}
if [ "${funcstack[1]}" = "_weft" ]; then
    _weft "$@"
else
    compdef _weft weft
fi
